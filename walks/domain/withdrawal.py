"""Taking back a step, a record of a component or one of their photos, noted by mistake on a walk that is still open.

What is taken back is kept and shown as such on the walk's page; it is in no figure, no signed content and no print.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from core.conflicts import taken_already
from core.exceptions import Refused
from walks.domain import lifecycle
from walks.domain.stored import require_step_seen
from walks.enums import WalkEventKind
from walks.models import Step, StepPhoto


@transaction.atomic
def withdraw_step(*, step: Step, actor: User, reason: str, seen: str, now: datetime | None = None) -> None:
    """Take back a step with its photos, from a page opened on ``seen`` (the token of ``stored.whole_step``).

    Side effects in order: the walk's version; the step; an event that keeps its words. Raises Refused without a reason
    or while a problem belongs to it (the problem is withdrawn first), IllegalTransition when it was withdrawn already
    or the walk is no longer open, StaleVersion when somebody else has changed it since.
    """
    now = now or timezone.now()
    require_reason(reason)
    if step.issues.exists():
        raise Refused("这条记录已登记问题，请先处理该问题，再撤回记录。", rule="step.withdraw")
    require_step_seen(step=step, seen=seen, act="撤回")
    lifecycle.touch(walk=step.walk, actor=actor)
    mark(Step.objects.filter(pk=step.pk), actor, reason, now)
    # Not the person: history is never changed, so a name in it could not be erased.
    words = "，".join(word for word in (step.item_name, step.note) if word)
    note = told(f"{step.place_label}：{words}", reason)
    lifecycle.write_event(step.walk, WalkEventKind.STEP_WITHDRAWN, actor, now, note, subject=step.public_id)


@transaction.atomic
def withdraw_photo(*, photo: StepPhoto, actor: User, reason: str, now: datetime | None = None) -> None:
    """Take back one photo of a step. Side effects and errors as ``withdraw_step``; problems do not hinder it."""
    now = now or timezone.now()
    require_reason(reason)
    lifecycle.touch(walk=photo.step.walk, actor=actor)
    mark(StepPhoto.objects.filter(pk=photo.pk), actor, reason, now)
    note = told(f"{photo.step.place_label}：{photo.file.original_name}", reason)
    lifecycle.write_event(photo.step.walk, WalkEventKind.PHOTO_WITHDRAWN, actor, now, note)


def require_reason(reason: str) -> None:
    """Raise Refused at its field unless there is a reason in words."""
    if not reason.strip():
        raise Refused("请写明撤回原因。", rule="step.reason", fields={"reason": "请写明撤回原因。"})


def mark(rows: QuerySet[Any], actor: User, reason: str, now: datetime) -> None:
    """Mark the one row (of a ``Withdrawable`` model) as taken back; IllegalTransition when it was so already."""
    won = rows.filter(withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by=actor, withdrawn_reason=reason.strip()[:200]
    )
    if not won:
        row = rows.select_related("withdrawn_by").get()
        raise taken_already("这条内容已经撤回", row.withdrawn_by, row.withdrawn_at, rule="step.withdrawn")


def told(words: str, reason: str) -> str:
    """What the event of a withdrawal tells; words without end are cut, the reason (200 characters) never."""
    return f"{words[:290]}。撤回原因：{reason.strip()[:200]}"
