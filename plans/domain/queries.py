"""Which plans a person sees, what a unit still owes, and who has handed in nothing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, Q, QuerySet, When

from accounts.scope import scope_of
from campaigns.domain.receivers import in_force
from campaigns.domain.rulebook.due_dates import due_of, last_walking_day
from campaigns.domain.rulebook.duties import kinds_for, lists_of
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rulebooks
from campaigns.enums import OPEN_CAMPAIGNS, DeadlineKind
from campaigns.models import Campaign, Deadline, Receiver, RosterEntry
from catalogue.domain.queries import leads_bundle
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from plans.domain.validation import WHOLE, period_label, periods_to_plan, plan_period
from plans.enums import PlanState
from plans.models import Plan, PlanEvent, PlanRow
from walks.enums import WalkState

P = PlanState
HANDED_IN = (P.SUBMITTED, P.FILED, P.RETURNED)
GONE = (P.SUPERSEDED, P.DISCARDED)
LIVE_WALKS = tuple(state for state in WalkState.values if state != WalkState.CANCELLED)


def plans_visible_to(user):
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


def rows_of(plan: Plan):
    """The plan's rows in order, with item and walker.

    ``is_begun``: its walk has begun, under this plan or, for a row of an adjustment, under the plan still in force.
    """
    begun = Q(walk__state__in=LIVE_WALKS) | Q(source__walk__state__in=LIVE_WALKS)
    rows = PlanRow.objects.filter(plan=plan).select_related("item", "walker").order_by("order", "id")
    return rows.annotate(is_begun=Case(When(begun, then=True), default=False))


def sibling_plan(user, plan: Plan) -> Plan | None:
    """Beside a filed plan its adjustment in writing, beside an adjustment the plan in force; None: nothing is seen."""
    if plan.state in GONE:
        return None
    rows = plans_visible_to(user).filter(campaign=plan.campaign_id, department=plan.department_id, period=plan.period)
    return rows.exclude(state__in=GONE).exclude(pk=plan.pk).first()


def events_of(plan: Plan):
    """What happened to the plan, in order, with who did it."""
    return PlanEvent.objects.filter(plan=plan).select_related("actor")


def due_for(campaign: Campaign, rules: Rulebook, code: str) -> date | None:
    """By when the plan of a period is due: the date as it was shown, else by the rules; None: no date is set."""
    if not rules.planning.required:
        return None
    shown = Deadline.objects.filter(campaign=campaign, kind=DeadlineKind.PLAN, period=code)
    day = shown.values_list("due_on", flat=True).first()
    return day or _computed_due(rules, code, work_calendar())


def late_days(due_on: date | None, day: date, calendar: WorkCalendar) -> int | None:
    """By how many 工作日 ``day`` is late; None when it is in time. 0: late, with no working day in between."""
    return calendar.workdays_between(due_on, day) if due_on and day > due_on else None


def late_words(due_on: date | None, day: date, calendar: WorkCalendar) -> str:
    """逾期 1 个工作日, or ""."""
    days = late_days(due_on, day, calendar)
    if days is None:
        return ""
    return f"逾期 {days} 个工作日" if days else "逾期（未满 1 个工作日）"


@dataclass(frozen=True)
class OwedPlan:
    """A plan a unit may begin: ``is_owed`` when the rules ask for it. ``value`` names it in a form."""

    campaign: Campaign
    department_id: int
    department: str
    period: str
    due_on: date | None
    is_owed: bool

    @property
    def value(self) -> str:
        return f"{self.campaign.pk}-{self.department_id}-{self.period}"

    @property
    def label(self) -> str:
        return period_label(self.period)


def duties_of(user, *, today: date) -> list[OwedPlan]:
    """Plans the person's units have not begun: what is owed first, by due date; then what may be planned freely."""
    scope = scope_of(user)
    if not scope.units:
        return []
    entries = list(_bound_units(Q(department_id__in=scope.units), today).select_related("campaign", "department"))
    books = rulebooks({entry.campaign_id for entry in entries}) if entries else {}
    have = _plans_in_force(Q(department_id__in=scope.units)) if entries else set()
    shown = _shown_dates(books) if entries else {}
    calendar = work_calendar() if entries else None
    found = []
    for entry in entries:
        rules = books[entry.campaign_id]
        found += [
            _duty(entry, rules, period.code, shown, calendar)
            for period in periods_to_plan(rules, today)
            if (entry.campaign_id, entry.department_id, period.code) not in have
        ]
    return sorted(found, key=lambda one: (not one.is_owed, one.due_on or date.max, one.period))


def plans_matching(user, *, own: bool, campaign: int | None = None, department: int | None = None, period: str = ""):
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
    calendar = work_calendar() if rows else None
    for row in rows:
        row["period_label"] = period_label(row["period"])
        row["state_label"] = PlanState(row["state"]).label
        row["late"] = late_words(row["due_on"], row["submitted_on"] or today, calendar)
    return rows


