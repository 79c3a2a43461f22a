"""Named figures of a paper: a text holds ``{发现问题}``, and whoever compiles anew puts the present value there."""

import re
from collections.abc import Mapping

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


def fill_fields(text: str, fields: Mapping[str, str]) -> str:
    """The text with every known field replaced; an unknown one stays as it is."""
    return _FIELD.sub(lambda match: fields.get(match[1], match[0]) if match[1] else match[0][0], text)


def literal(text: str) -> str:
    """The text with its braces doubled: what a person typed is no field."""
    return text.replace("{", "{{").replace("}", "}}")


def _percent(value) -> str:
    return "—" if value is None else f"{value:.1f}%"
