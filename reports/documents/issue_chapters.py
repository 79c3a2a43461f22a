"""Chapters about problems, measures and effects that several papers have. Pure."""

from reports.documents.chapters import numbered, without_stop
from reports.documents.fields import is_field_name, literal
from reports.documents.material import PeriodMaterial
from reports.domain.figures import FIGURES
from reports.domain.summary import UNCLASSIFIED


def problems(material: PeriodMaterial) -> tuple[str, ...]:
    """How many problems were found, by class, and examples of each."""
    total = material.table.total.values
    if not total["issues_found"]:
        return ("本期体验未发现问题。" if total["sessions"] else "本期没有发现问题。",)
    told = [(category, f"主要有：{'；'.join(map(without_stop, texts))}。") for category, texts in _in_order(material)]
    if not is_classified(material):
        return ("共发现问题{发现问题}个，尚未分类。", *(examples for _, examples in told))
    opening = f"共发现问题{{发现问题}}个，其中：{by_class(material)}。"
    return (opening, *numbered(f"{literal(category)}。{examples}" for category, examples in told))


def is_classified(material: PeriodMaterial) -> bool:
    """Whether any problem has a class."""
    return any(number for name, number in material.table.total.by_category.items() if name != UNCLASSIFIED)


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
    total = material.table.total.values
    told = (
        "提出整改措施{整改措施}条；立行立改{立行立改}个，挂账{挂账}个；已销号{已销号}个，未到期{未到期}个，逾期{逾期}个；"
        f"整改率{{整改率}}，{_on_time(total)}。"
    )
    lines = [told if total["issues_found"] else "本期没有须整改的问题。"]
    labels = [FIGURES[f"effect_{kind}"].label for kind, effect in material.table.effects.items() if effect["saved"]]
    if labels:
        lines.append(f"通过整改，{'，'.join(f'{label}{{{label}}}' for label in labels)}。")
    return (*lines, *needs(material))


def _on_time(total: dict) -> str:
    """A rate of nothing is no figure: the sentence says why there is none."""
    return "没有到期的问题，不计按期率" if total["on_time_rate"] is None else "按期率{按期率}"


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
