"""The life of a plan: drafted, handed in, filed or returned, adjusted.

The only writer of ``Plan.state`` and ``version``. One plan is in force per campaign, unit and period: the filed one. It
never changes and stands until its adjustment, another plan, is filed in its place:

    draft → submitted → filed → superseded        first plan, and each adjustment
              ↓ ↑
           returned          draft, returned → discarded        adjustments only
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from campaigns.domain.receivers import receivers_of_unit
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rules_of
from campaigns.enums import OPEN_CAMPAIGNS
from campaigns.models import Campaign, RosterEntry
from core import audit
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion
from plans.domain import notices
from plans.domain.owed import due_for
from plans.domain.queries import GONE, rows_of
from plans.domain.rows import RowDraft, capacities_in, carry_over, items_to_cover, write_rows
from plans.domain.validation import Fault, periods_to_plan, plan_faults, receiving_day, window_of
from plans.enums import PlanState
from plans.models import Plan, PlanEvent, PlanRow

P = PlanState
EDITABLE = (P.DRAFT, P.RETURNED)
IN_WRITING = (P.DRAFT, P.SUBMITTED, P.RETURNED)
EVENTS = {
    "drafted": "起草计划",
    "submitted": "报送",
    "filed": "备案",
    "returned": "退回修改",
    "superseded": "调整，由新一稿代替",
    "adjusted": "起草调整稿",
    "discarded": "放弃调整",
    "carried": "转入已开始的体验",
    "noticed": "报备体验时间",
}


@transaction.atomic
def open_plan(*, actor, campaign: Campaign, department_id: int, period: str, now: datetime | None = None) -> Plan:
    """The unit's plan for a walking period, an adjustment before the filed one; drafted now when there is none.

    Side effects in order: the plan; an event. Raises Refused when the campaign is closed, does not bind the unit (any
    more), or the period is neither the one that runs nor the next.
    """
    now = now or timezone.now()
    found = _standing(campaign, department_id, period)
    if found:
        return found
    version, rules = rules_of(campaign.pk)
    _require_bound(campaign, department_id)
    today = timezone.localtime(now).date()
    if period not in {one.code for one in periods_to_plan(rules, today)}:
        raise Refused("这一期不能再起草计划，请在计划页面重新选择。", rule="plan.period")
    day = receiving_day(rules, period, today)
    receiver, *_ = receivers_of_unit(campaign.pk, rules.activity_kinds[0], department_id, day)
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
        return _standing(campaign, department_id, period)
    write_event(plan, "drafted", actor, now)
    return plan


@transaction.atomic
def save_rows(*, plan: Plan, actor, version: int, rows: list[RowDraft], now: datetime | None = None) -> int:
    """Store the rows of a draft or returned plan as a whole; returns how many there are (行).

    A row whose walk has begun stays as it was. Side effects in order: the plan's version; its rows. Raises StaleVersion
    (409, names who and when) when somebody else saved first, IllegalTransition when the plan is no longer editable,
    Refused when a row whose walk has begun is left out.
    """
    now = now or timezone.now()
    won = Plan.objects.filter(pk=plan.pk, state__in=EDITABLE, version=version).update(
        version=F("version") + 1, changed_by=actor, changed_at=now
    )
    if not won:
        raise _lost(plan, EDITABLE, "修改")
    plan.refresh_from_db()
    return write_rows(plan=plan, rows=rows)


def faults_of(plan: Plan, rules: Rulebook | None = None) -> list[Fault]:
    """Everything that keeps the plan from being handed in, as it is stored now."""
    rules = rules or Rulebook.from_data(plan.rules.data)
    return plan_faults(
        list(rows_of(plan)),
        rules,
        capacities=capacities_in(plan.department_id),
        window=window_of(rules, plan.period),
        to_cover=items_to_cover(rules, plan.campaign_id, plan.department_id),
    )


@transaction.atomic
def submit(*, plan: Plan, actor, now: datetime | None = None) -> None:
    """draft, returned → submitted 报送. Late is allowed and marked; the first complete submit decides lateness.

    Side effects in order: state, days and receiver; an event; notices; an audit entry. Raises Refused for a unit that
    is no longer bound or naming every missing part (each row's item, form, walker, date; W23 六（一）: each bundle of
    the unit), StaleVersion, IllegalTransition.
    """
    now = now or timezone.now()
    require_bound(plan, "报送")
    faults = faults_of(plan)
    if faults:
        raise Refused(f"还不能报送：{'；'.join(map(str, faults))}", rule="plan.incomplete")
    kind = rows_of(plan).values_list("activity_kind", flat=True).first()
    changes = {"submitted_by": actor, "return_reason": ""}
    rules, today = Rulebook.from_data(plan.rules.data), timezone.localtime(now).date()
    day = receiving_day(rules, plan.period, today)
    changes["receiver_id"] = receivers_of_unit(plan.campaign_id, kind, plan.department_id, day)[0]
    if plan.submitted_on is None:
        changes["submitted_on"] = today
        changes["due_on"] = due_for(plan.campaign, rules, plan.department_id, plan.period, today=today)
    _move(plan, sources=EDITABLE, target=P.SUBMITTED, kind="submitted", actor=actor, now=now, **changes)
    _audit(plan, actor, "plan.submitted")


@transaction.atomic
def file(*, plan: Plan, actor, note: str = "", now: datetime | None = None) -> None:
    """submitted → filed 备案, with a remark if there is one. The plan in force until now: filed → superseded 已调整.

    Side effects in order: the old plan's state with its event; state; an event; notices; the walks begun from the old
    plan with an event naming them; an audit entry. Raises Refused for a unit that is no longer bound, StaleVersion,
    IllegalTransition.
    """
    now = now or timezone.now()
    require_bound(plan, "备案")
    lock_in_state(plan, (P.SUBMITTED,), EVENTS["filed"], version=plan.version)
    old = _same_place(plan).filter(state=P.FILED).first()
    if old:
        _move(old, sources=(P.FILED,), target=P.SUPERSEDED, kind="superseded", actor=actor, now=now)
    changes = {"filed_on": timezone.localtime(now).date(), "filed_by": actor}
    _move(plan, sources=(P.SUBMITTED,), target=P.FILED, kind="filed", actor=actor, now=now, note=note, **changes)
    carried = carry_over(old=old, new=plan) if old else []
    if carried:
        write_event(plan, "carried", actor, now, f"照原稿转入，不再改动：{'、'.join(carried)}")
    _audit(plan, actor, "plan.filed")


@transaction.atomic
def send_back(*, plan: Plan, actor, note: str, now: datetime | None = None) -> None:
    """submitted → returned 退回修改, with a reason.

    Side effects in order: state; an event; notices; an audit entry. Raises Refused without a reason, StaleVersion,
    IllegalTransition.
    """
    if not note.strip():
        raise Refused("请写明退回原因，便于对方修改。", fields={"note": "请写明退回原因"})
    now = now or timezone.now()
    changes = {"return_reason": note}
    _move(plan, sources=(P.SUBMITTED,), target=P.RETURNED, kind="returned", actor=actor, now=now, note=note, **changes)
    _audit(plan, actor, "plan.returned")


@transaction.atomic
def adjust(*, plan: Plan, actor, note: str, now: datetime | None = None) -> Plan:
    """起草调整稿: a copy of the filed plan as the next draft, which is returned; the filed one stays in force.

    What was given for a row (报备) goes with the copy; the day of the first submit too, so that an adjustment is never
    late. Side effects in order: the draft, its rows and event; an audit entry. Raises Refused without a reason or for a
    unit that is no longer bound, StaleVersion, IllegalTransition, also when an adjustment stands already.
    """
    now = now or timezone.now()
    if not note.strip():
        raise Refused("请写明调整原因。", fields={"note": "请写明调整原因"})
    require_bound(plan, "调整")
    lock_in_state(plan, (P.FILED,), EVENTS["adjusted"], version=plan.version)
    if _same_place(plan).filter(state__in=IN_WRITING).exists():
        raise IllegalTransition("本计划已有调整稿，请在调整稿上修改，或先放弃它。", rule="plan.adjusting")
    draft = Plan.objects.create(
        campaign=plan.campaign,
        rules=rules_of(plan.campaign_id)[0],
        department=plan.department,
        receiver=plan.receiver,
        period=plan.period,
        round=_same_place(plan).aggregate(last=Max("round"))["last"] + 1,
        due_on=plan.due_on,
        submitted_on=plan.submitted_on,
        created_by=actor,
    )
    rows = list(PlanRow.objects.filter(plan=plan).order_by("order", "id"))
    for row in rows:
        row.pk, row.plan, row.source_id, row.walk, row._state.adding = None, draft, row.pk, None, True
    PlanRow.objects.bulk_create(rows)
    write_event(draft, "adjusted", actor, now, note)
    _audit(plan, actor, "plan.adjusted")
    return draft


@transaction.atomic
def discard(*, plan: Plan, actor, now: datetime | None = None) -> Plan:
    """draft, returned → discarded 放弃调整; returns the filed plan, of which nothing has changed.

    Side effects in order: state; an event; an audit entry. Raises StaleVersion, IllegalTransition, also for a plan that
    adjusts none.
    """
    require_adjustment(plan)
    _move(plan, sources=EDITABLE, target=P.DISCARDED, kind="discarded", actor=actor, now=now or timezone.now())
    _audit(plan, actor, "plan.discarded")
    return _same_place(plan).get(state=P.FILED)


def write_event(plan: Plan, kind: str, actor, now: datetime, note: str = "") -> None:
    """One line of the plan's history."""
    PlanEvent.objects.create(plan=plan, kind=kind, actor=actor, at=now, note=note[:500])


