"""Named figures of a paper: a text holds ``{发现问题}``, and whoever compiles anew puts the present value there."""

import re
from collections.abc import Iterable, Mapping

from campaigns.enums import ActivityKind
from core.near_names import near_names
from reports.documents.material import PeriodMaterial
from reports.domain.by_activity import COUNTS
from reports.domain.figures import FIGURES, RATE_WORDS
from reports.domain.summary import REDUCTIONS, UNCLASSIFIED, SummaryTable
from reports.tables import EFFECT_UNITS

# Before the name of a figure: what no walk found (来件, 督查).
OUTSIDE = "非体验"
NOTHING = dict.fromkeys(COUNTS, 0)
_AROUND = 8
_FIELD = re.compile(r"\{\{|\}\}|\{([^{}\s]{1,30})\}")


def period_fields(table: SummaryTable) -> dict[str, str]:
    """{name of a figure as its page shows it: its value as text}; 不计 for a rate without a denominator. Every figure
    and every class that an issued version of the rules has or had, 0 too.

    ``…问题`` is how many problems a class has; a class whose name gives that of a figure (发现) has none.
    """
    total = table.total.values
    by_category = table.total.by_category
    # A text or a template that names 未分类, or a class that was taken out of the rules, stays good when no problem of
    # the period has it.
    classes = {UNCLASSIFIED: 0, **dict.fromkeys(table.elsewhere, 0), **by_category}
    fields = {f"{name}问题": str(number) for name, number in classes.items()}
    fields |= {figure.label: str(total[key]) for key, figure in FIGURES.items() if not key.startswith("effect_")}
    fields |= {label: _percent(total[key]) for key, (label, _) in RATE_WORDS.items()}
    for kind in REDUCTIONS:
        label = FIGURES[f"effect_{kind}"].label
        fields[label] = f"{table.effects[kind]['saved']}{EFFECT_UNITS[kind]}"
    return fields


def named_fields(material: PeriodMaterial) -> dict[str, str]:
    """Everything a text of this period may name in braces: its figures, those by activity, and lists of names."""
    fields = period_fields(material.table)
    counted = {line.kind: line.values for line in material.activities}
    fields |= {f"{OUTSIDE}{FIGURES[key].label}": str(number) for key, number in material.outside.items()}
    for kind in ActivityKind:
        values = counted.get(kind, NOTHING)
        fields |= {
            f"{kind.label}次数": str(values["sessions"]),
            f"{kind.label}人次": str(values["person_times"]),
            f"{kind.label}事项": str(values["items"]),
            f"{kind.label}发现问题": str(values["issues_found"]),
            f"{kind.label}整改措施": str(values["measures"]),
            f"{kind.label}已销号": str(values["closed"]),
        }
    late, rebounded = (
        "、".join(f"{name}{number}个" for name, number in units) for units in (material.late, material.rebounded)
    )
    return (
        fields
        | _of_criticism(material)
        | {
            "未开展未报送单位数": str(len(material.silent)),
            "零报告单位数": str(len(material.explained)),
            "零报告单位名单": "、".join(material.explained) or "无",
            "零报告情况": material.zero_by_period or "无",
            "未达标单位数": str(len(material.short)),
            "未开展未报送单位名单": "、".join(material.silent) or "无",
            "未达标单位名单": "、".join(material.short) or "无",
            "逾期单位名单": late or "无",
            "反弹单位名单": rebounded or "无",
            "逾期报送单位数": str(len(material.sent_late)),
            "逾期报送单位名单": "、".join(material.sent_late) or "无",
            "体验事项名单": "、".join(material.items) or "无",
        }
    )


def _of_criticism(material: PeriodMaterial) -> dict[str, str]:
    """Of a paper that names who did not send; none for another, because it was not read there."""
    if material.unsent is None:
        return {}
    return {
        "被通报单位数": str(len(material.criticised)),
        "无故未开展单位数": str(len(material.unexplained)),
        "无故未开展单位名单": "、".join(material.unexplained) or "无",
        "逾期未报单位数": str(len(material.unsent)),
        "逾期未报单位名单": "、".join(material.unsent) or "无",
    }


def is_field_name(name: str) -> bool:
    """Whether a text can name it in braces: no spaces or braces, at most 30 characters."""
    return _FIELD.fullmatch(f"{{{name}}}") is not None


def unknown_fields(text: str, known: Iterable[str]) -> list[tuple[str, list[str]]]:
    """[(name in braces that is no field, near names)], each once, in the order of the text."""
    known = list(known)
    named = dict.fromkeys(match[1] for match in _FIELD.finditer(text) if match[1])
    return [(name, near_names(name, known)) for name in named if name not in known]


def without_fields(text: str) -> str:
    """The text with every field and doubled brace blank; what stands around them keeps its place."""
    return _FIELD.sub(lambda match: " " * len(match[0]), text)


def lone_braces(text: str) -> list[str]:
    """A few characters around the first brace of each line that is neither doubled nor part of a field."""
    found = ((line, re.search("[{}]", without_fields(line))) for line in text.split("\n"))
    return [line[max(0, match.start() - _AROUND) :][: 2 * _AROUND + 1].strip() for line, match in found if match]


def fill_fields(text: str, fields: Mapping[str, str]) -> str:
    """The text with every known field replaced; an unknown one stays as it is."""
    return _FIELD.sub(lambda match: fields.get(match[1], match[0]) if match[1] else match[0][0], text)


def literal(text: str) -> str:
    """The text with its braces doubled: what a person typed is no field."""
    return text.replace("{", "{{").replace("}", "}}")


def _percent(value) -> str:
    return "不计" if value is None else f"{value:.1f}%"
