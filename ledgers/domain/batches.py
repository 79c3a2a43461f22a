"""What an import did, kept as a batch row by row so that it can be taken back; ``undo`` alone writes batches too."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from campaigns.domain.states import hold_writable
from campaigns.enums import TableKind
from campaigns.models import Campaign
from core import audit
from core.bulk_insert import insert_rows
from core.imports import ImportResult
from core.resources import Overtaken
from issues.domain.imported import MadeIssue, as_told, change_imported, make_imported
from issues.models import Issue
from ledgers.domain.matching import CREATED, UPDATED, PlannedRow, fingerprint
from ledgers.domain.walk_matching import PlannedWalk
from ledgers.enums import RowOutcome
from ledgers.models import ImportBatch, ImportedRow
from walks.domain.imported import make_imported_walks
from walks.models import Walk

KEPT = (
    "number", "issue_id", "walk_id", "name", "fingerprint", "content", "outcome", "version", "before", "other_columns",
)  # fmt: skip


def write_ledger(
    planned: Sequence[PlannedRow], result: ImportResult, *, batch: ImportBatch, actor: User | None, now: datetime
) -> bool:
    """Carry out what was planned and count it; False when nothing was to be done and no batch is kept.

    Side effects in order: the batch; issues made; issues changed; its rows; an audit entry. Raises Overtaken when an
    issue was worked on meanwhile. The caller holds the lock of imports and a transaction.
    """
    for row in planned:
        result.count(row.outcome)
    if not (result.created or result.updated):
        return False
    hold_writable(batch.campaign_id)
    batch.counts = result.counts()
    batch.save()
    for row in planned:
        if row.line.issue:
            row.line.issue.event["source"] = _source(batch, row.line.row.number)
    made = _made([row for row in planned if row.outcome == CREATED], batch.campaign, actor, now)
    changed, before = _changed([row for row in planned if row.outcome == UPDATED], actor, now)
    written: list[tuple[PlannedRow, Issue | MadeIssue]] = [*made, *changed]
    _keep(batch, (_kept(row, issue, before.get(issue.pk, {})) for row, issue in written))
    note(batch, actor, "ledger.imported", {"numbers": _span([issue for _, issue in made]), **result.counts()})
    return True


def write_walks(
    planned: Sequence[PlannedWalk], result: ImportResult, *, batch: ImportBatch, actor: User | None, now: datetime
) -> bool:
    """The same of walks. Side effects in order: the batch; walks; their issues; its rows; an audit entry."""
    for row in planned:
        result.count(row.outcome)
    if not result.created:
        return False
    hold_writable(batch.campaign_id)
    batch.counts = result.counts()
    batch.save()
    fresh = [row for row in planned if row.outcome == CREATED]
    told = [row.line.walk for row in fresh if row.line.walk]
    walks = make_imported_walks(campaign=batch.campaign, told=told, actor=actor, now=now)
    problems = []
    for row, walk in zip(fresh, walks, strict=True):
        for problem in row.line.problems:
            problem.facts["walk"] = walk
            problem.event["source"] = _source(batch, row.line.number)
            problems.append((row, problem))
    issues = make_imported(campaign=batch.campaign, told=[one for _, one in problems], actor=actor, now=now)
    kept = [_kept_walk(row, walk) for row, walk in zip(fresh, walks, strict=True)]
    kept += [_kept_problem(row, issue) for (row, _), issue in zip(problems, issues, strict=True)]
    _keep(batch, kept)
    note(batch, actor, "ledger.imported", {"numbers": _span(issues), **result.counts()})
    return True


def _keep(batch: ImportBatch, rows: Iterable[dict]) -> None:
    insert_rows(ImportedRow, rows, columns=KEPT, common={"batch_id": batch.pk})


def _kept_walk(row: PlannedWalk, walk: Walk) -> dict[str, Any]:
    return {
        "number": row.line.number, "issue_id": None, "walk_id": walk.pk, "name": walk.item_name,
        "fingerprint": row.fingerprint, "content": row.content, "outcome": RowOutcome.CREATED, "version": walk.version,
        "before": {}, "other_columns": {},
    }  # fmt: skip


def _kept_problem(row: PlannedWalk, issue: MadeIssue) -> dict[str, Any]:
    unit = issue.responsible_department_id
    return {
        "number": row.line.number, "issue_id": issue.pk, "walk_id": None, "name": issue.number or "",
        "fingerprint": fingerprint(issue.found_on, unit, issue.description), "content": row.content,
        "outcome": RowOutcome.CREATED, "version": issue.version, "before": {}, "other_columns": {},
    }  # fmt: skip


def _source(batch: ImportBatch, number: int) -> str:
    return f"{batch.get_kind_display()}“{batch.file}”第 {number} 行"


def note(batch: ImportBatch, actor: User | None, action: str, detail: dict) -> None:
    """An audit entry about a batch."""
    detail = {"file": batch.file, "batch": str(batch.pk), **detail}
    audit.record(
        actor=actor, action=action, object_type="campaign", object_key=batch.campaign.code, detail=detail
    )  # fmt: skip


def _made(
    rows: Sequence[PlannedRow], campaign: Campaign, actor: User | None, now: datetime
) -> list[tuple[PlannedRow, MadeIssue]]:
    told = [row.line.issue for row in rows if row.line.issue]
    return list(zip(rows, make_imported(campaign=campaign, told=told, actor=actor, now=now), strict=True))


def _changed(
    rows: Sequence[PlannedRow], actor: User | None, now: datetime
) -> tuple[list[tuple[PlannedRow, Issue]], dict[int, dict]]:
    ids = [row.known.pk for row in rows if row.known]
    before, issues = as_told(ids), Issue.objects.select_related("campaign").in_bulk(ids)
    changed = []
    for row in rows:
        if row.known is None or row.line.issue is None:
            continue
        issue = change_imported(
            issue=issues[row.known.pk], told=row.line.issue, version=row.known.version, actor=actor, now=now
        )
        if issue is None:
            raise Overtaken(f"issue {row.known.number} was worked on meanwhile")
        changed.append((row, issue))
    return changed, before


def _kept(row: PlannedRow, issue: Issue | MadeIssue, before: dict) -> dict[str, Any]:
    return {
        "number": row.line.row.number, "issue_id": issue.pk, "walk_id": None, "name": issue.number or "",
        "fingerprint": row.fingerprint, "content": row.content, "outcome": row.outcome, "version": issue.version,
        "before": before, "other_columns": row.line.other_columns,
    }  # fmt: skip


def _span(made: Sequence[MadeIssue]) -> str:
    """The first and the last number given."""
    return f"{made[0].number} 至 {made[-1].number}" if made else ""


def new_batch(
    campaign: Campaign, kind: TableKind, file: str, *, mapping: dict, digest: str, actor: User | None, now: datetime
) -> ImportBatch:
    """A batch that is not stored yet."""
    return ImportBatch(
        campaign=campaign, kind=kind, file=file[:100], mapping=mapping, digest=digest, actor=actor, at=now
    )  # fmt: skip
