"""Which plans a person sees. Which are owed: ``plans.domain.filing``."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, Count, Q, QuerySet, When

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign, Receiver, RosterEntry
from core.calendar import work_calendar
from core.workdays import late_words
from plans.domain.validation import period_label
from plans.enums import GONE, HANDED_IN, PlanState
from plans.models import Plan, PlanEvent, PlanRow
from walks.enums import WalkState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

LIVE_WALKS = tuple(state for state in WalkState.values if state != WalkState.CANCELLED)
# Rows of a plan whose walk may still begin: none has, or the one that had was cancelled.
OPEN_TO_WALK = Q(walk=None) | Q(walk__state=WalkState.CANCELLED)


def plans_visible_to(user: User) -> QuerySet[Plan]:
    """Plans the person may know of.

    - principal, deputies and liaisons of the unit: all of the unit's plans, drafts too
    - the receiving lead, the office and supervisors (region subtree): only what was handed in
    - rectification owners, the three administrators, other units, other counties: none

    A covert walk (暗访) never stands in a plan, so nothing here differs because of one.
    """
    scope = scope_of(user)
    if scope.user_id is None:
        return Plan.objects.none()
    handed_in = Q(state__in=HANDED_IN) | Q(state__in=GONE, submitted_by__isnull=False)
    above = Q(receiver_id__in=scope.leads) | Q(department__region_id__in=scope.read_regions)
    return Plan.objects.filter(Q(department_id__in=scope.units) | (above & handed_in))


class BegunRow(TypedDict):
    """What ``rows_of`` adds to a row."""

    is_begun: bool


def rows_of(plan: Plan) -> "QuerySet[WithAnnotations[PlanRow, BegunRow]]":
    """The plan's rows in order, with item and walker.

    ``is_begun``: its walk has begun, under this plan or, for a row of an adjustment, under the plan still in force.
    """
    begun = Q(walk__state__in=LIVE_WALKS) | Q(source__walk__state__in=LIVE_WALKS)
    rows = PlanRow.objects.filter(plan=plan).select_related("item", "walker").order_by("order", "id")
    return rows.annotate(is_begun=Case(When(begun, then=True), default=False))


def sibling_plan(user: User, plan: Plan) -> Plan | None:
    """Beside a filed plan its adjustment in writing, beside an adjustment the plan in force; None: nothing is seen."""
    if plan.state in GONE:
        return None
    rows = plans_visible_to(user).filter(campaign=plan.campaign_id, department=plan.department_id, period=plan.period)
    return rows.exclude(state__in=GONE).exclude(pk=plan.pk).first()


def events_of(plan: Plan) -> QuerySet[PlanEvent]:
    """What happened to the plan, in order, with who did it."""
    return PlanEvent.objects.filter(plan=plan).select_related("actor")


def plans_matching(
    user: User, *, own: bool, campaign: int | None = None, department: int | None = None, period: str = ""
) -> QuerySet[Plan]:
    """Plans the person sees as the unit (``own``) or as the one who receives or reads; superseded and discarded ones
    left out."""
    scope = scope_of(user)
    rows = plans_visible_to(user)
    if own:
        rows = rows.filter(department_id__in=scope.units).exclude(state__in=GONE)
    else:
        above = Q(receiver_id__in=scope.leads) | Q(department__region_id__in=scope.read_regions)
        rows = rows.filter(above, state__in=HANDED_IN)
    if campaign:
        rows = rows.filter(campaign_id=campaign)
    if department:
        rows = rows.filter(department_id=department)
    return rows.filter(period=period) if period else rows


def counts_by_state(plans: QuerySet) -> dict[str, int]:
    """{state: plans (件)} in one query."""
    return plans.order_by().aggregate(**{state: Count("pk", filter=Q(state=state)) for state in HANDED_IN})


def list_rows(plans: QuerySet, *, today: date) -> list[dict]:
    """The rows of a page, lateness in words; two queries."""
    fields = ("id", "state", "round", "period", "due_on", "submitted_on", "filed_on", "campaign__name")
    found = plans.annotate(total=Count("rows")).values(*fields, "total", "department__name", "receiver__name")
    rows = list(found)
    if not rows:
        return []
    calendar = work_calendar()
    for row in rows:
        row["period_label"] = period_label(row["period"])
        row["state_label"] = PlanState(row["state"]).label
        row["late"] = late_words(row["due_on"], row["submitted_on"] or today, calendar)
    return rows


def campaigns_with_plans(user: User) -> list[tuple[int, str]]:
    """(id, name) of the campaigns whose plans the person may come across, the newest first."""
    scope = scope_of(user)
    routed = Receiver.objects.filter(department_id__in=scope.leads).values("campaign_id")
    bound = RosterEntry.objects.filter(department_id__in=scope.units).values("campaign_id")
    reach = Q(region_id__in=scope.read_regions) | Q(pk__in=routed) | Q(pk__in=bound)
    rows = Campaign.objects.filter(reach, issued_at__isnull=False).order_by("-starts_on", "id")
    return list(rows.values_list("pk", "name"))
