"""Taking a whole batch back within 24 hours, but for what somebody has worked on since."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from campaigns.domain.states import hold_writable
from core.conflicts import taken_already
from core.exceptions import Conflict, Refused
from core.staging import one_at_a_time
from issues.domain.imported import acted_on, held_by_more, remove_imported, restore_imported
from issues.models import Issue
from ledgers.domain.batches import note
from ledgers.enums import RowOutcome
from ledgers.models import ImportBatch, ImportedRow
from notifications.domain.notices import close_links
from walks.domain.imported import remove_imported_walks
from walks.models import Walk

WITHIN = timedelta(hours=24)


@dataclass
class UndoResult:
    """What came of it: issues ``removed`` and ``restored`` (件), walks ``removed_walks`` (次); ``kept``: what stays
    because somebody has worked on it, by number or item."""

    removed: int = 0
    removed_walks: int = 0
    restored: int = 0
    kept: list[str] = field(default_factory=list)

    def words(self) -> str:
        """删除问题 2 件，恢复 0 件."""
        walks = f"删除体验 {self.removed_walks} 次，" if self.removed_walks else ""
        return f"{walks}删除问题 {self.removed} 件，恢复 {self.restored} 件"


def may_still_be_undone(batch: ImportBatch, now: datetime) -> bool:
    """Whether the 24 hours are not over and nobody has taken it back."""
    return batch.undone_at is None and now <= undone_until(batch)


def undone_until(batch: ImportBatch) -> datetime:
    """The last moment at which the batch can be taken back."""
    return batch.at + WITHIN


def look_at_undoing(batch: ImportBatch) -> tuple[int, list[str]]:
    """(rows that would be taken back, names of what somebody has worked on since and stays with all that belongs to it:
    numbers of issues, items of walks, in order); four queries."""
    free, worked = _split(batch)
    return sum(row.outcome in (RowOutcome.CREATED, RowOutcome.UPDATED) for row in free), worked


@transaction.atomic
def undo_batch(*, batch: ImportBatch, actor: User | None, now: datetime | None = None) -> UndoResult:
    """Take the batch back. What it made goes, with its numbers, which are never given again; what it changed becomes
    what it was; what was worked on since stays and is named. A walk stays with all its problems when one of them was
    worked on. The batch and its rows are kept.

    Side effects in order: notices about what goes are closed; issues removed; walks removed; issues restored; the
    batch; an audit entry. Raises Refused after 24 hours, Conflict when it was taken back already.
    """
    now = now or timezone.now()
    one_at_a_time()
    batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    hold_writable(batch.campaign_id)
    _require_open(batch, now)
    _lock(batch)
    free, kept = _split(batch)
    made = [row for row in free if row.outcome == RowOutcome.CREATED]
    issues, walks = [row.issue_id for row in made if row.issue_id], [row.walk_id for row in made if row.walk_id]
    close_links([reverse("issue", args=[row.name]) for row in made if row.issue_id], now=now)
    remove_imported(issues)
    remove_imported_walks(walks)
    changed = [row for row in free if row.outcome == RowOutcome.UPDATED]
    done = UndoResult(len(issues), len(walks), _restore(batch, changed, actor, now))
    done.kept = kept
    ImportBatch.objects.filter(pk=batch.pk).update(undone_at=now, undone_by=actor, kept=done.kept)
    note(batch, actor, "ledger.import_undone", {"removed": done.removed, "restored": done.restored, "kept": done.kept})
    return done


def _lock(batch: ImportBatch) -> None:
    """Lock the issues and walks of the batch, so that nobody begins to work on one meanwhile."""
    rows = ImportedRow.objects.filter(batch=batch)
    list(Issue.objects.select_for_update(of=("self",)).filter(imported_rows__in=rows).order_by("pk").values("pk"))
    list(Walk.objects.select_for_update(of=("self",)).filter(imported_rows__in=rows).order_by("pk").values("pk"))


def _split(batch: ImportBatch) -> tuple[list[ImportedRow], list[str]]:
    """(rows that can be taken back, names of what was worked on), in the order of the table; four queries. What was
    chased after it was brought in stays; one that stood before becomes what it was, with its 催办."""
    rows = ImportedRow.objects.filter(batch=batch).select_related("issue__campaign", "walk").order_by("number", "id")
    recorded = [row for row in rows if _record(row)]
    issues = Issue.objects.filter(imported_rows__batch=batch)
    made = {row.issue_id for row in recorded if row.outcome == RowOutcome.CREATED}
    more = held_by_more(issues) | (acted_on(issues) & made)
    worked = {row.pk for row in recorded if _is_worked_on(row) or row.issue_id in more}
    walks = {_walk_of(row) for row in recorded if row.pk in worked} - {None}
    stays = {row.pk for row in recorded if row.pk in worked or _walk_of(row) in walks}
    return [row for row in recorded if row.pk not in stays], [row.name for row in recorded if row.pk in worked]


def _record(row: ImportedRow) -> Issue | Walk | None:
    return row.issue or row.walk


def _walk_of(row: ImportedRow) -> UUID | None:
    return row.issue.walk_id if row.issue else row.walk_id


def _require_open(batch: ImportBatch, now: datetime) -> None:
    if batch.undone_at is not None:
        raise taken_already("这一批已经撤销", batch.undone_by, batch.undone_at, rule="import.undone")
    if not may_still_be_undone(batch, now):
        raise Refused("导入已超过 24 小时，不能再整批撤销。请在台账中逐件办理。", rule="import.late")


def _is_worked_on(row: ImportedRow) -> bool:
    """Somebody has acted on it, or brought in another table that changed it."""
    if row.issue:
        return row.issue.version != row.version
    return row.walk is not None and row.walk.version != row.version


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
