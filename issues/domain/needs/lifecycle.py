"""The only writer of a need's state, version and reply: it follows ``transitions.TABLE`` and nothing else does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from campaigns.domain.rulebook.rulebook import Rulebook
from core import audit
from core.calendar import work_calendar
from core.conflicts import overtaken, wrong_state
from core.exceptions import IllegalTransition
from core.guards import offered, require_guards, require_row
from core.transitions import Transition
from issues.domain.as_of import KEPT_OF_NEED
from issues.domain.needs import guards, notices
from issues.domain.needs.guards import NeedContext
from issues.domain.needs.transitions import TABLE
from issues.enums import NeedState
from issues.models import Need, NeedEvent
from issues.rules import need_actors_of
from walks.models import Walk

NAMED = ("campaign", "department", "walk__department", "walk__receiver", "changed_by")


@transaction.atomic
def register_needs(*, walk: Walk, now: datetime) -> None:
    """The needs noted on a walk that is being reported enter the list; part of ``intake.report_walk``."""
    for need in Need.objects.filter(walk=walk, state=NeedState.NOTED).select_related(*NAMED).order_by("id"):
        perform(need=need, action="register", actor=None, now=now)


@transaction.atomic
def perform(
    *,
    need: Need,
    action: str,
    actor: User | None,
    data: Mapping[str, Any] | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Need:
    """Take a step; ``actor`` None is the system. Side effects in order: state, version and what the step changes by an
    UPDATE bound to the old ones; an event; notices; an audit entry for people. A step that leaves everything as it
    stands (the same answer again, the same unit and day) has none of them, and the version stays. Raises NotAllowed
    (403), IllegalTransition or StaleVersion (409), Refused (400) naming what is missing."""
    row = require_actor(need, action, actor)
    require_state(need, row)
    ctx = NeedContext(need=need, row=row, actor=actor, data=data or {}, now=now or timezone.now())
    require_guards(guards, row, ctx)
    changes, note = EFFECTS[action](ctx)
    seen, former_id = need.version if version is None else version, need.department_id
    if _changes_nothing(need, row, changes, seen):
        return need
    won = Need.objects.filter(pk=need.pk, state__in=row.sources, version=seen).update(
        state=row.target_from(need.state), version=F("version") + 1, changed_by=actor, changed_at=ctx.now, **changes
    )
    if not won:
        raise _lost(need, row)
    need.refresh_from_db()
    after = {name: getattr(need, name) for name in KEPT_OF_NEED}
    NeedEvent.objects.create(need=need, kind=action, actor=actor, at=ctx.now, note=note, **after)
    notices.after(action=action, need=need, former_id=former_id, actor=actor, now=ctx.now)
    if actor is not None:
        detail = {"unit": need.department.name if need.department else "", "version": need.version}
        key = str(need.public_id)
        audit.record(actor=actor, action=f"need.{action}", object_type="need", object_key=key, detail=detail)
    return need


def available(user: User, need: Need) -> list[Transition]:
    """The steps this person could take now, in the table's order."""
    now, rows = timezone.now(), TABLE.open_to(need_actors_of(user, need), need.state)
    return offered(guards, rows, lambda row: NeedContext(need=need, row=row, actor=user, data={}, now=now))


def require_actor(need: Need, action: str, actor: User | None) -> Transition:
    """The row of ``action``; raises NotAllowed (403) when the person is none of its actors."""
    return require_row(TABLE, action, need_actors_of(actor, need), rule="need.action")


def require_state(need: Need, row: Transition) -> None:
    """Raise IllegalTransition when the step does not lead from the present state."""
    if need.state not in row.sources:
        raise _wrong_state(need, row)


def _register(ctx: NeedContext) -> tuple[dict, str]:
    """The unit whose service was walked answers, by the day the rules of the walk give."""
    walk = Walk.objects.select_related("item__department", "rules").get(pk=ctx.need.walk_id)
    days = Rulebook.from_data(walk.rules.data).rectification.need_reply_workdays
    unit, day = walk.item.department, work_calendar().add_workdays(ctx.today, days)
    facts = {"department": unit, "reply_by": day, "first_reply_by": day}
    return facts, f"由{unit.name}于 {day} 前回应"


def _assign(ctx: NeedContext) -> tuple[dict, str]:
    unit, day = ctx.data["department"], ctx.data["reply_by"]
    return {"department": unit, "reply_by": day}, f"由{unit.name}于 {day} 前回应（原为 {ctx.need.reply_by}）"


def _reply(ctx: NeedContext) -> tuple[dict, str]:
    words = ctx.text("reply")[:1000]
    # The first answer decides whether it was in time; one that was sent back was none.
    day = ctx.need.replied_on if ctx.need.state == NeedState.REPLIED else ctx.today
    return {"reply": words, "replied_on": day, "return_reason": ""}, words


def _return(ctx: NeedContext) -> tuple[dict, str]:
    reason = ctx.text("note")[:500]
    return {"return_reason": reason, "replied_on": None}, reason


EFFECTS = {"register": _register, "assign": _assign, "reply": _reply, "return_reply": _return}


def _changes_nothing(need: Need, row: Transition, changes: Mapping[str, Any], seen: int) -> bool:
    """Whether the step leaves the need, read in the version ``seen`` that still stands, as it is."""
    same = all(getattr(need, name) == value for name, value in changes.items())
    return same and row.target_from(need.state) == need.state and Need.objects.filter(pk=need.pk, version=seen).exists()


def _lost(need: Need, row: Transition) -> Exception:
    current = Need.objects.select_related("changed_by").get(pk=need.pk)
    if current.state not in row.sources or current.changed_at is None:
        return _wrong_state(current, row)
    return overtaken("本需求", current.changed_by, current.changed_at, rule="need.version")


def _wrong_state(need: Need, row: Transition) -> IllegalTransition:
    who, at = need.changed_by, need.changed_at
    return wrong_state("本需求", need.get_state_display(), row, rule="need.state", who=who, at=at)
