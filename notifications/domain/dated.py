"""Reminders of duties with a date: which must exist by a moment. Pure: duties and a moment in, notices out.

An app says what is owed, when each reminder of it comes and who reads what (``DatedDuty``). Reminders come in working
hours of working days (docs/rules.md section 4). Who calls ``plan`` late makes up for what was missed; the unique key of
a notice keeps each reminder single.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.workdays import ONE_DAY, WorkCalendar
from notifications.domain.notices import Draft, OpenReminder

MORNING, EVENING = time(9), time(17)
LATE = "，已逾期"
# How far ahead of its date a duty may be reminded of: no holiday is longer, before which the last working day lies.
AHEAD = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class ReminderMessage:
    """What a reminder says to some people: {user id: the right by which that person may open ``link``}."""

    people: Mapping[int, str]
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class ReminderStep:
    """One reminder of a duty: its ``name`` within the duty, the moment from which it must exist, who reads what."""

    name: str
    at: datetime
    messages: tuple[ReminderMessage, ...]


@dataclass(frozen=True, slots=True)
class DatedDuty:
    """Something owed by a day. ``name`` stands for it alone (60 characters at most); ``kind``: what it is ("pack").

    ``known_since``: the day on which the date was set; a step before it is not made. ``steps`` in the order of time.
    ``occasion``: which time it is owed (20 characters at most, no colon), for a duty that may come back once it was
    done; as long as it is owed it stays the same.
    """

    name: str
    kind: str
    due_on: date
    known_since: date
    steps: tuple[ReminderStep, ...]
    occasion: str = ""

    @property
    def mark(self) -> str:
        """What sets the reminders in force apart from those of an earlier date or occasion; part of their keys."""
        return f"{self.due_on}.{self.occasion}" if self.occasion else f"{self.due_on}"


@dataclass(frozen=True, slots=True)
class UnitPeople:
    """Who may be reminded of what a unit owes: {user id: right} of its liaisons, of its principal, and of the office
    that is told where the unit has neither."""

    liaisons: Mapping[int, str]
    principals: Mapping[int, str]
    office: Mapping[int, str]


def unit_steps(
    due_on: date,
    calendar: WorkCalendar,
    people: UnitPeople,
    *,
    ask: Callable[[str], str],
    tell: Callable[[str], str],
    link: str,
    office_link: str = "",
    watch: ReminderMessage | None = None,
) -> tuple[ReminderStep, ...]:
    """A unit is reminded on the working day before a date, and on the one after it.

    Its liaisons, where there are none its principal, once it is late both, read ``ask``; the office reads ``tell``
    where the unit has neither. Both are given "" or ，已逾期. ``watch``: what is said besides once it is late, in place
    of the second ``tell``.
    """
    own, head = dict(people.liaisons), dict(people.principals)
    steps = (
        ("eve", morning_before(due_on, calendar), own or head, "", None),
        ("late", morning_after(due_on, calendar), head | own, LATE, watch),
    )
    found = []
    for name, at, asked, late, besides in steps:
        messages = [ReminderMessage(asked, ask(late), link)] if asked else []
        if not asked and besides is None:
            messages = [ReminderMessage(people.office, tell(late), office_link or link)]
        found.append(ReminderStep(name, at, (*messages, *filter(None, [besides]))))
    return tuple(found)


def plan(duties: Iterable[DatedDuty], now: datetime) -> list[Draft]:
    """Every reminder that must exist by ``now`` of duties that are not done, in the order given.

    The key is (duty, step, date in force and occasion) beside the recipient, so that a new date reminds anew, and so
    does what comes back. Of the steps that have come all but the last are 已合并.
    """
    return [draft for duty in duties for draft in _drafts(duty, now)]


def _drafts(duty: DatedDuty, now: datetime) -> Iterator[Draft]:
    come = [one for one in duty.steps if one.at <= now and timezone.localtime(one.at).date() >= duty.known_since]
    for step in come:
        for message in step.messages:
            for person, right in message.people.items():
                yield Draft(
                    recipient_id=person,
                    kind=f"reminder.{duty.kind}.{step.name}",
                    key=f"reminder:{duty.name}:{step.name}:{duty.mark}",
                    text=message.text,
                    right=right,
                    link=message.link,
                    superseded=step is not come[-1],
                    duty=duty.name,
                )


def stale(reminders: Iterable[OpenReminder], duties: Collection[DatedDuty]) -> list[int]:
    """Ids of the reminders that none of the duties still owed stands behind: it is done, or another date or occasion is
    in force."""
    in_force = {(duty.name, duty.mark) for duty in duties}
    return [one.pk for one in reminders if (one.duty, one.key.rsplit(":", 2)[1]) not in in_force]


def morning_before(due_on: date, calendar: WorkCalendar) -> datetime:
    """09:00 of the last working day before the day on which something is due."""
    return _at(calendar.add_workdays(due_on, -1), MORNING)


def week_before(due_on: date, calendar: WorkCalendar) -> datetime:
    """09:00 of the day a week before; on a rest day of the last working day before that."""
    return morning_of(due_on - timedelta(days=7), calendar)


def morning_after(due_on: date, calendar: WorkCalendar) -> datetime:
    """09:00 of the first working day on which it is late."""
    return _at(calendar.next_workday(due_on + ONE_DAY), MORNING)


def morning_of(day: date, calendar: WorkCalendar) -> datetime:
    """09:00 of that day; on a rest day of the last working day before."""
    return _at(calendar.previous_workday(day), MORNING)


def evening_of(due_on: date, calendar: WorkCalendar) -> datetime:
    """17:00 of that day; on a rest day of the last working day before."""
    return _at(calendar.previous_workday(due_on), EVENING)


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))
