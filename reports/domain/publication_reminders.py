"""Reminders of publishing (通报公布, “晒”) that a notice asks for by a rhythm (F16: each quarter, H22: each month): the
office a week before a period ends without enough of it, on the working day before its last day, and once it has ended.

Counted are the periods that were published (印发) or made known (刊发) within those days, each once; where periods are
released to the public from here (向社会公开), those made known alone. Nothing is asked for in a period that ends before
the first materials are due: there is nothing to publish yet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from campaigns.domain.duty_facts import due_dates_by_campaign
from campaigns.domain.rulebook.rectifying import Oversight
from campaigns.domain.rulebook.rulebook import PERIOD_KINDS
from campaigns.domain.versions import rulebooks_on
from campaigns.enums import OPEN_CAMPAIGNS, DeadlineKind
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.periods import Period
from core.text import quoted
from core.workdays import WorkCalendar
from issues.domain.inspections.reminders import periods_owed
from notifications.domain.dated import (
    DatedDuty,
    ReminderMessage,
    ReminderStep,
    morning_after,
    morning_before,
    week_before,
)
from notifications.domain.reminder_delivery import make_reminders
from reports.models import Publication, PublicPlace

DUTY = "publication:"


@dataclass(frozen=True, slots=True)
class Out:
    """A period went out on ``day``; ``is_struck``: that was struck out as wrong."""

    day: date
    code: str
    is_struck: bool = False


Days = dict[int, list[Out]]


def make_publication_reminders(now: datetime) -> dict:
    """Make every reminder of publishing that must exist by ``now`` and does not; safe to run twice.

    Returns {"publications": 期 looked at, "reminders": 条 that must exist, "new": 条 made now}. Side effects: notices;
    those of periods in which enough was published are closed.
    """
    duties = list(_duties(timezone.localtime(now).date(), work_calendar()))
    return {"publications": len(duties), **make_reminders(DUTY, duties, now)}


def _duties(today: date, calendar: WorkCalendar) -> Iterator[DatedDuty]:
    """Periods at hand, and the one before, in which less was published than the rules of today ask for."""
    campaigns = list(Campaign.objects.filter(state__in=OPEN_CAMPAIGNS).order_by("pk"))
    rules = rulebooks_on(today, [one.pk for one in campaigns]) if campaigns else {}
    asking = [one for one in campaigns if rules[one.pk].oversight.publication_rhythm in PERIOD_KINDS]
    if not asking:
        return
    offices = rights_with_role(department_ids={one.office_id for one in asking}, roles=(Role.OFFICE,))
    published, made_known = _published(asking), _made_known(asking)
    first_due = _first_due(asking)
    for campaign in asking:
        oversight = rules[campaign.pk].oversight
        days = list(made_known.get(campaign.pk, ()))
        if not oversight.public_sheet:
            days += published.get(campaign.pk, ())
        for period in periods_owed(PERIOD_KINDS[oversight.publication_rhythm], campaign, today):
            done = publications_in(days, period)
            if done < oversight.publication_minimum and first_due.get(campaign.pk, date.min) <= period.ends_on:
                struck = sum(one.is_struck for one in days if one.day in period)
                owed = PublicationOwed(campaign, oversight, period, done, struck)
                yield _duty(owed, offices.get(campaign.office_id, {}), calendar)


def publications_in(days: Iterable[Out], period: Period) -> int:
    """How many periods (次) went out in that one, each once."""
    return len({one.code for one in days if one.day in period and not one.is_struck})


@dataclass(frozen=True, slots=True)
class PublicationOwed:
    """What the office owes of ``period``, in which it has published ``done`` 次, ``struck`` 次 struck out aside."""

    campaign: Campaign
    oversight: Oversight
    period: Period
    done: int
    struck: int


def _duty(owed: PublicationOwed, office: dict[int, str], calendar: WorkCalendar) -> DatedDuty:
    """With each that is struck out, and with another number asked for, the duty may come back."""
    campaign, oversight, period, done = owed.campaign, owed.oversight, owed.period, owed.done
    end, asked = period.ends_on, oversight.publication_minimum
    what = f"{quoted(campaign.name)}{period.label}应公布（{oversight.publication}）至少 {asked} 次"
    counted = "刊发" if oversight.public_sheet else "印发或刊发"
    so_far = f"系统内已{counted} {done} 次"
    elsewhere = "；已在系统以外公布的，阅知即可"
    link = reverse("campaign", args=[campaign.code])

    def told(words: str) -> tuple[ReminderMessage, ...]:
        return (ReminderMessage(office, f"{what}，{so_far}，{words}{elsewhere}", link),)

    steps = (
        ReminderStep("week", week_before(end, calendar), told(f"请于 {end} 前办理")),
        ReminderStep("eve", morning_before(end, calendar), told(f"请于 {end} 前办理")),
        ReminderStep("late", morning_after(end, calendar), told("已逾期，请尽快办理")),
    )
    name, occasion = f"{DUTY}{campaign.pk}:{period.code}", f"{asked}s{owed.struck}"
    return DatedDuty(name, "publication", end, period.starts_on, steps, occasion)


def _first_due(campaigns: list[Campaign]) -> dict[int, date]:
    """When the first materials of each are due, of those that ask for any; one query."""
    dates = due_dates_by_campaign([one.pk for one in campaigns])
    days = {pk: [one.due_on for one in due if one.kind == DeadlineKind.REPORT] for pk, due in dates.items()}
    return {pk: min(due) for pk, due in days.items() if due}


def _published(campaigns: list[Campaign]) -> Days:
    """When each period was first published; a correction is no further publication. One query."""
    rows = Publication.objects.filter(campaign__in=campaigns, version=1).order_by("id")
    found: Days = {}
    for pk, at, code in rows.values_list("campaign_id", "published_at", "period"):
        found.setdefault(pk, []).append(Out(timezone.localtime(at).date(), code))
    return found


def _made_known(campaigns: list[Campaign]) -> Days:
    """When each period was made known, wherever; one query."""
    rows = PublicPlace.objects.filter(sheet__publication__campaign__in=campaigns).order_by("id")
    columns = ("sheet__publication__campaign_id", "published_on", "sheet__publication__period", "struck_at")
    found: Days = {}
    for pk, day, code, struck_at in rows.values_list(*columns):
        found.setdefault(pk, []).append(Out(day, code, struck_at is not None))
    return found