def require(allowed: bool) -> None:
    """Turn a refused predicate into 403 in words."""
    if not allowed:
        raise NotAllowed("您没有办理此事的权限。", rule="permission")


def require_state(plan: Plan, states: tuple[str, ...], title: str) -> None:
    """Raise IllegalTransition when ``title`` is no step from the plan's present state."""
    if plan.state not in states:
        raise IllegalTransition(f"计划处于“{plan.get_state_display()}”，不能{title}。", rule="plan.state")


def require_version(plan: Plan, version: int) -> None:
    """Raise StaleVersion when the plan is no longer the one the person was shown."""
    if version != plan.version:
        raise _stale(plan)


def require_adjustment(plan: Plan) -> None:
    """Raise IllegalTransition for a first plan: without it the unit would have none."""
    if plan.round == 1:
        raise IllegalTransition("这是首稿，不是调整稿，不能放弃；可以继续修改。", rule="plan.state")


def unbound_words(plan: Plan) -> str:
    """Why the unit takes no new step on this plan: what happened, what is kept, what to do; "" when it is bound."""
    left = RosterEntry.objects.filter(campaign=plan.campaign_id, department=plan.department_id)
    left = left.values_list("left_on", flat=True).first()
    if not plan.department.is_active:
        happened, then = "已撤销", "相关事项请由承接其职能的单位另行计划"
    elif left:
        happened, then = f"已于 {left} 退出本活动名单", "如应继续参加，请统筹办将其重新列入名单"
    elif plan.campaign.state not in OPEN_CAMPAIGNS:
        return f"“{plan.campaign.name}”已结束，计划不再办理。原有的计划和体验记录照旧保留，可以查看、导出。"
    else:
        return ""
    return f"{plan.department.name}{happened}，不再承担新的任务。原有的计划和体验记录照旧保留，可以查看、导出；{then}。"


