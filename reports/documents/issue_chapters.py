"""Chapters about problems, measures and effects that several papers have. Pure."""

from reports.documents.chapters import numbered, without_stop
from reports.documents.fields import is_field_name, literal
from reports.documents.material import PeriodMaterial
from reports.domain.figures import FIGURES


def problems(material: PeriodMaterial) -> tuple[str, ...]:
    """How many problems were found, by class, and examples of each."""
    total = material.table.total.values
    if not total["issues_found"]:
        return ("本期体验未发现问题。" if total["sessions"] else "本期没有发现问题。",)
    lines = [f"共发现问题{{发现问题}}个，其中：{by_class(material)}。"]
    lines += numbered(
        f"{literal(category)}。主要有：{'；'.join(without_stop(text) for text in examples)}。"
        for category, examples in _in_order(material)
    )
    return tuple(lines)


def by_class(material: PeriodMaterial) -> str:
    """业务办理4个，政务服务4个, the classes that have any."""
    counted = material.table.total.by_category.items()
    return "，".join(f"{literal(name)}{_of_class(name, number)}个" for name, number in counted if number)


def _of_class(name: str, number: int) -> str:
    """The field of a class's problems; the number where the name of the class is none a field can have."""
    return f"{{{name}问题}}" if is_field_name(f"{name}问题") else str(number)


def _in_order(material: PeriodMaterial) -> list[tuple[str, tuple[str, ...]]]:
    """Examples of the classes in the order in which the classes are counted."""
    examples = dict(material.problems)
    return [(name, examples[name]) for name in material.table.categories if name in examples]


def measures(material: PeriodMaterial) -> tuple[str, ...]:
    """What became of the problems, what was saved, and the needs heard."""
    told = (
        "提出整改措施{整改措施}条；立行立改{立行立改}个，挂账{挂账}个；已销号{已销号}个，未到期{未到期}个，逾期{逾期}个；"
        "整改率{整改率}，按期率{按期率}。"
    )
    lines = [told if material.table.total.values["issues_found"] else "本期没有须整改的问题。"]
    labels = [FIGURES[f"effect_{kind}"].label for kind, effect in material.table.effects.items() if effect["saved"]]
    if labels:
        lines.append(f"通过整改，{'，'.join(f'{label}{{{label}}}' for label in labels)}。")
    return (*lines, *needs(material))


def needs(material: PeriodMaterial) -> tuple[str, ...]:
    """How many needs were heard, and how many of them answered; no line without any."""
    total = material.table.total.values
    if not total["needs"]:
        return ()
    heard = "收集企业群众和单位需求{收集需求}条，"
    if not total["needs_waiting"]:
        return (f"{heard}均已回应。",)
    if not total["needs_replied"]:
        return (f"{heard}有关单位正在研究，尚未回应。",)
    return (f"{heard}已回应{{已回应需求}}条，其余{{待回应需求}}条有关单位正在研究。",)
