"""The only writer of ``Slip``: signed by a person of the office, answered, checked, ended with its issue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core import audit
from core.calendar import work_calendar
from core.conflicts import overtaken, taken_already, wrong_state
from core.exceptions import Conflict, IllegalTransition, NotAllowed, Refused
from core.guards import offered, require_guards, require_row
from core.transitions import Transition
from issues.domain.overdue import is_overdue
from issues.domain.rulebooks import rules_of_issue
from issues.domain.slips import guards, notices
from issues.domain.slips.guards import SlipContext
from issues.domain.slips.rule import colour_due, late_by, why_reason
from issues.domain.slips.transitions import TABLE
from issues.enums import RUNNING_STATES, SlipColour, SlipState
from issues.models import Issue, Slip, SlipEvent, SlipSequence
from issues.rules import may_sign_slip, slip_actors_of

NAMED = ("campaign", "department", "issue", "signed_by", "replied_by", "changed_by")
OPEN = TABLE.sources_of("settle")


@dataclass(frozen=True)
class SlipStatus:
    """How an issue stands: ``last`` the highest colour signed in this round (0 for none), ``due`` the colour by the
    rule (0 for none), ``late`` 工作日 overdue, ``reply_by`` what a slip signed today would ask for, ``highest`` the
    slip of that colour."""

    last: int
    due: int
    late: int
    reply_by: date
    highest: Slip | None = None

    @property
    def proposed(self) -> int:
        """The colour the rule proposes; 0 for none."""
        return self.due if self.due > self.last else 0

    @property
    def choices(self) -> list[tuple[int, str]]:
        """Colours that can still be signed in this round."""
        return [(value, label) for value, label in SlipColour.choices if value > self.last]


def status_of(issue: Issue, today: date) -> SlipStatus:
    """How the issue stands on that day; three queries."""
    rules, calendar = rules_of_issue(issue).rectification, work_calendar()
    highest = (
        Slip.objects.filter(issue=issue, round=issue.round).select_related("signed_by").order_by("-colour").first()
    )
    asked = issue.closing_requested_on
    overdue = is_overdue(state=issue.state, due_on=issue.due_on, requested_on=asked, today=today)
    late = late_by(issue.due_on, today, calendar) if overdue else 0
    due = colour_due(late, rules.slip_workdays)
    reply_by = calendar.add_workdays(today, rules.slip_reply_workdays)
    return SlipStatus(highest.colour if highest else 0, due, late, reply_by, highest)


def require_signable(issue: Issue, user: User) -> None:
    """Raise NotAllowed (403) for anybody but the office, Conflict (409) where there is nothing to supervise."""
    if not may_sign_slip(user, issue):
        raise NotAllowed("督办单由统筹办签发；责任单位的人员不能签发。", rule="slip.office")
    if issue.state not in RUNNING_STATES or issue.responsible_department_id is None:
        words = f"该问题处于“{issue.get_state_display()}”或尚无责任单位，不能签发督办单。"
        raise Conflict(words, rule="slip.state")


@transaction.atomic
def sign(
    *, issue: Issue, colour: int, demand: str, jump_reason: str = "", actor: User, now: datetime | None = None
) -> Slip:
    """Sign a 督办单. Side effects in order: the next number of the campaign's year; the slip; open ones of a lower
    colour are superseded; events; a notice to the unit; an audit entry.

    Raises NotAllowed (403), Conflict (409) for a colour that is signed already, Refused (400) naming what is missing.
    """
    now = now or timezone.now()
    require_signable(issue, actor)
    # Whoever signs at the same moment waits here, and then finds the colour taken.
    Issue.objects.select_for_update(no_key=True).get(pk=issue.pk)
    status = status_of(issue, timezone.localtime(now).date())
    _require_content(status, colour, demand, jump_reason)
    slip = _numbered(issue, status, colour, now)
    slip.demand, slip.jump_reason, slip.signed_by = demand.strip()[:500], jump_reason.strip()[:500], actor
    slip.save(force_insert=True)
    SlipEvent.objects.create(slip=slip, kind="sign", actor=actor, at=now, note=slip.jump_reason or slip.demand)
    for lower in Slip.objects.filter(issue=issue, state__in=OPEN).exclude(pk=slip.pk).select_related(*NAMED):
        perform(slip=lower, action="supersede", actor=None, data={"note": f"已签发{slip.number}"}, now=now)
    notices.signed(slip=slip, actor=actor, now=now)
    detail = {"slip": slip.number, "colour": SlipColour(colour).label, "reason": slip.jump_reason}
    audit.record(actor=actor, action="slip.signed", object_type="issue", object_key=issue.number, detail=detail)
    return slip


@transaction.atomic
def perform(
    *,
    slip: Slip,
    action: str,
    actor: User | None,
    data: Mapping[str, Any] | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Slip:
    """Take a step; ``actor`` None is the system. Side effects in order: state, version and what the step adds by an
    UPDATE bound to the old ones; an event; notices; an audit entry for people. Raises NotAllowed (403),
    IllegalTransition or StaleVersion (409), Refused (400) naming what is missing."""
    row = require_actor(slip, action, actor)
    require_state(slip, row)
    ctx = SlipContext(slip=slip, row=row, actor=actor, data=data or {}, now=now or timezone.now())
    require_guards(guards, row, ctx)
    changes, note = EFFECTS[action](ctx)
    seen = slip.version if version is None else version
    won = Slip.objects.filter(pk=slip.pk, state__in=row.sources, version=seen).update(
        state=row.target_from(slip.state), version=F("version") + 1, changed_by=actor, changed_at=ctx.now, **changes
    )
    if not won:
        raise _lost(slip, row)
    slip.refresh_from_db()
    SlipEvent.objects.create(slip=slip, kind=action, actor=actor, at=ctx.now, note=note[:1000])
    notices.after(action=action, slip=slip, actor=actor, now=ctx.now)
    if actor is not None:
        detail = {"slip": slip.number, "version": slip.version}
        key = slip.issue.number or ""
        audit.record(actor=actor, action=f"slip.{action}", object_type="issue", object_key=key, detail=detail)
    return slip


def settle_all(*, issue: Issue, now: datetime, words: str) -> None:
    """The issue is struck off or merged: what is open of its slips ends with it. Part of that action."""
    for slip in Slip.objects.filter(issue=issue, state__in=OPEN).select_related(*NAMED):
        perform(slip=slip, action="settle", actor=None, data={"note": words}, now=now)


def available(user: User, slip: Slip) -> list[Transition]:
    """The steps this person could take now, in the table's order."""
    now, rows = timezone.now(), TABLE.open_to(slip_actors_of(user, slip), slip.state)
    return offered(guards, rows, lambda row: SlipContext(slip=slip, row=row, actor=user, data={}, now=now))


