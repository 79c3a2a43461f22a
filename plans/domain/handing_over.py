"""Rows of plans in the name of a leader who leaves: those whose walk has not begun go over to the successor."""

from collections.abc import Iterable

from django.db.models import F, QuerySet

from accounts.domain.duties import DutyKind, HandOverChange
from accounts.domain.memberships import capacity_in
from accounts.enums import Role
from accounts.models import User
from campaigns.enums import OPEN_CAMPAIGNS
from plans.domain.lifecycle import write_event
from plans.domain.queries import OPEN_TO_WALK, plans_visible_to
from plans.enums import GONE
from plans.models import Plan, PlanRow

HANDED_OVER = "handed_over"


def _rows(leaver_id: int, department_id: int) -> QuerySet[PlanRow]:
    """Rows that may still be walked, of plans that stand or are in writing in a campaign that goes on. A covert walk
    never stands in a plan."""
    rows = PlanRow.objects.filter(OPEN_TO_WALK, walker_id=leaver_id, plan__department_id=department_id)
    return rows.exclude(plan__state__in=GONE).filter(plan__campaign__state__in=OPEN_CAMPAIGNS)


def rows_visible_to(user: User, keys: Iterable[str]) -> QuerySet[PlanRow]:
    """Of the rows that went over, those of plans the person may know of, with item and plan."""
    rows = PlanRow.objects.filter(pk__in=[int(key) for key in keys], plan__in=plans_visible_to(user))
    return rows.select_related("plan", "item").order_by("plan_id", "order", "pk")


def _move(change: HandOverChange) -> list[str]:
    """Side effects in order, for each plan: the walker of its rows, a 报备 given for them being void, because it named
    who comes; the plan's version; an event.

    A row without 委托理由 is the principal's: it goes over to a principal alone, and else stays for the unit to adjust.
    """
    rows = _rows(change.leaver.pk, change.department.pk)
    if capacity_in(user_id=change.successor.pk, department_id=change.department.pk) != Role.PRINCIPAL:
        rows = rows.exclude(delegation_reason="")
    plans = Plan.objects.select_for_update().filter(pk__in=rows.values("plan_id")).order_by("pk")
    moved = []
    for plan in list(plans):
        own = list(rows.filter(plan=plan).order_by("pk").values_list("pk", flat=True))
        PlanRow.objects.filter(pk__in=own).update(walker=change.successor, noticed_at=None)
        Plan.objects.filter(pk=plan.pk).update(version=F("version") + 1, changed_by=change.actor, changed_at=change.now)
        write_event(plan, HANDED_OVER, change.actor, change.now, f"{change.words}，{len(own)} 项")
        moved += [str(pk) for pk in own]
    return moved


PLANNED_WALKS = DutyKind(
    name="plan_rows",
    label="计划中尚未开始的体验",
    unit="项",
    field="plans.PlanRow.walker",
    count=lambda leaver, department: _rows(leaver, department).count(),
    move=_move,
)
