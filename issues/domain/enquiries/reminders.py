"""Reminders of replies to enquiries (举一反三): on the working day before the date, and once it has passed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.domain.people import rights_with_role
from accounts.enums import Role
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from issues.enums import ReplyState
from issues.models import EnquiryReply
from notifications.domain.dated import DatedDuty, ReminderStep, Told, morning_after, morning_before
from notifications.domain.reminder_delivery import make_reminders

DUTY = "enquiry:"
AHEAD = timedelta(days=31)
COLUMNS = (
    "id", "public_id", "reply_by", "version", "department_id", "department__name", "campaign__office_id",
    "enquiry__public_id", "enquiry__question", "enquiry__sent_at", "enquiry__issue__number",
)  # fmt: skip
Rights = Mapping[int, dict[int, str]]


def duty_of(reply_id: int) -> str:
    """The name of the duty to answer an enquiry."""
    return f"{DUTY}{reply_id}"


def make_enquiry_reminders(now: datetime) -> dict:
    """Make every reminder of an unanswered enquiry that must exist by ``now`` and does not; safe to run twice.

    Returns {"enquiries": 条 looked at, "reminders": 条 that must exist, "new": 条 made now}. Side effects: notices;
    those of replies that were given, or are asked for no more, are closed.
    """
    until = timezone.localtime(now).date() + AHEAD
    rows = EnquiryReply.objects.filter(state=ReplyState.WAITING, reply_by__lte=until).order_by("reply_by", "id")
    waiting = list(rows.values(*COLUMNS))
    duties = list(_duties(waiting, work_calendar())) if waiting else []
    return {"enquiries": len(waiting), **make_reminders(DUTY, duties, now)}


def _duties(waiting: Sequence[dict], calendar: WorkCalendar) -> Iterator[DatedDuty]:
    units = {row["department_id"] for row in waiting}
    liaisons = rights_with_role(department_ids=units, roles=(Role.LIAISON,))
    principals = rights_with_role(department_ids=units, roles=(Role.PRINCIPAL,))
    offices = rights_with_role(department_ids={row["campaign__office_id"] for row in waiting}, roles=(Role.OFFICE,))
    for row in waiting:
        own, lead = liaisons.get(row["department_id"], {}), principals.get(row["department_id"], {})
        office = offices.get(row["campaign__office_id"], {})
        known_since = timezone.localtime(row["enquiry__sent_at"]).date()
        steps = tuple(_steps(row, own or lead, own | lead, office, calendar))
        yield DatedDuty(duty_of(row["id"]), "enquiry", row["reply_by"], known_since, steps, f"v{row['version']}")


def _steps(
    row: dict, unit: dict[int, str], bound: dict[int, str], office: dict[int, str], calendar: WorkCalendar
) -> Iterator[ReminderStep]:
    due, link = row["reply_by"], reverse("enquiry_reply", args=[row["public_id"]])
    what = f"举一反三征询（{row['enquiry__question'][:40]}）应于 {due} 前答复"
    eve = Told(unit, f"{what}，请答复有或无", link)
    late = Told(bound, f"{what}，已逾期，请尽快答复有或无", link)
    sheet = reverse("enquiry", args=[row["enquiry__public_id"]])
    watch = Told(
        office, f"{row['department__name']}逾期未答复：{row['enquiry__issue__number']} 的{what}，请督促", sheet
    )
    yield ReminderStep("eve", morning_before(due, calendar), (eve,))
    yield ReminderStep("late", morning_after(due, calendar), (late, watch))
