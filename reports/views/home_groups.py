"""Groups of 等我办 about a unit's pack of a period: to be sent, checked, sent on, received."""

from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from campaigns.domain.duty_facts import WHOLE
from core.periods import parse_period
from core.templatetags.ui import cndate
from reports.domain.submissions.inbox import (
    CHECK,
    RECEIVE,
    RESEND,
    SEND_ON,
    OwedReport,
    owed_reports,
    waiting_submissions,
)
from reports.enums import SubmissionState

TITLES = {
    RESEND: "报送材料被退回",
    CHECK: "报送材料待审核",
    SEND_ON: "报送材料待汇总上报",
    RECEIVE: "报送材料待接收",
}


def submission_groups(user: User, today: date) -> list[dict]:
    """Periods to be sent, then what stands with this person; two queries, up to six more for a liaison."""
    total, owed = owed_reports(user, today=today)
    groups = [_owed(total, owed)] if owed else []
    found = waiting_submissions(user)
    return groups + [
        {
            "title": title,
            "total": found[hand]["total"],
            "url": _place(found[hand]["rows"][0]),
            "rows": [_row(row) for row in found[hand]["rows"]],
        }
        for hand, title in TITLES.items()
        if hand in found
    ]


def _owed(total: int, owed: list[OwedReport]) -> dict:
    rows = [
        {
            "title": f"{one.department} {one.period.label}材料",
            "meta": f"{one.campaign.name} · {cndate(one.due_on)}二十四时前报送",
            "url": reverse("submission_send", args=[one.campaign.code, one.period.code, one.department_id]),
            "look": ("overdue", one.late) if one.late else None,
        }
        for one in owed
    ]
    place = reverse("submissions", args=[owed[0].campaign.code, owed[0].period.code])
    return {"title": "本期材料待报送", "total": total, "url": place, "rows": rows}


def _row(row: dict) -> dict:
    returned = row["state"] == SubmissionState.RETURNED
    day = timezone.localtime(row["sent_at"]).date()
    return {
        "title": f"{row['department__name']} {_label(row['period'])}材料",
        "meta": row["return_reason"] if returned else f"{row['campaign__name']} · {cndate(day)}报送",
        "url": reverse("submission", args=[row["public_id"]]),
        "look": ("returned", "退回") if returned else None,
    }


def _label(period: str) -> str:
    return "全程" if period == WHOLE else parse_period(period).label


def _place(row: dict) -> str:
    """The list of the period of the oldest one."""
    return reverse("submissions", args=[row["campaign__code"], row["period"]])