def missing_units(user, *, today: date, campaign: int | None = None, department: int | None = None) -> list[dict]:
    """Units that owe a plan and handed in none, in the fixed order of the roster; five queries at most.

    For a lead the units whose plans it receives, for office and supervisors every unit of their campaigns. A unit that
    is adjusting a filed plan has handed one in.
    """
    scope = scope_of(user)
    routed = Receiver.objects.filter(department_id__in=scope.leads).values("campaign_id")
    reach = Q(campaign__region_id__in=scope.read_regions) | Q(campaign_id__in=routed)
    if not (scope.leads or scope.read_regions):
        return []
    entries = _bound_units(reach, today).select_related("campaign", "department")
    entries = list(entries.filter(campaign_id=campaign) if campaign else entries)
    entries = [entry for entry in entries if not department or entry.department_id == department]
    books = rulebooks({entry.campaign_id for entry in entries}) if entries else {}
    entries = [entry for entry in entries if _owes(entry, books[entry.campaign_id])]
    if not entries:
        return []
    leading = _leading(books, today)
    have = _plans_in_force(Q(state__in=HANDED_IN))
    shown, calendar = _shown_dates(books), work_calendar()
    found = []
    for entry in entries:
        rules = books[entry.campaign_id]
        receives = leading.get((entry.campaign_id, rules.activity_kinds[0], entry.department.kind))
        receives = receives or leading.get((entry.campaign_id, rules.activity_kinds[0], ""))
        if entry.campaign.region_id not in scope.read_regions and receives not in scope.leads:
            continue
        code = periods_to_plan(rules, today)[0].code
        if (entry.campaign_id, entry.department_id, code) not in have:
            found.append(_missing(_duty(entry, rules, code, shown, calendar), today, calendar))
    return found


def campaigns_with_plans(user) -> list[tuple[int, str]]:
    """(id, name) of the campaigns whose plans the person may come across, the newest first."""
    scope = scope_of(user)
    routed = Receiver.objects.filter(department_id__in=scope.leads).values("campaign_id")
    bound = RosterEntry.objects.filter(department_id__in=scope.units).values("campaign_id")
    reach = Q(region_id__in=scope.read_regions) | Q(pk__in=routed) | Q(pk__in=bound)
    rows = Campaign.objects.filter(reach, issued_at__isnull=False).order_by("-starts_on", "id")
    return list(rows.values_list("pk", "name"))


def _bound_units(reach: Q, today: date):
    rows = RosterEntry.objects.filter(
        reach,
        left_on=None,
        department__is_active=True,
        campaign__state__in=OPEN_CAMPAIGNS,
        campaign__ends_on__gte=today,
    )
    rows = rows.annotate(leads_bundle=leads_bundle("department_id"))
    return rows.order_by("-campaign__starts_on", "campaign_id", "order", "id")


def _plans_in_force(which: Q) -> set[tuple[int, int, str]]:
    rows = Plan.objects.filter(which).exclude(state__in=GONE).order_by()
    return set(rows.values_list("campaign_id", "department_id", "period"))


def _shown_dates(campaign_ids) -> dict[tuple[int, str], date]:
    rows = Deadline.objects.filter(campaign_id__in=list(campaign_ids), kind=DeadlineKind.PLAN)
    return {(campaign, period): due for campaign, period, due in rows.values_list("campaign_id", "period", "due_on")}


def _leading(campaign_ids, today: date) -> dict[tuple[int, str, str], int]:
    rows = Receiver.objects.filter(in_force(today), campaign_id__in=list(campaign_ids), order=0)
    return {row[:3]: row[3] for row in rows.values_list("campaign_id", "activity_kind", "unit_kind", "department_id")}


def _owes(entry: RosterEntry, rules: Rulebook) -> bool:
    """Whether the unit files a plan: the rules ask for one, and it takes part (W23 三: whoever leads an 一件事)."""
    unit = entry.department
    flags = {name: getattr(unit, name) for name in ("kind", "is_approval", "is_enforcement", "is_utility")}
    plan, lists = rules.planning, lists_of(**flags, leads_bundle=entry.leads_bundle)
    return plan.required and plan.filed and bool(kinds_for(rules, lists))


def _duty(entry: RosterEntry, rules: Rulebook, code: str, shown: dict, calendar: WorkCalendar) -> OwedPlan:
    required = _owes(entry, rules)
    due = shown.get((entry.campaign_id, code)) or _computed_due(rules, code, calendar) if required else None
    return OwedPlan(entry.campaign, entry.department_id, entry.department.name, code, due, required)


def _computed_due(rules: Rulebook, code: str, calendar: WorkCalendar) -> date | None:
    found = due_of(rules.planning.due, plan_period(rules, code), calendar, last_walk=last_walking_day(rules))
    return found[0] if found else None


def _missing(duty: OwedPlan, today: date, calendar: WorkCalendar) -> dict:
    return {
        "department": duty.department,
        "campaign": duty.campaign.name,
        "period_label": duty.label if duty.period != WHOLE else "全程",
        "due_on": duty.due_on,
        "late": late_words(duty.due_on, today, calendar),
    }
