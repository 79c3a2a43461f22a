"""Named figures of a paper: a text holds ``{发现问题}``, and whoever compiles anew puts the present value there."""

import re
from collections.abc import Mapping

from reports.domain.figures import FIGURES, RATE_WORDS
from reports.domain.summary import REDUCTIONS, SummaryTable
from reports.tables import EFFECT_UNITS

_FIELD = re.compile(r"\{([^{}\s]{1,30})\}")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?%?")
# Numbers that are no figure: days, numbers of documents and the numbers of a list.
_NO_FIGURE = re.compile(
    r"[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?|第[0-9]季度|第[0-9]{1,2}周)?|[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}[月日]"
    r"|〔[0-9]{4}〕[0-9]+号|12345|^[0-9]{1,2}[.．、]|（[0-9]{1,2}）",
    re.MULTILINE,
)


def period_fields(table: SummaryTable) -> dict[str, str]:
    """{name of a figure as its page shows it: its value as text}; — for a rate without a denominator."""
    total = table.total.values
    fields = {figure.label: str(total[key]) for key, figure in FIGURES.items() if not key.startswith("effect_")}
    fields |= {label: _percent(total[key]) for key, (label, _) in RATE_WORDS.items()}
    for kind in REDUCTIONS:
        label = FIGURES[f"effect_{kind}"].label
        fields[label] = f"{table.effects[kind]['saved']}{EFFECT_UNITS[kind]}"
    return fields | {f"{name}问题": str(number) for name, number in table.total.by_category.items()}


def fill_fields(text: str, fields: Mapping[str, str]) -> str:
    """The text with every known field replaced; an unknown one stays as it is (see ``unknown_fields``)."""
    return _FIELD.sub(lambda match: fields.get(match[1], match[0]), text)


def unknown_fields(text: str, fields: Mapping[str, str]) -> list[str]:
    """Names in braces that are no field, in the order they stand."""
    return [name for name in _FIELD.findall(text) if name not in fields]


def typed_numbers(text: str, fields: Mapping[str, str]) -> list[str]:
    """Numbers typed into the text that equal no field: nobody corrects them when the figures change."""
    known = set(fields.values()) | {re.sub(r"\D+$", "", value) for value in fields.values()}
    plain = _NO_FIGURE.sub(" ", _FIELD.sub(" ", text))
    return [number for number in _NUMBER.findall(plain) if number not in known]


def _percent(value) -> str:
    return "—" if value is None else f"{value:.1f}%"
