"""Reminders of requests for more time that nobody has answered: on the working day before the date in force when it was
asked, and once that has passed. Who decides is told; where nobody works there, and once it is late, the office too."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from issues.enums import Actor, ExtensionState
from issues.models import Extension
from notifications.domain.dated import AHEAD, DatedDuty, ReminderMessage, ReminderStep, morning_after, morning_before
from notifications.domain.reminder_delivery import make_reminders

DUTY = "extension:"
COLUMNS = (
    "id", "side", "old_due_on", "asked_due_on", "asked_at", "department__name", "issue__number", "issue__description",
    "issue__lead_department_id", "issue__campaign__office_id",
)  # fmt: skip


def make_extension_reminders(now: datetime) -> dict:
    """Make every reminder of an unanswered request that must exist by ``now`` and does not; safe to run twice.

    Returns {"extensions": 条 looked at, "reminders": 条 that must exist, "new": 条 made now}. Side effects: notices;
    those of requests that have ended are closed.
    """
    until = timezone.localtime(now).date() + AHEAD
    rows = Extension.objects.filter(state=ExtensionState.ASKED, old_due_on__lte=until).order_by("old_due_on", "id")
    waiting = list(rows.values(*COLUMNS))
    duties = list(_duties(waiting, work_calendar())) if waiting else []
    return {"extensions": len(waiting), **make_reminders(DUTY, duties, now)}


def _duties(waiting: Iterable[dict], calendar: WorkCalendar) -> Iterator[DatedDuty]:
    waiting = list(waiting)
    leads = rights_with_role(
        department_ids={row["issue__lead_department_id"] for row in waiting}, roles=(Role.LEAD, Role.OFFICE)
    )
    offices = rights_with_role(
        department_ids={row["issue__campaign__office_id"] for row in waiting}, roles=(Role.OFFICE,)
    )
    for row in waiting:
        office = offices.get(row["issue__campaign__office_id"], {})
        lead = leads.get(row["issue__lead_department_id"], {}) if row["side"] == Actor.LEAD else {}
        known_since = timezone.localtime(row["asked_at"]).date()
        steps = tuple(_steps(row, lead or office, office, calendar))
        yield DatedDuty(f"{DUTY}{row['id']}", "extension", row["old_due_on"], known_since, steps)


def _steps(
    row: dict, deciders: dict[int, str], office: dict[int, str], calendar: WorkCalendar
) -> Iterator[ReminderStep]:
    due, link = row["old_due_on"], reverse("issue", args=[row["issue__number"]])
    content = Truncator(row["issue__description"]).chars(60, truncate="…")
    what = f"{row['department__name']}申请将 {row['issue__number']} 由 {due} 延至 {row['asked_due_on']}"
    eve = ReminderMessage(deciders, f"{what}，请在原时限以前答复：{content}", link)
    late = ReminderMessage(office | deciders, f"{what}，原时限已过仍未答复，请答复：{content}", link)
    yield ReminderStep("eve", morning_before(due, calendar), (eve,))
    yield ReminderStep("late", morning_after(due, calendar), (late,))
