"""Bringing in a ledger an office keeps: for the command and for the pages. Importing the same file twice changes
nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from accounts.models import Department, User
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from core.exceptions import Refused
from core.idempotency import body_digest
from core.imports import ImportResult, run_import
from core.staging import one_at_a_time
from core.tabular import CellError, Row, Shape, SheetTable, as_text
from core.tabular.fitting import fit, fitted
from core.tabular.own import OwnTable, read_own_table
from issues.domain.imported import as_told
from ledgers.domain.batches import new_batch, write_ledger
from ledgers.domain.mappings import known_names, remembered
from ledgers.domain.matching import UNCHANGED, UPDATED, KnownIssues, PlannedRow, plan, twice
from ledgers.domain.notes import joined
from ledgers.domain.reading import LedgerReader
from ledgers.domain.shapes import LEDGER
from ledgers.domain.shown import ShownIssues, differences, ids_in
from ledgers.enums import BatchKind


@dataclass
class BatchResult(ImportResult):
    """``batch``: the id by which it can be taken back; None when nothing was written."""

    batch: str | None = None

    def as_dict(self) -> dict:
        return super().as_dict() | {"batch": self.batch}


@dataclass(frozen=True)
class FittedTable:
    """A table whose columns are known: rows under our names. ``asks``: why a person has to say which is which first."""

    table: OwnTable
    rows: SheetTable
    mapping: dict[str, str]
    asks: list[str]


def read_fitted(
    path: Path, shape: Shape, kind: BatchKind, campaign: Campaign, said: Mapping[str, str] | None = None
) -> FittedTable:
    """The table of a file, fitted by its names, by what the campaign's office said of such a table before, or by what
    is ``said``. Raises Refused in words. Must not be called inside a transaction."""
    table = read_own_table(path, known_names(shape))
    return fitted_table(table, shape, said or remembered(campaign.office, kind, table))


def fitted_table(table: OwnTable, shape: Shape, said: Mapping[str, str]) -> FittedTable:
    """The table under our names. Raises Refused in words for a mapping that does not fit."""
    found = fit(table, shape, said)
    rows = SheetTable(fitted(table, shape, found.mapping), table.file, list(table.notes))
    return FittedTable(table, rows, found.mapping, found.asks)


def theirs(mapping: Mapping[str, str]) -> dict[str, str]:
    """{our column: the name the table gives it}; of several the first."""
    return {ours: column for column, ours in reversed(list(mapping.items()))}


def under_their_names(errors: Sequence[CellError], mapping: Mapping[str, str]) -> list[CellError]:
    """The faults at the columns as the table calls them."""
    names = theirs(mapping)
    return [replace(error, column=names.get(error.column, error.column)) for error in errors]


def require_columns(found: FittedTable, shape: Shape) -> None:
    """Raise Refused in words while a column is missing that the table cannot be without."""
    missing = [column for column in shape.required if column not in found.mapping.values()]
    if missing:
        raise Refused(f"请指明哪一列是“{'”“'.join(missing)}”。", rule="mapping")


class LedgerImport:
    """One table on its way into a campaign. ``plan`` reads and compares, ``write`` carries out; faults are on the rows.

    The actor None is the command: it sees every issue of the campaign.
    """

    kind = BatchKind.LEDGER

    def __init__(
        self,
        campaign: Campaign,
        *,
        title: Sequence[str],
        actor: User | None,
        mapping: Mapping[str, str],
        create_missing: bool = False,
        now: datetime | None = None,
    ):
        self.campaign, self.title, self.actor, self.mapping = campaign, title, actor, dict(mapping)
        self.create_missing, self.now = create_missing, now or timezone.now()
        self.batch: str | None = None
        self.reader: LedgerReader | None = None

    def plan(self, rows: list[Row]) -> list[PlannedRow]:
        """What becomes of each issue of the table. Raises Refused for a campaign that is not issued."""
        if self.campaign.issued_at is None:
            raise Refused(f"{self.campaign.name}尚未印发，不能导入。请先印发活动。", rule="import.campaign")
        self.reader = LedgerReader(
            self.campaign, title=self.title, today=timezone.localdate(self.now), theirs=theirs(self.mapping),
            create_missing=self.create_missing,
        )  # fmt: skip
        self.digest = body_digest({"rows": [[as_text(value) for value in row.cells.values()] for row in rows]})
        return plan(self.reader.read(rows), KnownIssues(self.campaign, self.actor))

    def notes(self, planned: Sequence[PlannedRow]) -> list[str]:
        """What a person is to look at before confirming, in sentences."""
        same = [
            f"第 {'、'.join(map(str, rows))} 行的日期、单位和问题相同，按不同的问题读入。" for rows in twice(planned)
        ]
        kept = [f"第 {row.line.row.number} 行{row.why}。" for row in planned if row.why]
        return [*kept, *same, *(self.reader.notes.sentences() if self.reader else [])]

    def write(self, planned: list[PlannedRow], result: ImportResult) -> None:
        """Side effects in order: items made; those of ``write_ledger``."""
        if self.reader:
            self.reader.items.save_new()
        batch = new_batch(
            self.campaign, self.kind, result.file, mapping=self.mapping, digest=self.digest, actor=self.actor,
            now=self.now,
        )  # fmt: skip
        if write_ledger(planned, result, batch=batch, actor=self.actor, now=self.now):
            self.batch = str(batch.pk)


def import_ledger(
    *,
    campaign: Campaign,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    create_missing: bool = False,
    dry_run: bool = False,
    actor: User | None = None,
    now: datetime | None = None,
) -> BatchResult:
    """Bring in a ledger; all its rows or none. ``create_missing`` makes units and items nobody knows.

    Side effects: those of ``LedgerImport.write``. A file that cannot be read, or whose columns have to be said first,
    is an error without a row.
    """
    try:
        found = read_fitted(path, LEDGER, BatchKind.LEDGER, campaign, mapping)
    except Refused as refused:
        return BatchResult(path.name, errors=[CellError(None, "", "", refused.message)])
    if found.asks:
        columns = f"表中的列：{'、'.join(found.table.columns)}。请用 --mapping 指明，或在页面上导入。"
        return BatchResult(path.name, errors=[CellError(None, "", "", words + columns) for words in found.asks])
    work = LedgerImport(
        campaign, title=found.table.title, actor=actor, mapping=found.mapping, create_missing=create_missing, now=now
    )
    notes: list[str] = []

    def stage(rows: list[Row]) -> list[PlannedRow]:
        one_at_a_time()
        planned = work.plan(rows)
        notes.extend(work.notes(planned))
        return planned

    done = run_import(path=found.rows, shape=LEDGER, stage=stage, write=work.write, dry_run=dry_run)
    done.notes.extend(notes)
    done.errors = under_their_names(done.errors, found.mapping)
    return BatchResult(**vars(done), batch=None if dry_run else work.batch)


def preview_lines(planned: Sequence[PlannedRow]) -> tuple[list[dict], list[str]]:
    """(lines of the preview, what stands behind each unseen): see ``core.resources.Preview``. Four queries at most."""
    stored = as_told([row.standing.pk for row in planned if row.standing and row.outcome == UPDATED])
    units, items = ids_in(stored.values())
    shown = ShownIssues(
        dict(Department.objects.filter(pk__in=units).values_list("pk", "name")) if units else {},
        dict(ServiceItem.objects.filter(pk__in=items).values_list("pk", "name")) if items else {},
    )
    lines, marks = [], []
    for row in planned:
        cells: list[list[str]] = []
        if row.line.issue and row.outcome != UNCHANGED:
            before = shown.stored(stored[row.standing.pk]) if row.standing else {}
            cells = differences(before, shown.told(row.line.issue))
        name = joined(
            [row.standing.number if row.standing else row.line.original_number, row.line.description[:60]], " "
        )
        lines.append({"number": row.line.row.number, "outcome": row.outcome, "name": name, "cells": cells})
        marks.append(f"{row.standing.pk}:{row.standing.version}:{row.why}" if row.standing else "")
    return lines, marks
