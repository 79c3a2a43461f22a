"""Bringing in the tables an office keeps: for the commands and for the pages. Importing the same file twice changes
nothing."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import User
from campaigns.domain.own_tables import asked_words, read_fitted, theirs, under_their_names
from campaigns.enums import TableKind
from campaigns.models import Campaign
from core.bulk_insert import uncollected
from core.exceptions import Refused
from core.idempotency import body_digest
from core.imports import ImportResult, run_import
from core.staging import one_at_a_time
from core.tabular import CellError, Row, Shape, as_text
from ledgers.domain.batches import new_batch, note, write_ledger, write_walks
from ledgers.domain.cells import CellReader
from ledgers.domain.likely import likely_words
from ledgers.domain.lines import ledger_lines, walk_lines
from ledgers.domain.matching import KnownIssues, PlannedRow, plan, twice
from ledgers.domain.notes import in_words, kept_words, made_words
from ledgers.domain.reading import LedgerReader
from ledgers.domain.shapes import LEDGER, WALKS
from ledgers.domain.walk_matching import KnownWalks, PlannedWalk, plan_walks
from ledgers.domain.walk_reading import WalkReader
from ledgers.models import ImportBatch


@dataclass
class BatchResult(ImportResult):
    """``batch``: the id by which it can be taken back; None when nothing was written."""

    batch: str | None = None

    def as_dict(self) -> dict:
        return super().as_dict() | {"batch": self.batch}


class TableImport(ABC):
    """One table on its way into a campaign. ``plan`` reads and compares, ``write`` carries out; faults are on the rows.

    The actor None is the command: it sees every record of the campaign but covert walks. ``batch``: the id of what was
    written, None when nothing was to be done.
    """

    kind: TableKind
    shape: Shape
    reader: CellReader

    def __init__(
        self,
        campaign: Campaign,
        *,
        title: Sequence[str],
        actor: User | None,
        mapping: Mapping[str, str],
        create_missing: bool = False,
        make_alike: bool = False,
        now: datetime | None = None,
    ):
        self.campaign, self.actor, self.mapping = campaign, actor, dict(mapping)
        self.now = now or timezone.now()
        self.batch: str | None = None
        self.digest = ""
        self.asked: dict[str, Any] = {
            "title": title, "today": timezone.localdate(self.now), "theirs": theirs(mapping),
            "create_missing": create_missing, "make_alike": make_alike,
        }  # fmt: skip

    def plan(self, rows: list[Row]) -> list:
        """What becomes of each record of the table. Raises Refused for a campaign that is not issued."""
        if self.campaign.issued_at is None:
            raise Refused(f"{self.campaign.name}尚未印发，不能导入。请先印发活动。", rule="import.campaign")
        self.digest = body_digest({"rows": [[as_text(value) for value in row.cells.values()] for row in rows]})
        return self._plan(rows)

    def write(self, planned: list, result: ImportResult) -> None:
        """Side effects in order: items and accounts made; those of ``ledgers.domain.batches``; an audit entry that
        names the units and items made. Units are made while the table is read."""
        batch = new_batch(
            self.campaign, self.kind, result.file, mapping=self.mapping, digest=self.digest, actor=self.actor,
            now=self.now,
        )  # fmt: skip
        if self._write(planned, result, batch):
            self.batch = str(batch.pk)
            if made := self.reader.made():
                note(batch, self.actor, "ledger.made_missing", dict(made))

    @abstractmethod
    def _plan(self, rows: list[Row]) -> list: ...

    @abstractmethod
    def _write(self, planned: list, result: ImportResult, batch: ImportBatch) -> bool: ...

    @abstractmethod
    def notes(self, planned: list) -> list[str]:
        """What a person is to look at before confirming, in sentences."""

    @abstractmethod
    def lines(self, planned: list) -> tuple[list[dict], list[str]]:
        """(lines of the preview, what stands behind each unseen): see ``core.resources.Preview``."""


class LedgerImport(TableImport):
    """A ledger of issues (问题整改台账)."""

    kind, shape = TableKind.LEDGER, LEDGER

    def _plan(self, rows: list[Row]) -> list[PlannedRow]:
        self.reader = reader = LedgerReader(self.campaign, **self.asked)
        return plan(reader.read(rows), KnownIssues(self.campaign, self.actor))

    def _write(self, planned: list[PlannedRow], result: ImportResult, batch: ImportBatch) -> bool:
        self.reader.items.save_new()
        return write_ledger(planned, result, batch=batch, actor=self.actor, now=self.now)

    def notes(self, planned: list[PlannedRow]) -> list[str]:
        same = [f"{in_words(rows)}的日期、单位和问题相同，按不同的问题读入。" for rows in twice(planned)]
        kept = kept_words((row.line.row.number, row.why) for row in planned)
        alike = likely_words(planned, self.campaign, self.actor)
        return [*kept, *same, *alike, *made_words(self.reader.made()), *self.reader.notes.sentences()]

    def lines(self, planned: list[PlannedRow]) -> tuple[list[dict], list[str]]:
        return ledger_lines(planned)


class WalkImport(TableImport):
    """A register of walks (走流程情况登记表), with the problems found."""

    kind, shape = TableKind.WALKS, WALKS

    def _plan(self, rows: list[Row]) -> list[PlannedWalk]:
        # Accounts are the system administrator's: on a page a walker nobody knows is a fault.
        people = self.asked["create_missing"] and self.actor is None
        self.reader = self.walk_reader = WalkReader(self.campaign, make_people=people, **self.asked)
        return plan_walks(self.walk_reader.read(rows), KnownWalks(self.campaign, self.actor))

    def _write(self, planned: list[PlannedWalk], result: ImportResult, batch: ImportBatch) -> bool:
        self.reader.items.save_new()
        self.walk_reader.walkers.save_new()
        return write_walks(planned, result, batch=batch, actor=self.actor, now=self.now)

    def notes(self, planned: list[PlannedWalk]) -> list[str]:
        kept = kept_words((row.line.number, row.why) for row in planned)
        return [*kept, *made_words(self.reader.made()), *self.reader.notes.sentences()]

    def lines(self, planned: list[PlannedWalk]) -> tuple[list[dict], list[str]]:
        return walk_lines(planned)


WORK: dict[str, type[TableImport]] = {TableKind.LEDGER: LedgerImport, TableKind.WALKS: WalkImport}


def import_ledger(**asked: Any) -> BatchResult:
    """Bring in a ledger; see ``import_table``."""
    return import_table(LedgerImport, **asked)


def import_walks(**asked: Any) -> BatchResult:
    """Bring in a register of walks; see ``import_table``."""
    return import_table(WalkImport, **asked)


@uncollected()
def import_table(
    kind: type[TableImport],
    *,
    campaign: Campaign,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    create_missing: bool = False,
    make_alike: bool = False,
    dry_run: bool = False,
    actor: User | None = None,
    now: datetime | None = None,
) -> BatchResult:
    """Bring in a table; all its rows or none. ``create_missing`` makes units, items and, disabled, accounts of walkers
    nobody knows, ``make_alike`` units too whose names are like those of existing ones.

    Side effects: those of ``TableImport.write``. A file that cannot be read, or whose columns have to be said first, is
    an error without a row.
    """
    try:
        found = read_fitted(path, kind.shape, kind.kind, campaign, mapping)
    except Refused as refused:
        return BatchResult(path.name, errors=[CellError(None, "", "", refused.message)])
    if found.asks:
        return BatchResult(path.name, errors=[CellError(None, "", "", words) for words in asked_words(found)])
    work = kind(
        campaign, title=found.table.title, actor=actor, mapping=found.mapping, create_missing=create_missing,
        make_alike=make_alike, now=now,
    )  # fmt: skip
    notes: list[str] = []

    def stage(rows: list[Row]) -> list:
        one_at_a_time()
        planned = work.plan(rows)
        notes.extend(work.notes(planned))
        return planned

    done = run_import(path=found.rows, shape=kind.shape, stage=stage, write=work.write, dry_run=dry_run)
    done.notes.extend(notes)
    done.errors = under_their_names(done.errors, found.mapping)
    return BatchResult(**vars(done), batch=None if dry_run else work.batch)