def require_bound(plan: Plan, title: str) -> None:
    """Raise Refused when the unit left the roster or was abolished, or the campaign has ended."""
    words = unbound_words(plan)
    if words:
        raise Refused(f"不能{title}：{words}", rule="plan.roster")


def lock_in_state(plan: Plan, sources: tuple[str, ...], title: str, *, version: int | None = None) -> None:
    """Keep the plan in its present state until the transaction ends; to be called before anything is built upon it.

    Raises IllegalTransition when it is in none of ``sources``, StaleVersion when it is not of ``version``.
    """
    rows = Plan.objects.select_for_update().filter(pk=plan.pk, state__in=sources)
    if not list((rows.filter(version=version) if version else rows).values_list("pk")):
        raise _lost(plan, sources, title)


def _same_place(plan: Plan):
    """All rounds of the plan, itself included."""
    return Plan.objects.filter(campaign=plan.campaign_id, department=plan.department_id, period=plan.period)


def _standing(campaign: Campaign, department_id: int, period: str) -> Plan | None:
    rows = Plan.objects.filter(campaign=campaign, department_id=department_id, period=period)
    return rows.exclude(state__in=GONE).order_by("-round").first()


def _require_bound(campaign: Campaign, department_id: int) -> None:
    bound = RosterEntry.objects.filter(campaign=campaign, department_id=department_id, left_on=None)
    if campaign.state not in OPEN_CAMPAIGNS or not bound.exists():
        raise Refused("本单位不在实施中的活动名单内，不能起草计划。", rule="plan.roster")


def _move(plan: Plan, *, sources, target: str, kind: str, actor, now: datetime, note: str = "", **changes) -> None:
    won = Plan.objects.filter(pk=plan.pk, state__in=sources, version=plan.version).update(
        state=target, version=F("version") + 1, changed_by=actor, changed_at=now, **changes
    )
    if not won:
        raise _lost(plan, sources, EVENTS[kind])
    plan.refresh_from_db()
    write_event(plan, kind, actor, now, note)
    notices.after(kind=kind, plan=plan, actor=actor, now=now)


def _lost(plan: Plan, sources, title: str) -> Exception:
    current = Plan.objects.only("state", "version").get(pk=plan.pk)
    if current.state in sources:
        return _stale(plan)
    return IllegalTransition(f"计划处于“{current.get_state_display()}”，不能{title}。", rule="plan.state")


def _stale(plan: Plan) -> StaleVersion:
    last = Plan.objects.select_related("changed_by", "created_by").get(pk=plan.pk)
    when = timezone.localtime(last.changed_at or last.created_at).strftime("%m月%d日 %H:%M")
    return StaleVersion(
        f"本计划已由{last.changed_by or last.created_by}于{when}修改，您看到的内容不是最新的，本次操作未执行。"
        "请核对最新内容后再办理。",
        rule="plan.version",
    )


def _audit(plan: Plan, actor, action: str) -> None:
    detail = {"department": plan.department_id, "period": plan.period, "round": plan.round}
    key = f"{plan.campaign.code}-{plan.pk}"
    audit.record(actor=actor, action=action, object_type="plan", object_key=key, detail=detail)
