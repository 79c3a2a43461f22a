"""Reminders of 督办单 that wait for an answer: on the working day before 反馈期限, and once it has passed (催办)."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from issues.domain.reply_duties import ReplyDuty, dated
from issues.enums import SlipState
from issues.models import Slip
from notifications.domain.dated import AHEAD
from notifications.domain.reminder_delivery import make_reminders

DUTY = "slip:"
COLUMNS = (
    "id", "public_id", "number", "reply_by", "signed_at", "version", "department_id", "department__name",
    "campaign__office_id", "issue__number",
)  # fmt: skip


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
    return {"slips": len(waiting), **make_reminders(DUTY, dated([_duty(row) for row in waiting]), now)}


def _duty(row: dict) -> ReplyDuty:
    due, link = row["reply_by"], reverse("slip", args=[row["public_id"]])
    what = f"{row['number']}（{row['issue__number']}）应于 {due} 前反馈"
    return ReplyDuty(
        name=duty_of(row["id"]),
        kind="slip",
        state=f"v{row['version']}",
        department=row["department_id"],
        office=row["campaign__office_id"],
        due=due,
        known_since=timezone.localtime(row["signed_at"]).date(),
        eve=f"{what}，请反馈办理情况",
        late=f"{what}，已逾期，请反馈并写明未按期原因",
        watch=f"{row['department__name']}逾期未反馈：{what}，请督促",
        link=link,
        sheet=link,
        office_stands_in=True,
    )
