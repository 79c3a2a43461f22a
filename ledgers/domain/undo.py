"""Taking a whole batch back within 24 hours, but for what somebody has worked on since."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.exceptions import Conflict, Refused
from core.staging import one_at_a_time
from issues.domain.imported import remove_imported, restore_imported
from issues.models import Issue
from ledgers.domain.batches import note
from ledgers.enums import RowOutcome
from ledgers.models import ImportBatch, ImportedRow

WITHIN = timedelta(hours=24)


@dataclass
class Undone:
    """What came of it: ``removed`` and ``restored`` 件, and the numbers of those ``kept`` because somebody has worked on
    them."""

    removed: int = 0
    restored: int = 0
    kept: list[str] = field(default_factory=list)


def may_still_be_undone(batch: ImportBatch, now: datetime) -> bool:
    """Whether the 24 hours are not over and nobody has taken it back."""
    return batch.undone_at is None and now <= batch.at + WITHIN


def worked_on(batch: ImportBatch) -> list[str]:
    """Numbers of the batch's issues that somebody has worked on since, in order; one query."""
    return [row.name for row in _rows(batch) if _is_worked_on(row)]


@transaction.atomic
def undo_batch(*, batch: ImportBatch, actor: User | None, now: datetime | None = None) -> Undone:
    """Take the batch back. What it made goes, with its numbers, which are never given again; what it changed becomes
    what it was; what was worked on since stays and is named. The batch and its rows are kept.

    Side effects in order: issues removed; issues restored; the batch; an audit entry. Raises Refused after 24 hours,
    Conflict when it was taken back already.
    """
    now = now or timezone.now()
    one_at_a_time()
    batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    _require_open(batch, now)
    rows = _rows(batch)
    list(Issue.objects.select_for_update().filter(pk__in=[row.issue_id for row in rows if row.issue_id]).values("pk"))
    rows = _rows(batch)
    free = [row for row in rows if row.issue and not _is_worked_on(row)]
    done = Undone(kept=[row.name for row in rows if _is_worked_on(row)])
    made = [row.issue_id for row in free if row.outcome == RowOutcome.CREATED and row.issue_id]
    remove_imported(made)
    done.removed = len(made)
    done.restored = _restore(batch, [row for row in free if row.outcome == RowOutcome.UPDATED], actor, now)
    ImportBatch.objects.filter(pk=batch.pk).update(undone_at=now, undone_by=actor, kept=done.kept)
    note(batch, actor, "ledger.import_undone", {"removed": done.removed, "restored": done.restored, "kept": done.kept})
    return done


def _require_open(batch: ImportBatch, now: datetime) -> None:
    if batch.undone_at is not None:
        who = batch.undone_by or "系统"
        words = f"这一批已由{who}于 {timezone.localtime(batch.undone_at):%Y-%m-%d %H:%M} 撤销，没有再次撤销。"
        raise Conflict(words, rule="import.undone", by=batch.undone_by)
    if not may_still_be_undone(batch, now):
        raise Refused("导入已超过 24 小时，不能再整批撤销。请在台账中逐件办理。", rule="import.late")


def _rows(batch: ImportBatch) -> list[ImportedRow]:
    """The rows with their issues and what was merged into those, in the order of the table."""
    rows = ImportedRow.objects.filter(batch=batch).select_related("issue__campaign")
    return list(rows.prefetch_related("issue__merged_from").order_by("number", "id"))


def _is_worked_on(row: ImportedRow) -> bool:
    """Somebody has acted on the issue, joined another one to it, or brought in another table that changed it."""
    return row.issue is not None and (row.issue.version != row.version or bool(row.issue.merged_from.all()))


def _restore(batch: ImportBatch, rows: Sequence[ImportedRow], actor: User | None, now: datetime) -> int:
    event = {"source": f"撤销导入：{batch.get_kind_display()}“{batch.file}”"}
    for row in rows:
        if row.issue is None:
            continue
        issue = restore_imported(
            issue=row.issue, kept=row.before, version=row.version, event=event, actor=actor, now=now
        )
        if issue is None:
            raise Conflict(f"{row.name} 正在办理，没有撤销。请稍后重试。", rule="import.busy")
        earlier = ImportedRow.objects.filter(issue=issue, id__lt=row.pk).order_by("-id").values("pk")[:1]
        ImportedRow.objects.filter(pk__in=list(earlier.values_list("pk", flat=True))).update(version=issue.version)
    return len(rows)
