"""Tables under the headings of those who keep them: which of ours each column is, by its name or as somebody of the
office said before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from campaigns.domain.remembered_columns import remember, remembered
from campaigns.enums import TableKind
from campaigns.models import Campaign
from core.exceptions import Refused
from core.tabular import CellError, Shape, SheetTable
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


def asked_words(found: FittedTable) -> list[str]:
    """What the command line says while a person has to say which column is which, in sentences."""
    columns = f"表中的列：{'、'.join(found.table.columns)}。请用 --mapping 指明，或在页面上导入。"
    return [words + columns for words in found.asks]


def named_table(
    table: OwnTable, shape: Shape, said: Mapping[str, str], *, kind: TableKind, campaign: Campaign, actor: User
) -> FittedTable:
    """The table with its columns as a person named them (``said``: {their column: ours, "" for none}). Side effect: the
    campaign's office keeps it for the next table. Raises Refused in words while a column is missing that the table
    cannot be without."""
    found = fitted_table(table, shape, said)
    _require_columns(found, shape)
    columns, now = list(table.columns), timezone.now()
    remember(office=campaign.office, kind=kind, columns=columns, mapping=said, actor=actor, now=now)
    return found


def _require_columns(found: FittedTable, shape: Shape) -> None:
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
