"""Which reminders must exist by a day. Pure: rows and a day in, reminders out; ``reminder_delivery`` stores them.

People are reminded of an issue ahead of its date (setting, 3 days and 0 days: T-3 and T-0) and once after it (逾期), on
working days only: what would come on a rest day comes on the last working day before it, 逾期 on the next one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from core.workdays import ONE_DAY, WorkCalendar
from issues.domain.overdue import clock_runs
from notifications.domain.notices import Draft

# Reminders are made in working hours, never at midnight.
REMIND_AT = time(9)
OVERDUE = "overdue"
WORDS: dict[int | str, str] = {0: "当日到期，请当日办结或申请销号", OVERDUE: "已逾期，请尽快办结并说明原因"}
SOON = "即将到期，请抓紧整改"
RESTS = "到期日为休息日，请提前办结或申请销号"


@dataclass(frozen=True, slots=True)
class IssueRow:
    """What the plan needs to know of one issue. ``recipients`` get every reminder, ``superiors`` that of 逾期 only.

    ``unit``: name of the responsible unit, "" before there is one.
    ``rights``: {user id: the right by which that person may open the issue}; who has none there gets nothing.
    """

    issue_id: int
    number: str
    description: str
    state: str
    due_on: date
    due_set_on: date | None
    requested_on: date | None
    recipients: tuple[int, ...]
    unit: str = ""
    superiors: tuple[int, ...] = ()
    rights: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder to one person. ``superseded``: missed, and covered by a more urgent one of that issue (已合并)."""

    issue_id: int
    number: str
    kind: str
    due_on: date
    recipient_id: int
    right: str
    text: str
    superseded: bool

    def draft(self, link: str) -> Draft:
        """The notice; its key is (issue, kind, date in force) beside the recipient, so a new date reminds anew."""
        return Draft(
            recipient_id=self.recipient_id,
            kind=f"reminder.{self.kind}",
            key=f"reminder:{self.issue_id}:{self.kind}:{self.due_on}",
            text=self.text,
            right=self.right,
            link=link,
            superseded=self.superseded,
        )


def reminder_day(now: datetime) -> date:
    """The last local day whose reminders are due by ``now``: today from 09:00 on, yesterday before."""
    local = timezone.localtime(now)
    return local.date() if local.time() >= REMIND_AT else local.date() - timedelta(days=1)


def last_due_on(today: date, reminder_days: Sequence[int], calendar: WorkCalendar) -> date:
    """The last due date of which a reminder may be due by ``today``: rest days that follow are reminded of before."""
    return calendar.next_workday(today + ONE_DAY) - ONE_DAY + timedelta(days=max(reminder_days, default=0))


def plan_reminders(
    rows: Iterable[IssueRow], today: date, calendar: WorkCalendar, reminder_days: Sequence[int] = (3, 0)
) -> list[Reminder]:
    """Every reminder that must exist by ``today``, in a fixed order.

    ``reminder_days``: calendar days before the due date. A kind counts when its day has come and is not before the day
    on which the date was set: nobody is reminded of a date that did not stand yet. Only issues whose clock runs.
    """
    steps: list[int | str] = [*sorted(set(reminder_days), reverse=True), OVERDUE]
    days: dict[date, list[date]] = {}
    return [
        reminder for row in rows for reminder in _of_issue(row, today, steps, _days(row.due_on, steps, calendar, days))
    ]


def _days(
    due_on: date, steps: Sequence[int | str], calendar: WorkCalendar, known: dict[date, list[date]]
) -> list[date]:
    """The day of each step; many issues are due on one day."""
    if due_on not in known:
        known[due_on] = [_trigger(due_on, step, calendar) for step in steps]
    return known[due_on]


def _of_issue(row: IssueRow, today: date, steps: Sequence[int | str], days: Sequence[date]) -> list[Reminder]:
    if not clock_runs(state=row.state, due_on=row.due_on, requested_on=row.requested_on):
        return []
    known_since = row.due_set_on or date.min
    come = [(step, day) for step, day in zip(steps, days, strict=True) if known_since <= day <= today]
    return [
        Reminder(
            issue_id=row.issue_id,
            number=row.number,
            kind=step if step == OVERDUE else f"T-{step}",
            due_on=row.due_on,
            recipient_id=person,
            right=row.rights[person],
            text=_text(row, step, day, person),
            superseded=step != come[-1][0],
        )
        for step, day in come
        for person in _people(row, step)
    ]


def _text(row: IssueRow, step: int | str, day: date, person: int) -> str:
    """Who rectifies is asked to; who watches over it is asked to urge, and told whom."""
    due, what = f"整改时限 {row.due_on}", row.description[:60]
    if person in row.recipients:
        words = RESTS if step == 0 and day < row.due_on else WORDS.get(step, SOON)
        return f"{row.number} {due}，{words}：{what}"
    of_unit = f"{row.unit}办理的 " if row.unit else ""
    return f"{of_unit}{row.number} {due}，已逾期，请督促：{what}"


def _trigger(due_on: date, step: int | str, calendar: WorkCalendar) -> date:
    """The working day on which a kind becomes due: so many days ahead of the date, or the first one after it."""
    if isinstance(step, int):
        return calendar.previous_workday(due_on - timedelta(days=step))
    return calendar.next_workday(due_on + ONE_DAY)


def _people(row: IssueRow, step: int | str) -> list[int]:
    people = {*row.recipients, *row.superiors} if step == OVERDUE else set(row.recipients)
    return sorted(people & set(row.rights))
