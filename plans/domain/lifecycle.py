"""The only writer of a plan's state and version: it follows ``transitions.TABLE`` and nothing else does.

One plan is in force per campaign, unit and period: the filed one. It never changes and stands until its adjustment,
another plan, is filed in its place.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from campaigns.domain.duty_facts import entries_matching, unit_of
from campaigns.domain.receivers import receivers_of_unit
from campaigns.domain.rulebook.duties import kinds_for
from campaigns.domain.versions import rules_of
from campaigns.enums import OPEN_CAMPAIGNS
from campaigns.models import Campaign
from core import audit
from core.conflicts import overtaken, wrong_state
from core.exceptions import IllegalTransition, NotAllowed, Refused
from core.guards import offered, require_guards, require_open_guards
from core.transitions import Transition
from plans.domain import guards, notices
from plans.domain.effects import EFFECTS
from plans.domain.filing import due_for
from plans.domain.guards import PlanContext
from plans.domain.rows import RowDraft, begun_rows, write_rows
from plans.domain.transitions import EVENT_KINDS, TABLE
from plans.domain.validation import periods_to_plan, receiving_day
from plans.enums import GONE, PlanActor, PlanState
from plans.models import Plan, PlanEvent
from plans.rules import actors_of

if TYPE_CHECKING:
    from campaigns.domain.setup import ListedEntry


@transaction.atomic
def open_plan(*, actor: User, campaign: Campaign, department_id: int, period: str, now: datetime | None = None) -> Plan:
    """The unit's plan for a walking period, an adjustment before the filed one; drafted now when there is none.

    Side effects in order: the plan; an event. Raises Refused when the campaign is closed, does not bind the unit (any
    more), or the period is neither the one that runs nor the next.
    """
    now = now or timezone.now()
    found = _plan_of(campaign, department_id, period)
    if found:
        return found
    version, rules = rules_of(campaign.pk)
    entry = _require_bound(campaign, department_id)
    today = timezone.localtime(now).date()
    if period not in {one.code for one in periods_to_plan(rules, today)}:
        raise Refused("这一期不能再起草计划，请在计划页面重新选择。", rule="plan.period")
    day = receiving_day(rules, period, today)
    # One of the activities in which the unit takes part; of a plan that is handed in, the first row decides.
    kind = next(iter(kinds_for(rules, unit_of(entry).lists)), rules.activity_kinds[0])
    receiver, *_ = receivers_of_unit(campaign.pk, kind, department_id, day)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                campaign=campaign,
                rules=version,
                department_id=department_id,
                receiver_id=receiver,
                period=period,
                due_on=due_for(campaign, rules, department_id, period, today=today),
                created_by=actor,
            )
    except IntegrityError:
        # Two people of the unit began at the same moment: both go on with the one that stands.
        found = _plan_of(campaign, department_id, period)
        if found is None:
            raise
        return found
    write_event(plan, "drafted", actor, now)
    return plan


@transaction.atomic
def save_rows(*, plan: Plan, actor: User, version: int, rows: list[RowDraft], now: datetime | None = None) -> int:
    """Store the rows of a draft or returned plan as a whole; returns how many there are (行).

    A row whose walk has begun stays as it was. Side effects in order: the plan's version; its rows. Raises NotAllowed
    for other units, StaleVersion (409, names who and when) when somebody else saved first, IllegalTransition when the
    plan is no longer editable, Refused when a row whose walk has begun is left out.
    """
    row = require_actor(plan, "edit", actor)
    _write(plan, row, version=version, actor=actor, now=now or timezone.now())
    return write_rows(plan=plan, rows=rows)


@transaction.atomic
def perform(
    *,
    plan: Plan,
    action: str,
    actor: User,
    note: str = "",
    version: int | None = None,
    part: str | None = None,
    now: datetime | None = None,
) -> Plan:
    """Take a step and return the plan to go on with: after ``adjust`` the new draft, after ``discard`` the filed one.

    ``part`` SYSTEM: the step follows from another one of the actor's. Late filing is allowed and marked; the first
    complete submit decides lateness. Side effects in order: for ``file`` the step ``supersede`` of the plan in force;
    what the step makes; state and version by an UPDATE bound to the old ones; an event; notices; an audit entry; for
    ``file`` the step ``carry``. Raises NotAllowed (403), IllegalTransition, StaleVersion (409, names who and when) when
    ``version`` is not the present one, Refused (400) naming what is missing.
    """
    seen = plan.version if version is None else version
    ctx = take(plan, action, actor, note=note, version=seen, part=part, now=now)
    old = guards.rounds_of(plan).filter(state=PlanState.FILED).first() if action == "file" else None
    if old:
        perform(plan=old, action="supersede", actor=actor, part=PlanActor.SYSTEM, now=ctx.now)
    result = EFFECTS[action](ctx)
    if ctx.row.target is not None:
        _write(plan, ctx.row, version=plan.version, actor=actor, now=ctx.now, **result.changes)
    told_of = result.told_of or plan
    kind = EVENT_KINDS[action]
    write_event(told_of, kind, actor, ctx.now, ctx.note if result.note is None else result.note)
    notices.after(kind=kind, plan=told_of, actor=actor, now=ctx.now)
    if PlanActor.SYSTEM not in ctx.row.actors:
        _record(told_of, actor, f"plan.{kind}")
    if old and begun_rows(old).exists():
        perform(plan=plan, action="carry", actor=actor, part=PlanActor.SYSTEM, now=ctx.now)
    return result.goes_on or told_of


def take(
    plan: Plan,
    action: str,
    actor: User,
    *,
    note: str = "",
    version: int | None = None,
    part: str | None = None,
    now: datetime | None = None,
) -> PlanContext:
    """What a step may look at, once it is open to the actor's part, from the plan's state and to its guards.

    The plan is locked in its state until the transaction ends, so that its state cannot change meanwhile.
    Raises as ``perform``; without ``version`` any version will do.
    """
    row = require_actor(plan, action, actor, part=part)
    _lock_in_state(plan, row, version)
    ctx = PlanContext(plan=plan, row=row, actor=actor, note=note.strip(), now=now or timezone.now())
    require_guards(guards, row, ctx)
    return ctx


def available(user: User, plan: Plan, *, unbound: str | None = None) -> dict[str, Transition]:
    """{action: row} of the steps this person could take now, in the table's order; buttons derive from this.

    Guards that ask for input or for rows are left for the step itself. ``unbound``: ``guards.unbound_words`` of the
    plan when they were read already.
    """
    rows = TABLE.open_to(actors_of(user, plan), plan.state)
    if rows and unbound is None:
        unbound = guards.unbound_words(plan)
    now = timezone.now()
    shown = offered(guards, rows, lambda row: PlanContext(plan, row, user, "", now, unbound))
    return {row.action: row for row in shown}


def ensure_open(plan: Plan, action: str, actor: User) -> Transition:
    """The row of ``action`` when its page may be opened; else raises NotAllowed or IllegalTransition."""
    row = require_actor(plan, action, actor)
    require_state(plan, row)
    require_open_guards(guards, row, PlanContext(plan, row, actor, "", timezone.now()))
    return row


def require_actor(plan: Plan, action: str, actor: User, *, part: str | None = None) -> Transition:
    """The row of ``action``; raises NotAllowed (403) when the person is none of its actors."""
    row = TABLE.by_action.get(action)
    if row is None:
        raise IllegalTransition(f"没有名为“{action}”的操作。", rule="plan.action")
    if not (frozenset({part}) if part else actors_of(actor, plan)) & set(row.actors):
        require(False)
    return row


def require_state(plan: Plan, row: Transition, also: str = "") -> None:
    """Raise IllegalTransition when the step does not lead from the plan's present state; ``also`` ends the sentence."""
    if plan.state not in row.sources:
        raise _wrong_state(plan, row, also)