def require_actor(slip: Slip, action: str, actor: User | None) -> Transition:
    """The row of ``action``; raises NotAllowed (403) when the person is none of its actors."""
    return require_row(TABLE, action, slip_actors_of(actor, slip), rule="slip.action")


def require_state(slip: Slip, row: Transition) -> None:
    """Raise IllegalTransition when the step does not lead from the present state."""
    if slip.state not in row.sources:
        raise _wrong_state(slip, row)


def _require_content(status: SlipStatus, colour: int, demand: str, jump_reason: str) -> None:
    if colour not in SlipColour.values:
        raise Refused("请选择督办单的颜色。", rule="slip.colour", fields={"colour": "请选择颜色"})
    if status.highest and colour <= status.last:
        what = f"该问题本轮已签发{SlipColour(status.last).label}督办单（只能签发更高的颜色）"
        raise taken_already(what, status.highest.signed_by, status.highest.signed_at, rule="slip.colour")
    missing = {} if demand.strip() else {"demand": "请写明督办要求"}
    why = why_reason(colour, last=status.last, due=status.due)
    if why and not jump_reason.strip():
        missing["jump_reason"] = f"{why}，请写明理由"
    if missing:
        raise Refused(f"督办单未签发：{'；'.join(missing.values())}。", rule="slip.sign", fields=missing)


def _numbered(issue: Issue, status: SlipStatus, colour: int, now: datetime) -> Slip:
    year = timezone.localtime(now).year
    SlipSequence.objects.get_or_create(campaign_id=issue.campaign_id, year=year)
    place = SlipSequence.objects.filter(campaign_id=issue.campaign_id, year=year)
    place.update(next_value=F("next_value") + 1)
    sequence = place.values_list("next_value", flat=True).get() - 1
    return Slip(
        issue=issue,
        campaign=issue.campaign,
        round=issue.round,
        year=year,
        sequence=sequence,
        number=f"督办〔{year}〕{sequence}号",
        colour=colour,
        department=issue.responsible_department,
        late_workdays=status.late,
        due_on=issue.due_on,
        reply_by=status.reply_by,
        signed_at=now,
    )


def _answer(ctx: SlipContext) -> tuple[dict, str]:
    words, late = ctx.text("reply")[:1000], ctx.text("late_reason")[:500]
    facts = {"reply": words, "late_reason": late, "replied_by": ctx.actor, "replied_on": ctx.today}
    return facts, f"{words}（未按期原因：{late}）" if late else words


def _end(ctx: SlipContext) -> tuple[dict, str]:
    words = ctx.text("note")[:500]
    return {"opinion": words, "ended_on": ctx.today}, words


def _return(ctx: SlipContext) -> tuple[dict, str]:
    words = ctx.text("note")[:500]
    return {"opinion": words}, words


EFFECTS = {"answer": _answer, "accept": _end, "return": _return, "supersede": _end, "settle": _end}


def _lost(slip: Slip, row: Transition) -> Exception:
    current = Slip.objects.select_related("changed_by", "signed_by").get(pk=slip.pk)
    if current.state not in row.sources or current.changed_at is None:
        return _wrong_state(current, row)
    return overtaken("本督办单", current.changed_by, current.changed_at, rule="slip.version")


def _wrong_state(slip: Slip, row: Transition) -> IllegalTransition:
    label, who, at = SlipState(slip.state).label, slip.changed_by, slip.changed_at
    return wrong_state("本督办单", label, row, rule="slip.state", who=who, at=at)
