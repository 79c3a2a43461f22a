"""Reminders of plans that are owed: the unit on the working day before the date and on the one after it; the receiving
unit and the office on the evening of the date, who has handed in nothing, by name in fixed order."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from campaigns.domain.rulebook.plans_owed import PlanDuty
from campaigns.models import Campaign, RosterEntry
from core.calendar import work_calendar
from core.text import quoted
from core.workdays import WorkCalendar
from notifications.domain.dated import DatedDuty, ReminderMessage, ReminderStep, UnitPeople, evening_of, unit_steps
from notifications.domain.reminder_delivery import make_reminders
from plans.domain.filing import missing_plans
from plans.domain.validation import period_label

DUTY = "plan:"
Owed = tuple[RosterEntry, PlanDuty, date]
# {department: {user id: the right of that role there}}
Rights = dict[int, dict[int, str]]


def unit_duty(campaign_id: int, period: str, unit_id: int) -> str:
    """The name of a unit's duty to hand in the plan of a period."""
    return f"{DUTY}{campaign_id}:{period}:unit:{unit_id}"


def make_plan_reminders(now: datetime) -> dict:
    """Make every reminder of plans that must exist by ``now`` and does not; safe to run twice.

    Returns {"plans": 份 owed and not handed in, "reminders": 条 that must exist, "new": 条 made now}. A plan without a
    day reminds nobody. Side effects: notices; those of plans that were handed in are closed.
    """
    calendar = work_calendar()
    missing = missing_plans(today=timezone.localtime(now).date(), calendar=calendar)
    owed = [(entry, duty, duty.due_on) for entry, duty in missing if duty.due_on]
    duties = list(_duties(owed, calendar)) if owed else []
    return {"plans": len(owed), **make_reminders(DUTY, duties, now)}


def _duties(owed: Sequence[Owed], calendar: WorkCalendar) -> Iterator[DatedDuty]:
    units = {entry.department_id for entry, _, _ in owed}
    receiving = {receiver for _, duty, _ in owed for receiver in duty.receivers[:1]}
    liaisons = rights_with_role(department_ids=units, roles=(Role.LIAISON,))
    principals = rights_with_role(department_ids=units, roles=(Role.PRINCIPAL,))
    leads = rights_with_role(department_ids=receiving, roles=(Role.LEAD,))
    offices = rights_with_role(department_ids={entry.campaign.office_id for entry, _, _ in owed}, roles=(Role.OFFICE,))
    for entry, duty, due_on in owed:
        unit = entry.department_id
        office = offices.get(entry.campaign.office_id, {})
        people = UnitPeople(liaisons.get(unit, {}), principals.get(unit, {}), office)
        yield _of_unit(entry, duty, due_on, people, calendar)
    for _, rows in groupby(sorted(owed, key=_period), key=_period):
        yield from _of_receivers(list(rows), leads, offices, calendar)


def _of_unit(entry: RosterEntry, duty: PlanDuty, due_on: date, people: UnitPeople, calendar: WorkCalendar) -> DatedDuty:
    what, unit = f"{_title(entry.campaign, duty)}应于 {due_on} 前报送", entry.department.name
    steps = unit_steps(
        due_on,
        calendar,
        people,
        ask=lambda late: f"{what}{late}，请填报",
        tell=lambda late: f"{unit}没有联络员和主要负责同志，{what}{late}，请与该单位联系",
        link=f"{reverse('plans')}?tab=own",
        office_link=f"{reverse('plans')}?tab=missing",
    )
    name = unit_duty(entry.campaign_id, duty.period.code, entry.department_id)
    return DatedDuty(name, "plan", due_on, _known_since(entry), steps)


def _of_receivers(owed: Sequence[Owed], leads: Rights, offices: Rights, calendar: WorkCalendar) -> Iterator[DatedDuty]:
    """``owed``: those of one period of a campaign. The office reads of all units, a lead of those it receives from."""
    entry, duty, _ = owed[0]
    campaign, due_on = entry.campaign, max(day for _, _, day in owed)
    office = offices.get(campaign.office_id, {})
    readers: dict[int, tuple[dict[int, str], list[str]]] = {}
    for one, owes, _ in owed:
        for receiver in {campaign.office_id, *owes.receivers[:1]}:
            people = office if receiver == campaign.office_id else leads.get(receiver, {})
            readers.setdefault(receiver, (people, []))[1].append(one.department.name)
    for receiver, (people, names) in readers.items():
        text = f"{_title(campaign, duty)}应于 {due_on} 前报送，{len(names)} 个单位未报：{'、'.join(names)}"
        message = ReminderMessage(people, text, f"{reverse('plans')}?tab=missing")
        step = ReminderStep("missing", evening_of(due_on, calendar), (message,))
        name = f"{DUTY}{campaign.pk}:{duty.period.code}:to:{receiver}"
        yield DatedDuty(name, "plans", due_on, _known_since(entry), (step,))


def _period(owed: Owed) -> tuple[int, str]:
    entry, duty, _ = owed
    return entry.campaign_id, duty.period.code


def _title(campaign: Campaign, duty: PlanDuty) -> str:
    return f"{quoted(campaign.name)}{period_label(duty.period.code)}计划"


def _known_since(entry: RosterEntry) -> date:
    """Since when the unit knows of it: the campaign was issued, or the unit joined later."""
    issued_at = entry.campaign.issued_at
    return max(filter(None, (issued_at and timezone.localtime(issued_at).date(), entry.joined_on)), default=date.min)
