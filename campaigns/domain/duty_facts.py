"""What duties are computed from, read from the database: rosters, hotline lists and due dates as they were shown.

The one reader of these rows for everybody who asks what a unit owes: the board, the list of plans and 等我办.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from campaigns.domain.rulebook import duties
from campaigns.domain.rulebook.due_dates import DueDate
from campaigns.domain.rulebook.duties import Hotline, Unit
from campaigns.enums import HotlineState
from campaigns.models import Campaign, Deadline, HotlineRow, RosterEntry
from catalogue.domain.queries import leads_bundle
from core.periods import Kind, Period, parse_period

if TYPE_CHECKING:
    from campaigns.domain.setup import ListedEntry

WHOLE = "all"


def entries_matching(which: Q) -> "QuerySet[ListedEntry]":
    """Lines of rosters with all that ``unit_of`` asks of them, in the fixed order of each roster."""
    rows = RosterEntry.objects.filter(which).annotate(leads_bundle=leads_bundle("department_id"))
    return rows.select_related("department").order_by("-campaign__starts_on", "campaign_id", "order", "id")


def unit_of(entry: "ListedEntry") -> Unit:
    """A line of ``entries_matching`` as duties see it. An abolished unit has left by the day of its end."""
    unit = entry.department
    return Unit(
        id=unit.pk,
        name=unit.name,
        kind=unit.kind,
        lists=duties.lists_of(
            kind=unit.kind,
            is_approval=unit.is_approval,
            is_enforcement=unit.is_enforcement,
            is_utility=unit.is_utility,
            leads_bundle=entry.leads_bundle,
        ),
        left_on=min(filter(None, (entry.left_on, unit.abolished_on)), default=None),
        is_active=unit.is_active,
        joined_on=entry.joined_on,
        away=tuple((date.fromisoformat(first), date.fromisoformat(back)) for first, back in entry.away),
        succeeded_by=unit.succeeded_by_id,
    )


def roster_of(campaign: Campaign) -> list[Unit]:
    """The roster as duties see it, in its fixed order; one query."""
    return [unit_of(entry) for entry in entries_matching(Q(campaign=campaign))]


def hotline_of(campaign: Campaign) -> Hotline:
    """{duty month: units of its issued list}; one query."""
    return hotlines_of([campaign.pk]).get(campaign.pk, {})


def hotlines_of(campaign_ids: Iterable[int]) -> dict[int, Hotline]:
    """{campaign: {duty month: units of its issued list}}; one query."""
    rows = HotlineRow.objects.filter(
        month__campaign_id__in=list(campaign_ids), month__state=HotlineState.ISSUED, is_listed=True
    )
    found: dict[int, dict[str, set]] = defaultdict(lambda: defaultdict(set))
    for campaign, month, department in rows.values_list("month__campaign_id", "month__duty_month", "department_id"):
        found[campaign][month].add(department)
    return {
        campaign: {month: frozenset(units) for month, units in months.items()} for campaign, months in found.items()
    }


def due_dates_of(campaign: Campaign) -> list[DueDate]:
    """Every due date of the campaign as it was shown, in the order of time; one query."""
    return due_dates_by_campaign([campaign.pk]).get(campaign.pk, [])


def due_dates_by_campaign(campaign_ids: Iterable[int]) -> dict[int, list[DueDate]]:
    """{campaign: its due dates as they were shown, in the order of time}; one query."""
    found = defaultdict(list)
    for row in Deadline.objects.filter(campaign_id__in=list(campaign_ids)).order_by("due_on", "id"):
        period = Period(row.period, _kind(row.period), row.starts_on, row.ends_on)
        found[row.campaign_id].append(DueDate(row.kind, period, row.due_on, row.is_provisional))
    return dict(found)


def _kind(code: str) -> Kind:
    return "whole" if code == WHOLE else parse_period(code).kind
