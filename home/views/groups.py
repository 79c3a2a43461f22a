"""Groups of 等我办 about a unit's pack of a period (to be sent, checked, sent on, received), needs, scores, releases to
the public."""

from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign
from core.templatetags.ui import cndate
from issues.domain.needs.queries import waiting_needs
from issues.models import NeedSubject
from plans.domain.validation import period_label
from reports.domain.public_sheet.inbox import waiting_public
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
from reports.models import PublicSheet
from scoring.domain.inbox import Waiting, waiting_matters

SHOWN = 3
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


def need_group(user: User, today: date) -> list[dict]:
    """Needs that the person's own units have to answer; one query."""
    total, rows = waiting_needs(user)
    shown = [
        {
            "title": row["content"],
            "meta": f"{NeedSubject(row['subject']).label} · {cndate(row['reply_by'])}前回应",
            "url": reverse("need", args=[row["public_id"]]),
            "look": ("overdue", "逾期未回应") if row["reply_by"] < today else None,
        }
        for row in rows
    ]
    return (
        [{"title": "需求待回应", "total": total, "url": reverse("needs") + "?tab=mine", "rows": shown}] if total else []
    )


def score_groups(user: User) -> list[dict]:
    """Objections and manual points the person may answer, a group for each period; two queries for an office, none for
    anybody else. Each total is what the period's page marks as the person's own."""
    found = groupby(waiting_matters(user), key=lambda one: (one.matter.campaign, one.matter.period))
    return [_matters(campaign, period, list(rows)) for (campaign, period), rows in found]


def public_groups(user: User) -> list[dict]:
    """Releases to the public that the person may decide on, a group for each period, because its page opens them; one
    query for an office, none for anybody else."""
    return [
        {
            "title": f"{period_label(sheet.publication.period)}待审核公开",
            "total": 1,
            "url": reverse("public_sheets", args=_where(sheet)),
            "rows": [
                {
                    "title": f"向社会公开印发第 {sheet.publication.version} 版",
                    "meta": f"{sheet.publication.campaign.name} · {sheet.asked_by}申请",
                    "url": reverse("public_act", args=[*_where(sheet), sheet.public_id, "release"]),
                    "look": None,
                }
            ],
        }
        for sheet in waiting_public(user)
    ]


def _where(sheet: PublicSheet) -> tuple[str, str]:
    return sheet.publication.campaign.code, sheet.publication.period


def _matters(campaign: Campaign, period: str, found: list[Waiting]) -> dict:
    rows = [
        {
            "title": f"{one.matter.department.name}：{one.label} · {one.matter.point}",
            "meta": f"{campaign.name} · {cndate(timezone.localtime(one.matter.made_at).date())}提出",
            "url": reverse("score_sheet", args=[campaign.code, period, one.matter.department_id]),
            "look": None,
        }
        for one in found[:SHOWN]
    ]
    url = reverse("scores", args=[campaign.code, period]) + "#waiting"
    return {"title": f"{period_label(period)}评分待答复、复核", "total": len(found), "url": url, "rows": rows}


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
        "title": f"{row['department__name']} {period_label(row['period'])}材料",
        "meta": row["return_reason"] if returned else f"{row['campaign__name']} · {cndate(day)}报送",
        "url": reverse("submission", args=[row["public_id"]]),
        "look": ("returned", "退回") if returned else None,
    }


def _place(row: dict) -> str:
    """The list of the period of the oldest one."""
    return reverse("submissions", args=[row["campaign__code"], row["period"]])
