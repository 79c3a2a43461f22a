"""A ledger that was exported, edited and comes back: previewed and carried out, for the page and for the command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from core import audit
from core.exceptions import NotAllowed, StaleVersion
from core.imports import ImportResult, run_import
from core.resources import Overtaken, Preview
from core.staging import one_at_a_time
from core.tabular import Row
from issues.domain import lifecycle
from issues.domain.ledger import acts_on_issues
from ledgers.domain.notes import joined
from ledgers.domain.returned.comparing import SHAPE
from ledgers.domain.returned.plan import ReturnedRow, ReturnPlan

WHAT = "修改后的台账"


@dataclass
class ReturnResult(ImportResult):
    """``asks``: what was not written and why, as ``ReturnedRow.asks`` with the row and the number of the issue."""

    asks: list[dict] = field(default_factory=list)

    def as_dict(self) -> dict:
        return super().as_dict() | {"asks": self.asks}


class ReturnWork:
    """One returned table, for the person who brings it back: what ``core.staging`` asks of it."""

    def __init__(self, rows: list[Row], params: Mapping, file: str, actor: User):
        self.rows, self.file, self.actor = rows, file, actor
        self.now = timezone.now()
        self.work = ReturnPlan(actor, timezone.localdate(self.now))
        self.is_written = False

    def preview(self) -> Preview:
        """What it would do now; nothing is written."""
        return self._look()[0]

    def carry_out(self, seen: str) -> Preview:
        """Write when the preview has the digest ``seen``; else, and with errors, nothing is written."""
        shown, planned = self._look()
        if not shown.errors and shown.digest == seen:
            self.write(planned, ImportResult(self.file, rows=len(self.rows)))
            self.is_written = True
        return shown

    def write(self, planned: list[ReturnedRow], result: ImportResult) -> None:
        """Side effects in order: those of ``lifecycle.perform`` for each action of each row; an audit entry. Raises
        Overtaken when one was worked on since it was compared. The caller holds the lock of imports."""
        for line in planned:
            result.count(line.outcome)
            source = f"导回台账“{self.file}”第 {line.row.number} 行"
            for action, data in line.acts.items():
                self._perform(line, action, data | {"source": source})
        if result.updated:
            detail = {"file": self.file, "rows": result.rows, "updated": result.updated}
            audit.record(
                actor=self.actor, action="ledger.returned", object_type="ledger", object_key=WHAT, detail=detail
            )

    def _perform(self, line: ReturnedRow, action: str, data: dict) -> None:
        if line.issue is None:
            raise ValueError(f"row {line.row.number} names no issue")
        try:
            lifecycle.perform(
                issue=line.issue, action=action, actor=self.actor, data=data, version=line.issue.version, now=self.now
            )
        except StaleVersion as stale:
            raise Overtaken(f"{line.issue.number} was worked on meanwhile") from stale

    def _look(self) -> tuple[Preview, list[ReturnedRow]]:
        planned = self.work.read(self.rows)
        errors = sorted((error for row in self.rows for error in row.errors), key=lambda error: error.row or 0)
        notes = self.work.notes.sentences()
        if errors:
            return Preview(errors=errors, notes=notes), planned
        return Preview(
            lines=[_shown(one) for one in planned], notes=notes, marks=[_mark(one) for one in planned]
        ), planned


def require_acting(user: User) -> None:
    """Raise NotAllowed for who acts on no issue."""
    if not acts_on_issues(user):
        raise NotAllowed("台账由办理问题的单位、牵头单位和统筹办导回，您没有此项权限。", rule="permission")


def bring_back(*, path: Path, actor: User, dry_run: bool = False) -> ReturnResult:
    """Bring an edited ledger back; all its rows or, with a fault, none. Side effects: those of ``ReturnWork.write``.

    Raises NotAllowed for who acts on no issue. Must not be called inside a transaction.
    """
    require_acting(actor)
    asks: list[dict] = []
    work = ReturnWork([], {}, path.name, actor)

    def stage(rows: list[Row]) -> list[ReturnedRow]:
        one_at_a_time()
        planned = work.work.read(rows)
        for line in planned:
            number = line.issue.number if line.issue else ""
            asks.extend({"row": line.row.number, "number": number, **ask} for ask in line.asks)
        return planned

    done = run_import(path=path, shape=SHAPE, stage=stage, write=work.write, dry_run=dry_run)
    done.notes.extend(work.work.notes.sentences())
    return ReturnResult(**vars(done), asks=[] if done.errors else asks)


def _shown(line: ReturnedRow) -> dict:
    name = joined([line.issue.number, line.issue.description[:60]], " ") if line.issue and line.issue.number else ""
    shown = {"number": line.row.number, "outcome": line.outcome, "name": name, "cells": line.cells}
    return shown | ({"asks": line.asks} if line.asks else {})


def _mark(line: ReturnedRow) -> str:
    return f"{line.issue.pk}:{line.issue.version}" if line.issue else ""
