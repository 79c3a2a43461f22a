"""What stands now of a walk's content, and whether somebody else has changed it since a form was opened on it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import User
from core.content_token import content_token, require_unchanged
from core.exceptions import OWN, IllegalTransition
from core.templatetags.ui import moment
from walks.models import Step, Walk, WalkEvent

# What the form over a step, and the one over a record of a component, may change.
STEP_FIELDS = ("stage", "assessment", "note", "happened_at")
RECORD_FIELDS = ("item_id", "person", "phone", "served_on", "is_valid", "ratings", "note", "happened_at")


def stored_step(step: Step) -> dict:
    """The values a form over ``step`` changes, by field of the record."""
    return {name: getattr(step, name) for name in (RECORD_FIELDS if step.component else STEP_FIELDS)}


def with_photos(stored: dict, links: Iterable[Any]) -> dict:
    """What the form that takes a record back is opened on: its ``stored`` values and its photos still in force;
    ``links``: ``Withdrawable`` rows that lead to a file."""
    return stored | {"photos": sorted(str(link.file_id) for link in links if link.withdrawn_at is None)}


def whole_step(step: Step) -> dict:
    """``with_photos`` of a step; one query."""
    return with_photos(stored_step(step), step.photo_links.all())


def token_of_step(step: Step | None) -> str | None:
    """What a form over ``step`` is opened on; None for a step that is still to be noted."""
    return None if step is None else content_token(stored_step(step))


def require_step_seen(*, step: Step, seen: str, act: str = "") -> None:
    """Raise Refused without ``seen``, StaleVersion when the step is no longer what the form was opened on,
    IllegalTransition when it was taken back. With ``act`` (撤回) the photos count too."""

    def read() -> dict:
        require_not_withdrawn(walk=step.walk, subject=step.public_id, what="这条记录")
        now = Step.objects.get(pk=step.pk)
        return whole_step(now) if act else stored_step(now)

    require_as_seen(walk=step.walk, what="这条记录", seen=seen, read=read, act=act)


def require_not_withdrawn(*, walk: Walk, subject: UUID, what: str) -> None:
    """Raise IllegalTransition, saying by whom, when and why, when ``subject`` (public id of a step, a record or a
    problem) was taken back on the walk; one query."""
    event = WalkEvent.objects.filter(walk=walk, subject=subject).select_related("actor").first()
    if event is not None:

        def said(who: object) -> str:
            return f"{what}已由{who}于 {moment(event.at)} 撤回，本次操作未执行。撤回的内容：{event.note}"

        raise IllegalTransition(said(event.actor), rule="walk.withdrawn", by=event.actor, own=said(OWN))


def require_as_seen(*, walk: Walk, what: str, seen: str, read: Callable[[], dict], act: str = "") -> None:
    """Lock the walk's row, then compare what ``read`` finds with what was ``seen``.

    Everything that changes a walk's content takes this lock (``walks.domain.lifecycle.touch``), so nothing changes
    between the comparison and the write. Raises as ``core.content_token.require_unchanged`` (``act`` as there), naming
    who changed the walk last.
    """
    now = Walk.objects.select_for_update(of=("self",)).select_related("changed_by", "walker").get(pk=walk.pk)
    require_unchanged(what=what, seen=seen, now=content_token(read()), saved=last_change(now), act=act)


def last_change(walk: Walk) -> tuple[User, datetime]:
    """Who changed the walk last, and when."""
    return walk.changed_by or walk.walker, walk.changed_at or walk.started_at
