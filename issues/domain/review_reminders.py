"""Reminders that a deferred issue (长期挂账) will be reviewed: a week before its review date and on the working day
before it, while it can still be prepared. On the date it comes back by itself (``resumption``)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from issues.enums import IssueState
from issues.models import Issue
from notifications.domain.dated import AHEAD, DatedDuty, ReminderMessage, ReminderStep, morning_before, week_before
from notifications.domain.reminder_delivery import make_reminders

DUTY = "review:"
COLUMNS = (
    "id", "number", "description", "review_on", "clock_stopped_on", "responsible_department_id",
    "responsible_department__name", "campaign__office_id",
)  # fmt: skip


def make_review_reminders(now: datetime) -> dict:
    """Make every reminder of a review date that must exist by ``now`` and does not; safe to run twice.

    Returns {"reviews": 件 looked at, "reminders": 条 that must exist, "new": 条 made now}. Side effects: notices; those
    of issues that are deferred no more, or until another day, are closed.
    """
    until = timezone.localtime(now).date() + AHEAD
    rows = Issue.objects.filter(state=IssueState.DEFERRED, review_on__lte=until).order_by("review_on", "id")
    waiting = list(rows.values(*COLUMNS))
    duties = list(_duties(waiting, work_calendar())) if waiting else []
    return {"reviews": len(waiting), **make_reminders(DUTY, duties, now)}


def _duties(rows: Sequence[dict], calendar: WorkCalendar) -> Iterator[DatedDuty]:
    units = {row["responsible_department_id"] for row in rows} - {None}
    liaisons = rights_with_role(department_ids=units, roles=(Role.LIAISON,))
    offices = rights_with_role(department_ids={row["campaign__office_id"] for row in rows}, roles=(Role.OFFICE,))
    for row in rows:
        own = liaisons.get(row["responsible_department_id"], {})
        yield _duty(row, own, offices.get(row["campaign__office_id"], {}), calendar)


def _duty(row: dict, own: dict[int, str], office: dict[int, str], calendar: WorkCalendar) -> DatedDuty:
    day, link = row["review_on"], reverse("issue", args=[row["number"]])
    content = Truncator(row["description"]).chars(60, truncate="…")
    what = f"{row['number']} 长期挂账，{day} 复核，当日自动恢复整改"
    unit = row["responsible_department__name"] or ""
    messages = (
        ReminderMessage(own, f"{what}，请提前准备：{content}", link),
        ReminderMessage(office, f"{unit}办理的 {what}，请提前了解：{content}", link),
    )
    steps = (
        ReminderStep("week", week_before(day, calendar), messages),
        ReminderStep("eve", morning_before(day, calendar), messages),
    )
    return DatedDuty(f"{DUTY}{row['id']}", "review", day, row["clock_stopped_on"], steps)
