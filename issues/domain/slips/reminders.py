"""Reminders of 督办单 that wait for an answer: on the working day before 反馈期限, and once it has passed (催办)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.domain.people import rights_with_role
from accounts.enums import Role
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from issues.enums import SlipState
from issues.models import Slip
from notifications.domain.dated import DatedDuty, ReminderStep, Told, morning_after, morning_before
from notifications.domain.reminder_delivery import make_reminders

DUTY = "slip:"
AHEAD = timedelta(days=31)
COLUMNS = (
    "id", "public_id", "number", "reply_by", "signed_at", "version", "department_id", "department__name",
    "campaign__office_id", "issue__number",
)  # fmt: skip
Rights = Mapping[int, dict[int, str]]


def duty_of(slip_id: int) -> str:
    """The name of the duty to answer a slip."""
    return f"{DUTY}{slip_id}"


def make_slip_reminders(now: datetime) -> dict:
    """Make every reminder of an unanswered slip that must exist by ``now`` and does not; safe to run twice.

    Returns {"slips": 条 looked at, "reminders": 条 that must exist, "new": 条 made now}. Side effects: notices; those
    of slips that were answered are closed.
    """
    until = timezone.localtime(now).date() + AHEAD
    rows = Slip.objects.filter(state=SlipState.ISSUED, reply_by__lte=until).order_by("reply_by", "id")
    waiting = list(rows.values(*COLUMNS))
    duties = list(_duties(waiting, work_calendar())) if waiting else []
    return {"slips": len(waiting), **make_reminders(DUTY, duties, now)}


def _duties(waiting: Sequence[dict], calendar: WorkCalendar) -> Iterator[DatedDuty]:
    units = {row["department_id"] for row in waiting}
    liaisons = rights_with_role(department_ids=units, roles=(Role.LIAISON,))
    principals = rights_with_role(department_ids=units, roles=(Role.PRINCIPAL,))
    offices = rights_with_role(department_ids={row["campaign__office_id"] for row in waiting}, roles=(Role.OFFICE,))
    for row in waiting:
        own, lead = liaisons.get(row["department_id"], {}), principals.get(row["department_id"], {})
        office = offices.get(row["campaign__office_id"], {})
        known_since = timezone.localtime(row["signed_at"]).date()
        steps = tuple(_steps(row, own or lead or office, own | lead, office, calendar))
        yield DatedDuty(duty_of(row["id"]), "slip", row["reply_by"], known_since, steps, f"v{row['version']}")


def _steps(
    row: dict, unit: dict[int, str], bound: dict[int, str], office: dict[int, str], calendar: WorkCalendar
) -> Iterator[ReminderStep]:
    due, link = row["reply_by"], reverse("slip", args=[row["public_id"]])
    what = f"{row['number']}（{row['issue__number']}）应于 {due} 前反馈"
    eve = Told(unit, f"{what}，请反馈办理情况", link)
    late = Told(bound, f"{what}，已逾期，请反馈并写明未按期原因", link)
    watch = Told(office, f"{row['department__name']}逾期未反馈：{what}，请督促", link)
    yield ReminderStep("eve", morning_before(due, calendar), (eve,))
    yield ReminderStep("late", morning_after(due, calendar), (late, watch))
