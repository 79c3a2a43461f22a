"""Tables under the headings of those who keep them: which of ours each column is, by its name or as somebody of the
office said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from accounts.models import Department, User
from campaigns.enums import TableKind
from campaigns.models import Campaign, HeadMapping
from core.exceptions import Refused
from core.idempotency import body_digest
from core.tabular import CellError, Shape, SheetTable, word_key
from core.tabular.fitting import fit, fitted
from core.tabular.own import OwnTable, read_own_table


@dataclass(frozen=True)
class FittedTable:
    """A table whose columns are known: rows under our names. ``asks``: why a person has to say which is which first."""

    table: OwnTable
    rows: SheetTable
    mapping: dict[str, str]
    asks: list[str]


def read_fitted(
    path: Path, shape: Shape, kind: TableKind, campaign: Campaign, said: Mapping[str, str] | None = None
) -> FittedTable:
    """The table of a file, fitted by its names, by what the campaign's office said of such a table before, or by what
    is ``said``. Raises Refused in words. Must not be called inside a transaction."""
    table = read_own_table(path, shape.known())
    return fitted_table(table, shape, said or remembered(campaign.office, kind, table))


def fitted_table(table: OwnTable, shape: Shape, said: Mapping[str, str]) -> FittedTable:
    """The table under our names. Raises Refused in words for a mapping that does not fit."""
    found = fit(table, shape, said)
    rows = SheetTable(fitted(table, shape, found.mapping), table.file, list(table.notes))
    return FittedTable(table, rows, found.mapping, found.asks)


def require_columns(found: FittedTable, shape: Shape) -> None:
    """Raise Refused in words while a column is missing that the table cannot be without."""
    missing = [column for column in shape.required if column not in found.mapping.values()]
    if missing:
        raise Refused(f"请指明哪一列是“{'”“'.join(missing)}”。", rule="mapping")


def theirs(mapping: Mapping[str, str]) -> dict[str, str]:
    """{our column: the name the table gives it}; of several the first."""
    return {ours: column for column, ours in reversed(list(mapping.items()))}


def under_their_names(errors: Sequence[CellError], mapping: Mapping[str, str]) -> list[CellError]:
    """The faults at the columns as the table calls them."""
    names = theirs(mapping)
    return [replace(error, column=names.get(error.column, error.column)) for error in errors]


def head_of(columns: list[str] | tuple[str, ...]) -> str:
    """Equal for two tables with the same names of columns in the same order."""
    return body_digest({"columns": [word_key(column) for column in columns]})


def remembered(office: Department, kind: TableKind, table: OwnTable) -> dict[str, str]:
    """What somebody of that office said of a table with these columns; empty when nobody did."""
    rows = HeadMapping.objects.filter(office=office, kind=kind, head=head_of(table.columns))
    return rows.values_list("mapping", flat=True).first() or {}


def remember(
    *, office: Department, kind: TableKind, columns: list[str], mapping: Mapping[str, str], actor: User, now: datetime
) -> None:
    """Keep what was said, in place of what was said of the same columns before."""
    HeadMapping.objects.update_or_create(
        office=office,
        kind=kind,
        head=head_of(columns),
        defaults={"mapping": dict(mapping), "said_by": actor, "said_at": now},
    )
