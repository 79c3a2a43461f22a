"""What every import shares: its result, and writing all rows or none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.db.models import Model

from core.bulk_insert import many_rows
from core.exceptions import Refused
from core.tabular import CellError, Row, Shape, SheetTable, read_table


@dataclass
class ImportResult:
    """Counts in rows of the file. With errors nothing was written and the three counts are 0.

    ``notes``: sentences on what was read otherwise than the file may have meant.
    """

    file: str
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[CellError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def refused(cls, path: Path, why: Refused) -> "ImportResult":
        """The result of a file that could not be read at all."""
        return cls(path.name, errors=[CellError(None, "", "", why.message)])

    def count(self, outcome: str) -> None:
        """``outcome``: created, updated or unchanged."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def counts(self) -> dict[str, int]:
        return {"created": self.created, "updated": self.updated, "unchanged": self.unchanged}

    def as_dict(self) -> dict:
        errors = [error.as_dict() for error in self.errors]
        return {"file": self.file, "rows": self.rows, **self.counts(), "notes": self.notes, "errors": errors}


def run_import(
    *,
    path: Path | SheetTable,
    shape: Shape,
    stage: Callable[[list[Row]], list],
    write: Callable[[list, ImportResult], None],
    dry_run: bool = False,
    notes: Sequence[str] = (),
) -> ImportResult:
    """Read a table, check every row, then write all of them or none.

    ``path``: a file, or a table read before, for a caller that writes more in the same transaction: a file is never
    opened inside one. ``stage`` turns rows into whatever ``write`` needs and notes faults on the rows; ``write`` counts
    what it did. ``notes``: what ``stage`` adds to it is told of a table without faults (如原名称按现单位读入).
    With a fault, or as a ``dry_run``, everything is rolled back. What is wrong with the file as a whole (Refused by the
    reader or by ``stage``) becomes one error without a row.
    """
    if isinstance(path, SheetTable):
        table = path
    else:
        try:
            table = read_table(path, shape)
        except Refused as error:
            return ImportResult.refused(path, error)
    result = ImportResult(table.file, rows=len(table), notes=list(table.notes))
    with many_rows():
        return _carried_out(table.copied(), result, stage, write, dry_run=dry_run, notes=notes)


@transaction.atomic
def _carried_out(
    rows: list[Row],
    result: ImportResult,
    stage: Callable[[list[Row]], list],
    write: Callable[[list, ImportResult], None],
    *,
    dry_run: bool,
    notes: Sequence[str],
) -> ImportResult:
    try:
        staged = stage(rows)
    except Refused as error:
        transaction.set_rollback(True)
        result.errors.append(CellError(None, "", "", error.message))
        return result
    result.errors = sorted((error for row in rows for error in row.errors), key=lambda error: error.row or 0)
    if result.errors:
        transaction.set_rollback(True)
        return result
    result.notes.extend(notes)
    write(staged, result)
    if dry_run:
        transaction.set_rollback(True)
    return result


def update_changed_fields(record: Model, values: dict) -> list[str]:
    """Set ``values`` on a model instance; the names of those that really changed."""
    changed = [name for name, value in values.items() if getattr(record, name) != value]
    for name in changed:
        setattr(record, name, values[name])
    return changed
