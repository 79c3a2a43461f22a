"""The one writer of batches: what an import did, kept row by row so that it can be taken back."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from campaigns.models import Campaign
from core import audit
from core.imports import ImportResult
from core.resources import Overtaken
from issues.domain.imported import as_told, change_imported, make_imported
from issues.models import Issue
from ledgers.domain.matching import CREATED, UPDATED, PlannedRow
from ledgers.enums import BatchKind
from ledgers.models import ImportBatch, ImportedRow


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
    batch.counts = result.counts()
    batch.save()
    for row in planned:
        if row.line.issue:
            row.line.issue.event["source"] = f"{batch.get_kind_display()}“{batch.file}”第 {row.line.row.number} 行"
    made = _made([row for row in planned if row.outcome == CREATED], batch.campaign, actor, now)
    changed, before = _changed([row for row in planned if row.outcome == UPDATED], actor, now)
    ImportedRow.objects.bulk_create(
        [_kept(batch, row, issue, before.get(issue.pk, {})) for row, issue in [*made, *changed]], batch_size=500
    )
    note(batch, actor, "ledger.imported", {"numbers": _span(made), **result.counts()})
    return True


def note(batch: ImportBatch, actor: User | None, action: str, detail: dict) -> None:
    """An audit entry about a batch."""
    detail = {"file": batch.file, "batch": str(batch.pk), **detail}
    audit.record(
        actor=actor, action=action, object_type="campaign", object_key=batch.campaign.code, detail=detail
    )  # fmt: skip


def batches_of(campaign: Campaign) -> QuerySet[ImportBatch]:
    """The campaign's batches, the latest first."""
    return ImportBatch.objects.filter(campaign=campaign).select_related("actor", "undone_by", "campaign")


def _made(
    rows: Sequence[PlannedRow], campaign: Campaign, actor: User | None, now: datetime
) -> list[tuple[PlannedRow, Issue]]:
    told = [row.line.issue for row in rows if row.line.issue]
    return list(zip(rows, make_imported(campaign=campaign, told=told, actor=actor, now=now), strict=True))


def _changed(
    rows: Sequence[PlannedRow], actor: User | None, now: datetime
) -> tuple[list[tuple[PlannedRow, Issue]], dict[int, dict]]:
    ids = [row.standing.pk for row in rows if row.standing]
    before, issues = as_told(ids), Issue.objects.select_related("campaign").in_bulk(ids)
    changed = []
    for row in rows:
        if row.standing is None or row.line.issue is None:
            continue
        issue = change_imported(
            issue=issues[row.standing.pk], told=row.line.issue, version=row.standing.version, actor=actor, now=now
        )
        if issue is None:
            raise Overtaken(f"issue {row.standing.number} was worked on meanwhile")
        changed.append((row, issue))
    return changed, before


def _kept(batch: ImportBatch, row: PlannedRow, issue: Issue, before: dict) -> ImportedRow:
    return ImportedRow(
        batch=batch, number=row.line.row.number, issue=issue, name=issue.number or "", fingerprint=row.fingerprint,
        content=row.content, outcome=row.outcome, version=issue.version, before=before, beside=row.line.beside,
    )  # fmt: skip


def _span(made: Sequence[tuple[PlannedRow, Issue]]) -> str:
    numbers = [issue.number or "" for _, issue in made]
    return f"{numbers[0]} 至 {numbers[-1]}" if numbers else ""


def new_batch(
    campaign: Campaign, kind: BatchKind, file: str, *, mapping: dict, digest: str, actor: User | None, now: datetime
) -> ImportBatch:
    """A batch that is not stored yet."""
    return ImportBatch(
        campaign=campaign, kind=kind, file=file[:100], mapping=mapping, digest=digest, actor=actor, at=now
    )  # fmt: skip
