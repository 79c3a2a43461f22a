"""Reminders of replies to enquiries (举一反三): on the working day before the date, and once it has passed."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from issues.domain.reply_duties import ReplyDuty, dated
from issues.enums import ReplyState
from issues.models import EnquiryReply
from notifications.domain.dated import AHEAD
from notifications.domain.reminder_delivery import make_reminders

DUTY = "enquiry:"
COLUMNS = (
    "id", "public_id", "reply_by", "version", "department_id", "department__name", "campaign__office_id",
    "enquiry__public_id", "enquiry__question", "enquiry__sent_at", "enquiry__issue__number",
)  # fmt: skip


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
    return {"enquiries": len(waiting), **make_reminders(DUTY, dated([_duty(row) for row in waiting]), now)}


def _duty(row: dict) -> ReplyDuty:
    due = row["reply_by"]
    what = f"举一反三征询（{row['enquiry__question'][:40]}）应于 {due} 前答复"
    return ReplyDuty(
        name=duty_of(row["id"]),
        kind="enquiry",
        state=f"v{row['version']}",
        department=row["department_id"],
        office=row["campaign__office_id"],
        due=due,
        known_since=timezone.localtime(row["enquiry__sent_at"]).date(),
        eve=f"{what}，请答复有或无",
        late=f"{what}，已逾期，请尽快答复有或无",
        watch=f"{row['department__name']}逾期未答复：{row['enquiry__issue__number']} 的{what}，请督促",
        link=reverse("enquiry_reply", args=[row["public_id"]]),
        sheet=reverse("enquiry", args=[row["enquiry__public_id"]]),
    )