def require(allowed: bool) -> None:
    """Turn a refused predicate into 403 in words."""
    if not allowed:
        raise NotAllowed("您没有办理此事的权限。", rule="permission")


def write_event(plan: Plan, kind: str, actor: User, now: datetime, note: str = "") -> None:
    """One line of the plan's history."""
    PlanEvent.objects.create(plan=plan, kind=kind, actor=actor, at=now, note=note[:500])


def _plan_of(campaign: Campaign, department_id: int, period: str) -> Plan | None:
    rows = Plan.objects.filter(campaign=campaign, department_id=department_id, period=period)
    return rows.exclude(state__in=GONE).order_by("-round").first()


def _require_bound(campaign: Campaign, department_id: int) -> "ListedEntry":
    bound = entries_matching(Q(campaign=campaign, department_id=department_id, left_on=None)).first()
    if campaign.state not in OPEN_CAMPAIGNS or bound is None:
        raise Refused("本单位不在实施中的活动名单内，不能起草计划。", rule="plan.roster")
    return bound


def _lock_in_state(plan: Plan, row: Transition, version: int | None) -> None:
    rows = Plan.objects.select_for_update().filter(pk=plan.pk, state__in=row.sources)
    if not list((rows if version is None else rows.filter(version=version)).values_list("pk")):
        raise _lost(plan, row)


def _write(plan: Plan, row: Transition, *, version: int, actor: User, now: datetime, **changes: object) -> None:
    target = F("state") if row.target is None else row.target
    won = Plan.objects.filter(pk=plan.pk, state__in=row.sources, version=version).update(
        state=target, version=F("version") + 1, changed_by=actor, changed_at=now, **changes
    )
    if not won:
        raise _lost(plan, row)
    plan.refresh_from_db()


def _lost(plan: Plan, row: Transition) -> Exception:
    current = Plan.objects.select_related("changed_by", "created_by").get(pk=plan.pk)
    if current.state not in row.sources:
        return _wrong_state(current, row)
    return overtaken("本计划", *_last(current), rule="plan.version")


def _wrong_state(plan: Plan, row: Transition, also: str = "") -> IllegalTransition:
    who, at = _last(plan)
    return wrong_state("本计划", plan.get_state_display(), row, rule="plan.state", who=who, at=at, also=also)


def _last(plan: Plan) -> tuple[User, datetime]:
    """Who changed the plan last and when."""
    return plan.changed_by or plan.created_by, plan.changed_at or plan.created_at


def _record(plan: Plan, actor: User, action: str) -> None:
    detail = {"unit": plan.department.name, "period": plan.period, "round": plan.round}
    key = f"{plan.campaign.code}-{plan.pk}"
    audit.record(actor=actor, action=action, object_type="plan", object_key=key, detail=detail)
