"""Which plans are owed: what a unit may begin, who has handed in nothing, by when a plan is judged.

Who owes a plan is decided by ``campaigns.domain.rulebook.plans_owed`` alone, for the board as well.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.duty_facts import due_dates_by_campaign, entries_matching, hotlines_of, unit_of
from campaigns.domain.receivers import histories_of
from campaigns.domain.rulebook.plans_owed import PlanDuty, asks_for_plans, plans_owed
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rulebooks_on
from campaigns.enums import OPEN_CAMPAIGNS, UnitList
from campaigns.models import Campaign, Receiver, RosterEntry
from core.calendar import work_calendar
from core.workdays import WorkCalendar, late_words
from plans.domain.validation import WHOLE, period_label, periods_to_plan
from plans.enums import GONE, HANDED_IN
from plans.models import Plan

if TYPE_CHECKING:
    from campaigns.domain.setup import ListedEntry

# (campaign, unit, period) → the plan owed there.
Duties = dict[tuple[int, int, str], PlanDuty]


@dataclass(frozen=True)
class OwedPlan:
    """A plan a unit may begin: ``is_owed`` when it owes one; ``is_asked`` when the rules ask units for plans at all;
    ``is_kept`` when they ask for one that the unit keeps (F16).

    ``value`` names it in a form; ``late``: 逾期 in words, or "".
    """

    campaign: Campaign
    department_id: int
    department: str
    period: str
    due_on: date | None
    is_owed: bool
    is_asked: bool
    is_kept: bool
    late: str

    @property
    def value(self) -> str:
        return f"{self.campaign.pk}-{self.department_id}-{self.period}"

    @property
    def label(self) -> str:
        return period_label(self.period)


def duties_of(user: User, *, today: date) -> list[OwedPlan]:
    """Plans the person's units have not begun: what is owed first, by due date; then what may be planned freely."""
    scope = scope_of(user)
    if not scope.units:
        return []
    still_bound = Q(left_on=None, department__is_active=True, department_id__in=scope.units)
    entries = list(entries_matching(_under_way(today) & still_bound).select_related("campaign"))
    if not entries:
        return []
    books = rulebooks_on(today, {entry.campaign_id for entry in entries})
    calendar = work_calendar()
    owed = _duties(entries, books, today, calendar)
    have = _plans_in_force(Q(department_id__in=scope.units))
    found = []
    for entry in entries:
        rules = books[entry.campaign_id]
        for period in periods_to_plan(rules, today):
            place = (entry.campaign_id, entry.department_id, period.code)
            if place not in have:
                found.append(_to_begin(entry, rules, period.code, owed.get(place), today, calendar))
    return sorted(found, key=lambda one: (not one.is_owed, one.due_on or date.max, one.period))


def missing_units(user: User, *, today: date, campaign: int | None = None, department: int | None = None) -> list[dict]:
    """Units that owe the plan of the period that runs and handed in none, in the fixed order of the roster; a fixed
    number of queries.

    For a lead the units whose plans it receives, for office and supervisors every unit of their campaigns. A unit that
    is adjusting a filed plan has handed one in.
    """
    scope = scope_of(user)
    if not (scope.leads or scope.read_regions):
        return []
    routed = Receiver.objects.filter(department_id__in=scope.leads).values("campaign_id")
    reach = Q(campaign__region_id__in=scope.read_regions) | Q(campaign_id__in=routed)
    reach &= Q(campaign_id=campaign) if campaign else Q()
    entries = list(entries_matching(_under_way(today) & reach).select_related("campaign"))
    entries = [entry for entry in entries if not department or entry.department_id == department]
    calendar = work_calendar()
    return [
        _missing(entry, duty, today, calendar)
        for entry, duty, runs in _not_handed_in(entries, today, calendar)
        if runs and (entry.campaign.region_id in scope.read_regions or not scope.leads.isdisjoint(duty.receivers[:1]))
    ]


