"""Named figures of a paper: a text holds ``{发现问题}``, and whoever compiles anew puts the present value there."""

import re
from collections.abc import Iterable, Mapping

from core.near_names import near_names
from reports.documents.material import PeriodMaterial
from reports.domain.figures import FIGURES, RATE_WORDS
from reports.domain.summary import REDUCTIONS, SummaryTable
from reports.tables import EFFECT_UNITS

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}\s]{1,30})\}")


def period_fields(table: SummaryTable) -> dict[str, str]:
    """{name of a figure as its page shows it: its value as text}; — for a rate without a denominator.

    ``…问题`` is how many problems a class has; a class whose name gives that of a figure (发现) has none.
    """
    total = table.total.values
    fields = {f"{name}问题": str(number) for name, number in table.total.by_category.items()}
    fields |= {figure.label: str(total[key]) for key, figure in FIGURES.items() if not key.startswith("effect_")}
    fields |= {label: _percent(total[key]) for key, (label, _) in RATE_WORDS.items()}
    for kind in REDUCTIONS:
        label = FIGURES[f"effect_{kind}"].label
        fields[label] = f"{table.effects[kind]['saved']}{EFFECT_UNITS[kind]}"
    return fields


def named_fields(material: PeriodMaterial) -> dict[str, str]:
    """Everything a text of this period may name in braces: its figures, those by activity, and lists of names."""
    fields = period_fields(material.table)
    for line in material.activities:
        values = line.values
        fields |= {
            f"{line.label}次数": str(values["sessions"]),
            f"{line.label}人次": str(values["person_times"]),
            f"{line.label}事项": str(values["items"]),
        }
    late, rebounded = (
        "、".join(f"{name}{number}个" for name, number in units) for units in (material.late, material.rebounded)
    )
    return fields | {
        "未开展未报送单位数": str(len(material.silent)),
        "未达标单位数": str(len(material.short)),
        "未开展未报送单位名单": "、".join(material.silent) or "无",
        "未达标单位名单": "、".join(material.short) or "无",
        "逾期单位名单": late or "无",
        "反弹单位名单": rebounded or "无",
        "逾期报送单位数": str(len(material.sent_late)),
        "逾期报送单位名单": "、".join(material.sent_late) or "无",
        "体验事项名单": "、".join(material.items) or "无",
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


def fill_fields(text: str, fields: Mapping[str, str]) -> str:
    """The text with every known field replaced; an unknown one stays as it is."""
    return _FIELD.sub(lambda match: fields.get(match[1], match[0]) if match[1] else match[0][0], text)


def literal(text: str) -> str:
    """The text with its braces doubled: what a person typed is no field."""
    return text.replace("{", "{{").replace("}", "}}")


def _percent(value) -> str:
    return "—" if value is None else f"{value:.1f}%"
