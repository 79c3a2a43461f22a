"""What a unit owes an answer to by a day, a 督办单 or an enquiry: both are reminded of in the same way."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from core.calendar import work_calendar
from notifications.domain.dated import DatedDuty, ReminderMessage, ReminderStep, morning_after, morning_before


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
    found = []
    for duty in duties:
        own, lead, office = people(duty)
        stand_in = office if duty.office_stands_in else {}
        steps = (
            ReminderStep(
                "eve",
                morning_before(duty.due, calendar),
                (ReminderMessage(own or lead or stand_in, duty.eve, duty.link),),
            ),
            ReminderStep(
                "late",
                morning_after(duty.due, calendar),
                (ReminderMessage(own | lead, duty.late, duty.link), ReminderMessage(office, duty.watch, duty.sheet)),
            ),
        )
        found.append(DatedDuty(duty.name, duty.kind, duty.due, duty.known_since, steps, duty.state))
    return found


def _people(duties: Sequence[ReplyDuty]) -> Callable[[ReplyDuty], Iterator[dict[int, str]]]:
    """Of a duty the liaisons, the principal and the office: {user id: right} each."""
    units = {duty.department for duty in duties}
    liaisons = rights_with_role(department_ids=units, roles=(Role.LIAISON,))
    principals = rights_with_role(department_ids=units, roles=(Role.PRINCIPAL,))
    offices = rights_with_role(department_ids={duty.office for duty in duties}, roles=(Role.OFFICE,))

    def of(duty: ReplyDuty) -> Iterator[dict[int, str]]:
        yield liaisons.get(duty.department, {})
        yield principals.get(duty.department, {})
        yield offices.get(duty.office, {})

    return of
