"""Reminders of needs that wait for an answer: on the working day before 拟回应时间, and once it has passed.

The unit that answers is told: its liaisons, where there are none its principal, once it is late both; where the unit
has neither, the coordinating office. What must exist is planned by ``notifications.domain.dated``.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from issues.enums import NeedState
from issues.models import Need, NeedEvent
from notifications.domain.dated import AHEAD, DatedDuty, ReminderStep, UnitPeople, plan, stale, unit_steps
from notifications.domain.notices import close_reminders, ensure, open_reminders

BATCH = 1000
DUTY = "need:"
COLUMNS = (
    "id", "public_id", "content", "reply_by", "department_id", "department__name", "campaign__office_id", "set_at",
    "version",
)  # fmt: skip


def duty_of(need_id: int) -> str:
    """The name of the duty to answer a need."""
    return f"{DUTY}{need_id}"


def make_need_reminders(now: datetime) -> dict:
    """Make every reminder of needs that must exist by ``now`` and does not; safe to run twice and in two places at
    once.

    Returns {"needs": 条 looked at, "reminders": 条 that must exist, "new": 条 made now}. Side effects: notices; those
    of needs that wait for no answer any more, or for another one than was asked for, are closed.
    """
    calendar, asked = work_calendar(), {"needs": 0, "reminders": 0, "new": 0}
    rows = list(_waiting().filter(reply_by__lte=timezone.localtime(now).date() + AHEAD).values(*COLUMNS))
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        drafts = plan(_duties(batch, calendar), now)
        asked["needs"] += len(batch)
        asked["reminders"] += len(drafts)
        asked["new"] += ensure(drafts, now=now)
    _close_stale(now)
    return asked


def _waiting() -> QuerySet[Need]:
    """Open needs by date, with the moment at which unit and date were set."""
    named = NeedEvent.objects.filter(need=OuterRef("pk"), kind__in=("register", "assign")).order_by("-at", "-id")
    rows = Need.objects.filter(state=NeedState.OPEN, department__isnull=False)
    return rows.annotate(set_at=Subquery(named.values("at")[:1])).order_by("reply_by", "id")


def _close_stale(now: datetime) -> None:
    """What was answered or assigned anew while reminders were being made is closed too."""
    if open_ones := open_reminders(DUTY):
        named = {int(one.duty.removeprefix(DUTY)) for one in open_ones}
        waiting = Need.objects.filter(pk__in=named, state=NeedState.OPEN).values("id", "reply_by", "version")
        if done := stale(open_ones, [_duty(dict(row)) for row in waiting]):
            close_reminders(done, now=now)


def _duty(row: dict, known_since: date = date.min, steps: tuple[ReminderStep, ...] = ()) -> DatedDuty:
    """The version stays as long as the same unit is asked for the same answer by the same date."""
    return DatedDuty(duty_of(row["id"]), "need", row["reply_by"], known_since, steps, f"v{row['version']}")


def _duties(batch: Iterable[dict], calendar: WorkCalendar) -> Iterator[DatedDuty]:
    units, offices = ({row[name] for row in batch} for name in ("department_id", "campaign__office_id"))
    liaisons = rights_with_role(department_ids=units, roles=(Role.LIAISON,))
    principals = rights_with_role(department_ids=units, roles=(Role.PRINCIPAL,))
    office = rights_with_role(department_ids=offices, roles=(Role.OFFICE,))
    for row in batch:
        unit = row["department_id"]
        people = UnitPeople(
            liaisons.get(unit, {}), principals.get(unit, {}), office.get(row["campaign__office_id"], {})
        )
        yield _duty(row, timezone.localtime(row["set_at"]).date(), _steps(row, people, calendar))


def _steps(row: dict, people: UnitPeople, calendar: WorkCalendar) -> tuple[ReminderStep, ...]:
    due_on, content = row["reply_by"], Truncator(row["content"]).chars(60, truncate="…")
    nobody = f"{row['department__name']}没有联络员和主要负责同志"
    return unit_steps(
        due_on,
        calendar,
        people,
        ask=lambda late: f"需求应于 {due_on} 前回应{late}，请回应：{content}",
        tell=lambda late: f"{nobody}，有需求应于 {due_on} 前回应{late}，请另定回应单位或督促：{content}",
        link=reverse("need", args=[row["public_id"]]),
    )