def missing_plans(*, today: date, calendar: WorkCalendar) -> list[tuple[RosterEntry, PlanDuty]]:
    """Every plan of an open campaign that is owed for the period that runs or the next and was not handed in, with the
    line of the roster that owes it, in the order of the rosters; a fixed number of queries."""
    entries = list(entries_matching(_under_way(today)).select_related("campaign"))
    return [(entry, duty) for entry, duty, _ in _not_handed_in(entries, today, calendar)]


def _not_handed_in(
    entries: "list[ListedEntry]", today: date, calendar: WorkCalendar
) -> "Iterator[tuple[ListedEntry, PlanDuty, bool]]":
    """Each line with a plan it owes and did not hand in, and whether that is of the period that runs."""
    books = rulebooks_on(today, {entry.campaign_id for entry in entries}) if entries else {}
    entries = [entry for entry in entries if asks_for_plans(books[entry.campaign_id])]
    if not entries:
        return
    have = _plans_in_force(Q(state__in=HANDED_IN))
    owed = _duties(entries, books, today, calendar, with_receivers=True)
    for entry in entries:
        for number, period in enumerate(periods_to_plan(books[entry.campaign_id], today)):
            place = (entry.campaign_id, entry.department_id, period.code)
            if place in owed and place not in have:
                yield entry, owed[place], number == 0


def due_for(campaign: Campaign, rules: Rulebook, department_id: int, code: str, *, today: date) -> date | None:
    """By when the unit owes the plan of a period; None: it owes none, or the notice sets no day."""
    entries = entries_matching(Q(campaign=campaign, department_id=department_id))
    owed = _duties(entries, {campaign.pk: rules}, today, work_calendar())
    duty = owed.get((campaign.pk, department_id, code))
    return duty.due_on if duty else None


def _under_way(today: date) -> Q:
    return Q(campaign__state__in=OPEN_CAMPAIGNS, campaign__ends_on__gte=today)


def _duties(
    entries: "Iterable[ListedEntry]",
    books: dict[int, Rulebook],
    today: date,
    calendar: WorkCalendar,
    *,
    with_receivers: bool = False,
) -> Duties:
    """Every plan these lines of rosters owe; three queries at most."""
    units = defaultdict(list)
    for entry in entries:
        if asks_for_plans(books[entry.campaign_id]):
            units[entry.campaign_id].append(unit_of(entry))
    due_dates = due_dates_by_campaign(books)
    routes = histories_of(units) if with_receivers else {}
    listed = [pk for pk in units if any(UnitList.HOTLINE in one.units for one in books[pk].activities)]
    hotlines = hotlines_of(listed) if listed else {}
    return {
        (pk, duty.unit_id, duty.period.code): duty
        for pk, found in units.items()
        for duty in plans_owed(
            books[pk],
            found,
            due_dates.get(pk, []),
            today=today,
            calendar=calendar,
            routes=routes[pk].ids if pk in routes else None,
            hotline=hotlines.get(pk),
        )
    }


def _plans_in_force(which: Q) -> set[tuple[int, int, str]]:
    rows = Plan.objects.filter(which).exclude(state__in=GONE).order_by()
    return set(rows.values_list("campaign_id", "department_id", "period"))


def _to_begin(
    entry: RosterEntry, rules: Rulebook, code: str, duty: PlanDuty | None, today: date, calendar: WorkCalendar
) -> OwedPlan:
    return OwedPlan(
        campaign=entry.campaign,
        department_id=entry.department_id,
        department=entry.department.name,
        period=code,
        due_on=duty.due_on if duty else None,
        is_owed=duty is not None,
        is_asked=asks_for_plans(rules),
        is_kept=rules.planning.required and not asks_for_plans(rules),
        late=late_words(duty.due_on, today, calendar) if duty else "",
    )


def _missing(entry: RosterEntry, duty: PlanDuty, today: date, calendar: WorkCalendar) -> dict:
    code = duty.period.code
    return {
        "department": entry.department.name,
        "campaign": entry.campaign.name,
        "period_label": period_label(code) if code != WHOLE else "全程",
        "due_on": duty.due_on,
        "late": late_words(duty.due_on, today, calendar),
    }
