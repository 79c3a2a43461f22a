"""Reminders of inspections that a notice asks for (F16: at least one a quarter): ten working days before a period ends
without enough of them, and on the working day after it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from campaigns.domain.rulebook.rulebook import PERIOD_KINDS
from campaigns.domain.versions import rulebooks_on
from campaigns.enums import OPEN_CAMPAIGNS
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.periods import Kind, Period, period_of
from core.workdays import WorkCalendar
from issues.models import Inspection
from notifications.domain.dated import DatedDuty, ReminderMessage, ReminderStep, morning_after, morning_of
from notifications.domain.reminder_delivery import make_reminders

DUTY = "inspection:"
AHEAD_WORKDAYS = 10
# A period that ended longer ago reminds nobody, as with packs (docs/rules.md section 4).
KEPT = timedelta(days=62)


def make_inspection_reminders(now: datetime) -> dict:
    """Make every reminder of an inspection owed that must exist by ``now`` and does not; safe to run twice.

    Returns {"inspections": 期 looked at, "reminders": 条 that must exist, "new": 条 made now}. Side effects: notices;
    those of periods with enough inspections are closed.
    """
    today, calendar = timezone.localtime(now).date(), work_calendar()
    duties = list(_duties(today, calendar))
    return {"inspections": len(duties), **make_reminders(DUTY, duties, now)}


def _duties(today: date, calendar: WorkCalendar) -> Iterator[DatedDuty]:
    """Periods at hand, and the one before, in which fewer inspections were made than the rules of today ask for."""
    campaigns = list(_open())
    rules = rulebooks_on(today, [one.pk for one in campaigns]) if campaigns else {}
    asking = [one for one in campaigns if rules[one.pk].oversight.inspection_rhythm in PERIOD_KINDS]
    offices = rights_with_role(department_ids={one.office_id for one in asking}, roles=(Role.OFFICE,)) if asking else {}
    made = _days_of(asking) if asking else {}
    for campaign in asking:
        oversight = rules[campaign.pk].oversight
        for period in periods_owed(PERIOD_KINDS[oversight.inspection_rhythm], campaign, today):
            struck = [is_struck for day, is_struck in made.get(campaign.pk, ()) if day in period]
            owed = oversight.inspection_minimum - struck.count(False)
            if owed > 0:
                yield _duty(campaign, period, owed, sum(struck), offices, calendar)


def _open() -> QuerySet[Campaign]:
    return Campaign.objects.filter(state__in=OPEN_CAMPAIGNS).order_by("pk")


def _days_of(campaigns: list[Campaign]) -> dict[int, list[tuple[date, bool]]]:
    """{campaign: the day of each inspection, and whether it was struck out}."""
    found: dict[int, list[tuple[date, bool]]] = {}
    rows = Inspection.objects.filter(campaign__in=campaigns)
    for campaign, day, struck_at in rows.values_list("campaign_id", "inspected_on", "struck_at"):
        found.setdefault(campaign, []).append((day, struck_at is not None))
    return found


def periods_owed(kind: Kind, campaign: Campaign, today: date) -> list[Period]:
    """The periods in which the office owes something by its own rhythm: that of today and the one before, where they
    end within the campaign and not too long ago."""
    present = period_of(today, kind)
    return [
        one
        for one in (present.previous(), present)
        if campaign.starts_on <= one.ends_on <= campaign.ends_on and today - one.ends_on <= KEPT
    ]


def _duty(
    campaign: Campaign,
    period: Period,
    owed: int,
    struck: int,
    offices: dict[int, dict[int, str]],
    calendar: WorkCalendar,
) -> DatedDuty:
    """``struck``: how many (次) of the period were struck out; with each the duty may have come back."""
    people, end = offices.get(campaign.office_id, {}), period.ends_on
    link = reverse("inspections")
    what = f"{campaign.name}：{period.label}还应督查 {owed} 次"
    steps = (
        ReminderStep(
            "ahead",
            morning_of(calendar.add_workdays(end, -AHEAD_WORKDAYS), calendar),
            (ReminderMessage(people, f"{what}，请于 {end} 前安排并记录", link),),
        ),
        ReminderStep(
            "late", morning_after(end, calendar), (ReminderMessage(people, f"{what}，已逾期，请补记或安排督查", link),)
        ),
    )
    return DatedDuty(f"{DUTY}{campaign.pk}:{period.code}", "inspection", end, date.min, steps, f"{struck or ''}")
