"""What a unit owes an answer to by a day, a 督办单 or an enquiry: both are reminded of in the same way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from notifications.domain.dated import DatedDuty, ReminderMessage, UnitPeople, unit_steps


@dataclass(frozen=True)
class ReplyDuty:
    """An answer that ``department`` owes by ``due``; ``name`` and ``kind`` as ``DatedDuty`` takes them, ``state`` tells
    one date from another. ``eve``, ``late`` and ``watch`` are said to the unit before, to the unit after and to the
    office after that day; ``link`` leads the unit to the answer, ``sheet`` the office to what was asked."""

    name: str
    kind: str
    state: str
    department: int
    office: int
    due: date
    known_since: date
    eve: str
    late: str
    watch: str
    link: str
    sheet: str
    office_stands_in: bool = False


def dated(duties: Sequence[ReplyDuty]) -> list[DatedDuty]:
    """On the working day before the date the liaisons are told, without one the principal (with ``office_stands_in``
    the office where there is neither); once it has passed liaisons, principal and office. Three queries, and one for
    the calendar, however many."""
    if not duties:
        return []
    people, calendar = _people(duties), work_calendar()
    return [_dated(duty, people(duty), calendar) for duty in duties]


def _dated(duty: ReplyDuty, people: UnitPeople, calendar: WorkCalendar) -> DatedDuty:
    watch = ReminderMessage(people.office, duty.watch, duty.sheet)

    def words(late: str) -> str:
        return duty.late if late else duty.eve

    steps = unit_steps(
        duty.due,
        calendar,
        people if duty.office_stands_in else replace(people, office={}),
        ask=words,
        tell=words,
        link=duty.link,
        watch=watch,
    )
    return DatedDuty(duty.name, duty.kind, duty.due, duty.known_since, steps, duty.state)


def _people(duties: Sequence[ReplyDuty]) -> Callable[[ReplyDuty], UnitPeople]:
    """Who of a duty may be told."""
    units = {duty.department for duty in duties}
    liaisons = rights_with_role(department_ids=units, roles=(Role.LIAISON,))
    principals = rights_with_role(department_ids=units, roles=(Role.PRINCIPAL,))
    offices = rights_with_role(department_ids={duty.office for duty in duties}, roles=(Role.OFFICE,))

    def of(duty: ReplyDuty) -> UnitPeople:
        unit = duty.department
        return UnitPeople(liaisons.get(unit, {}), principals.get(unit, {}), offices.get(duty.office, {}))

    return of
