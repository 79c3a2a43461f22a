"""Plans of a unit that ends: those of the period that runs and of later ones become plans of its successor."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, Max, QuerySet

from accounts.domain.unit_moves import UNIT_CHANGED, Matter, MovedKind, StandingKind, UnitMove
from campaigns.enums import OPEN_CAMPAIGNS
from core.periods import parse_period
from plans.domain.lifecycle import write_event
from plans.domain.queries import OPEN_TO_WALK
from plans.domain.validation import WHOLE
from plans.enums import GONE, PlanState
from plans.models import Plan, PlanRow


def _plans(unit_ids: Collection[int], day: date) -> list[Plan]:
    """Plans that stand or are in writing, of periods that are not over on that day; those in force first."""
    rows = Plan.objects.filter(department__in=unit_ids, campaign__state__in=OPEN_CAMPAIGNS).exclude(state__in=GONE)
    rows = rows.select_related("campaign", "department").order_by("department__order", "department_id", "pk")
    found = [plan for plan in rows if _ends(plan) >= day]
    return sorted(found, key=lambda plan: plan.state != PlanState.FILED)


def _ends(plan: Plan) -> date:
    return plan.campaign.ends_on if plan.period == WHOLE else parse_period(plan.period).ends_on


def _matters(unit_ids: Collection[int], day: date) -> list[Matter]:
    return [Matter(str(plan.pk)) for plan in _plans(unit_ids, day)]


def _move(move: UnitMove) -> list[str]:
    """Side effects in order, for each plan: it becomes the plan of the successor; where that unit has one of the
    period, the rows whose walk has not begun are added to it and what was walked stays; versions; events."""
    moved = []
    for plan in _plans(move.ids, move.on):
        Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        own = _own(plan, move)
        if own is None:
            Plan.objects.filter(pk=plan.pk).update(department=move.main)
            _changed(plan, move, f"{move.words}：计划由{plan.department.name}转到{move.main.name}")
        elif rows := _open_rows(plan):
            _add(rows, own)
            _changed(plan, move, f"{move.words}：{len(rows)} 项尚未开始的体验转到{move.main.name}的计划")
            _changed(own, move, f"{move.words}：列入{plan.department.name}尚未开始的体验 {len(rows)} 项")
        moved.append(str(plan.pk))
    return moved


def _own(plan: Plan, move: UnitMove) -> Plan | None:
    """The plan the successor has for the period: the one in force, else the one in writing. An adjustment in writing
    of a plan that moved as a whole moves with it."""
    rows = Plan.objects.select_for_update(of=("self",)).filter(
        campaign=plan.campaign, period=plan.period, department=move.main
    )
    found = sorted(rows.exclude(state__in=GONE), key=lambda one: (one.state != PlanState.FILED, one.pk))
    if plan.state != PlanState.FILED and [one.state for one in found] == [PlanState.FILED]:
        sources = PlanRow.objects.filter(plan=plan, source__plan=found[0])
        return None if sources.exists() else found[0]
    return found[0] if found else None


def _open_rows(plan: Plan) -> list[PlanRow]:
    """Rows whose walk has not begun. Of an adjustment beside a plan in force none: they stand in that plan."""
    if plan.state != PlanState.FILED and Plan.objects.filter(
        campaign=plan.campaign, period=plan.period, department=plan.department, state=PlanState.FILED
    ):
        return []
    rows: QuerySet[PlanRow] = PlanRow.objects.filter(OPEN_TO_WALK, plan=plan)
    return list(rows.order_by("order", "pk"))


def _add(rows: list[PlanRow], own: Plan) -> None:
    last = PlanRow.objects.filter(plan=own).aggregate(last=Max("order"))["last"] or 0
    for place, row in enumerate(rows, start=1):
        row.plan, row.order = own, last + place
    PlanRow.objects.bulk_update(rows, ["plan", "order"], batch_size=200)


def _changed(plan: Plan, move: UnitMove, note: str) -> None:
    Plan.objects.filter(pk=plan.pk).update(version=F("version") + 1, changed_by=move.actor, changed_at=move.now)
    write_event(plan, UNIT_CHANGED, move.actor, move.now, note)


def _earlier(unit_ids: Collection[int], day: date) -> int:
    """Plans of periods that were over, and those that were replaced."""
    moved = [plan.pk for plan in _plans(unit_ids, day)]
    return Plan.objects.filter(department__in=unit_ids).exclude(pk__in=moved).count()


RUNNING_PLANS = MovedKind(
    name="plans", label="本期和以后的计划", unit="份", field="plans.Plan.department", matters=_matters, move=_move
)
ALL_PLANS = StandingKind("以往各期的计划", "份", False, _earlier)
