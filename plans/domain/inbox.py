"""Which plans and planned walks wait for a person. Each count equals the list it opens."""

from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet, Window

from accounts.enums import Role
from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.receivers import received_by
from campaigns.enums import OPEN_CAMPAIGNS
from core.grouping import first_of_each
from plans.domain.filing import OwedPlan, duties_of
from plans.domain.queries import OPEN_TO_WALK, plans_visible_to
from plans.domain.transitions import TABLE
from plans.enums import PlanState
from plans.models import Plan, PlanRow

FILE, REVISE = "file", "revise"
NOWHERE = Q(pk__in=[])
# A walk planned for this day or the next six; one whose day has passed is listed for a month.
AHEAD, BEHIND = timedelta(days=6), timedelta(days=30)
ROW = ("id", "period", "state", "department__name", "submitted_on", "return_reason")


def plan_tasks_for(user: User) -> dict[str, Q]:
    """{what is to be done: which plans}, by the person's parts.

    - file: plans handed in to the lead that receives them; to the office those of the lead itself and its own
    - revise: plans returned to the unit the person is liaison of
    """
    scope = scope_of(user)
    if scope.user_id is None:
        return {FILE: NOWHERE, REVISE: NOWHERE}
    liaison_of = {unit for role, unit in scope.roles if role == Role.LIAISON}
    return {
        FILE: Q(state__in=TABLE.sources_of("file")) & received_by(scope),
        REVISE: Q(state=TABLE.by_action["return"].target, department_id__in=liaison_of),
    }


def plans_assigned_to(user: User) -> QuerySet[Plan]:
    """Every plan that waits for this person, whatever is to be done."""
    tasks = plan_tasks_for(user)
    return plans_visible_to(user).filter(tasks[FILE] | tasks[REVISE])


def narrowed(plans: QuerySet[Plan], user: User, *, only_mine: bool) -> QuerySet[Plan]:
    """The given plans, or with ``only_mine`` those of them that wait for this person."""
    return plans.filter(pk__in=plans_assigned_to(user).values("pk")) if only_mine else plans


def waiting_plans(user: User, *, per_group: int = 3) -> dict[str, dict]:
    """{what is to be done: {"total", "rows"}}, the oldest ``per_group`` of each; one query for all."""
    oldest = [F("submitted_on").asc(), F("id").asc()]
    return first_of_each(
        plans_assigned_to(user), plan_tasks_for(user), order_by=oldest, fields=ROW, per_group=per_group
    )


def owed_plans(user: User, *, today: date, limit: int = 3) -> tuple[int, list[OwedPlan]]:
    """(how many, the first ``limit`` by due date) plans that the rules ask for and nobody has begun, of the units the
    person is liaison of; a fixed number of queries, none for anybody else."""
    liaison_of = {unit for role, unit in scope_of(user).roles if role == Role.LIAISON}
    if not liaison_of:
        return 0, []
    found = [duty for duty in duties_of(user, today=today) if duty.is_owed and duty.department_id in liaison_of]
    return len(found), found[:limit]


def planned_walks(user: User, *, today: date, limit: int = 3) -> tuple[int, list[dict]]:
    """(how many, the first ``limit``) walks a filed plan names this person for, due now; one query. A plan of a unit
    that the person has left asks nothing of that person any more.

    A covert walk never stands in a plan, so nothing here differs because of one.
    """
    scope = scope_of(user)
    rows = PlanRow.objects.filter(
        OPEN_TO_WALK,
        walker_id=scope.user_id,
        plan__department_id__in=scope.units,
        plan__state=PlanState.FILED,
        plan__campaign__state__in=OPEN_CAMPAIGNS,
        planned_on__range=(today - BEHIND, today + AHEAD),
    ).annotate(total=Window(Count("pk")))
    fields = ("total", "plan_id", "id", "planned_on", "mode", "place", "item__name")
    found = list(rows.order_by("planned_on", "id").values(*fields)[:limit])
    return (found[0]["total"] if found else 0), found
