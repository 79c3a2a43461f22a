"""Reminders of walks that are owed: a unit a week before the last day and on the working day before it, with how many
its principal has walked; the office on that working day, which units lack walks, by name in fixed order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from campaigns.domain.duty_facts import due_dates_by_campaign
from campaigns.domain.owed import Owed, only_due, owed_in
from campaigns.domain.rulebook.due_dates import DueDate
from campaigns.domain.rulebook.duties import Duty, Unit
from campaigns.domain.versions import rulebooks_on
from campaigns.enums import OPEN_CAMPAIGNS, ActivityKind, DeadlineKind
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.text import quoted
from core.workdays import WorkCalendar
from notifications.domain.dated import AHEAD, DatedDuty, ReminderMessage, ReminderStep, morning_before, week_before
from notifications.domain.reminder_delivery import make_reminders
from reports.domain.board.minimum import walks_toward

DUTY = "walk:"
Rights = dict[int, dict[int, str]]


@dataclass(frozen=True)
class Lack:
    """A unit that has walked ``done`` 次 of the ``duty.minimum`` that its principal owes in one period."""

    unit: Unit
    duty: Duty
    done: int


def make_walk_reminders(now: datetime) -> dict:
    """Make every reminder of walks owed that must exist by ``now`` and does not; safe to run twice.

    Returns {"walks": 单位 that lack walks, "reminders": 条 that must exist, "new": 条 made now}. Side effects: notices;
    those of units that have walked since, and of periods that have ended, are closed: what was missed is a matter of
    the pack. A covert walk counts only once it is reported, for this as for every figure.
    """
    today, calendar = timezone.localtime(now).date(), work_calendar()
    found = list(_lacks(today))
    owed = [duty for campaign, lacks in found for duty in _duties(campaign, lacks, calendar)]
    return {"walks": sum(len(lacks) for _, lacks in found), **make_reminders(DUTY, owed, now)}


def _lacks(today: date) -> Iterator[tuple[Campaign, list[Lack]]]:
    """(campaign, units that lack walks of one period) of each period whose last day comes soon."""
    campaigns = {one.pk: one for one in Campaign.objects.filter(state__in=OPEN_CAMPAIGNS).order_by("pk")}
    books = rulebooks_on(today, campaigns) if campaigns else {}
    for pk, dates in due_dates_by_campaign(books).items():
        if soon := [one for one in dates if _is_soon(one, today)]:
            owed = owed_in(campaigns[pk], books[pk], books[pk].whole, today=today)
            for one in soon:
                yield campaigns[pk], list(_of_period(campaigns[pk], only_due(owed, [one])))


def _is_soon(one: DueDate, today: date) -> bool:
    return one.kind == DeadlineKind.WALK and one.period.starts_on <= today <= one.due_on <= today + AHEAD


def _of_period(campaign: Campaign, owed: Owed) -> Iterator[Lack]:
    units, toward = {unit.id: unit for unit in owed.units}, walks_toward(None, campaign, owed)
    for duty in owed.duties:
        done = toward.done(duty)
        if done < duty.minimum:
            yield Lack(units[duty.unit_id], duty, done)


def _duties(campaign: Campaign, lacks: Sequence[Lack], calendar: WorkCalendar) -> Iterator[DatedDuty]:
    units = {lack.unit.id for lack in lacks}
    people = rights_with_role(department_ids=units, roles=(Role.LIAISON, Role.PRINCIPAL))
    offices = rights_with_role(department_ids={campaign.office_id}, roles=(Role.OFFICE,))
    office = offices.get(campaign.office_id, {})
    for lack in lacks:
        yield _of_unit(campaign, lack, people.get(lack.unit.id, {}), office, calendar)
    if lacks:
        yield _of_office(campaign, lacks, office, calendar)


def _of_unit(
    campaign: Campaign, lack: Lack, people: dict[int, str], office: dict[int, str], calendar: WorkCalendar
) -> DatedDuty:
    duty, period = lack.duty, lack.duty.period
    # A unit may owe two walks in one period: one of any kind, and one of a kind that is named.
    kind = duty.activity_kinds[0] if len(duty.activity_kinds) == 1 else ""
    named = f"“{ActivityKind(kind).label}”" if kind else ""
    what = f"{quoted(campaign.name)}{period.label}"
    counts = f"主要负责同志至少体验{named} {duty.minimum} 次，已体验 {lack.done} 次，还差 {duty.minimum - lack.done} 次"
    told = f"{counts}，请于 {duty.due_on} 前完成"
    whose = "" if people else f"{lack.unit.name}没有联络员和主要负责同志，请与该单位联系。"
    link = reverse("campaign", args=[campaign.code])
    message = ReminderMessage(people or office, f"{whose}{what}{told}", link)
    moments = (
        ("week", week_before(duty.due_on, calendar)),
        ("eve", morning_before(duty.due_on, calendar)),
    )
    steps = tuple(ReminderStep(name, at, (message,)) for name, at in moments)
    return DatedDuty(
        f"{DUTY}{campaign.pk}:{period.code}:unit:{lack.unit.id}:{kind}", "walk", duty.due_on, period.starts_on, steps
    )


def _of_office(campaign: Campaign, lacks: Sequence[Lack], office: dict[int, str], calendar: WorkCalendar) -> DatedDuty:
    duty = lacks[0].duty
    names = list(dict.fromkeys(lack.unit.name for lack in lacks))
    what = f"{quoted(campaign.name)}{duty.period.label}体验应于 {duty.due_on} 前完成"
    text = f"{what}，{len(names)} 个单位未完成：{'、'.join(names)}"
    link = f"{reverse('board', args=[campaign.code])}?period={duty.period.code}"
    step = ReminderStep("missing", morning_before(duty.due_on, calendar), (ReminderMessage(office, text, link),))
    name = f"{DUTY}{campaign.pk}:{duty.period.code}:office"
    return DatedDuty(name, "walks", duty.due_on, duty.period.starts_on, (step,))
