"""Groups of 等我办 about a unit's pack of a period (to be sent, checked, sent on, received), needs, scores, releases to
the public."""

from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign
from core.templatetags.ui import cndate
from issues.domain.enquiries.queries import waiting_replies
from issues.domain.lookback.queries import waiting_requests
from issues.domain.needs.queries import waiting_needs
from issues.domain.slips.queries import TONES, waiting_slips
from issues.enums import SlipColour
from issues.models import NeedSubject
from plans.domain.validation import period_label
from reports.domain.public_sheet.inbox import waiting_public
from reports.domain.submissions.inbox import TASKS, OwedReport, owed_reports, waiting_submissions
from reports.enums import SubmissionState
from reports.models import PublicSheet
from scoring.domain.inbox import WaitingMatter, waiting_matters

SHOWN = 3


def submission_groups(user: User, today: date) -> list[dict]:
    """Periods to be sent, then what stands with this person, a group for each period of a campaign; one query, up to
    six more for a liaison. Each total is the number of rows in the group, or of the list its link opens."""
    owed = groupby(owed_reports(user, today=today), key=lambda one: (one.due_on, one.campaign.pk, one.period.code))
    found = waiting_submissions(user)
    return [_owed(list(rows)) for _, rows in owed] + [
        {
            "title": f"{period_label(period)}材料{TASKS[task]}",
            "total": group["total"],
            "url": f"{reverse('submissions', args=[group['rows'][0]['campaign__code'], period])}?task={task}",
            "rows": [_row(row) for row in group["rows"]],
        }
        for (task, _, period), group in found.items()
    ]


def need_group(user: User, today: date) -> list[dict]:
    """Needs that the person's own units have to answer; one query."""
    total, rows = waiting_needs(user)
    shown = [
        _row_by_day(
            row["content"],
            f"{NeedSubject(row['subject']).label} · {cndate(row['reply_by'])}前回应",
            reverse("need", args=[row["public_id"]]),
            "逾期未回应" if row["reply_by"] < today else "",
        )
        for row in rows
    ]
    return _group("需求待回应", total, reverse("needs") + "?tab=mine", shown)


def enquiry_group(user: User, today: date) -> list[dict]:
    """Enquiries (举一反三) that the person's own units have to answer; one query."""
    total, rows = waiting_replies(user)
    shown = [
        _row_by_day(
            row["enquiry__question"],
            f"{cndate(row['reply_by'])}前答复",
            reverse("enquiry_reply", args=[row["public_id"]]),
            "逾期未答复" if row["reply_by"] < today else "",
        )
        for row in rows
    ]
    return _group("举一反三待回复", total, reverse("enquiries") + "?tab=mine", shown)


def look_back_group(user: User, today: date) -> list[dict]:
    """Struck-off issues that the person's own units were asked to walk again for; one query."""
    total, rows = waiting_requests(user)
    shown = [
        _row_by_day(
            row["issue__description"],
            f"{row['issue__number']} · {cndate(row['due_on'])}前回头看",
            reverse("look_back_request", args=[row["public_id"]]),
            "逾期未回头看" if row["due_on"] < today else "",
        )
        for row in rows
    ]
    return _group("待回头看", total, reverse("look_back_requests") + "?tab=mine", shown)


def _row_by_day(title: str, meta: str, url: str, late: str) -> dict:
    """A line of a group; ``late``: what to say where its day has passed, else ""."""
    return {"title": title, "meta": meta, "url": url, "look": ("overdue", late) if late else None}


def _group(title: str, total: int, url: str, rows: list[dict]) -> list[dict]:
    """The group, none where nothing waits."""
    return [{"title": title, "total": total, "url": url, "rows": rows}] if total else []


def slip_groups(user: User, today: date) -> list[dict]:
    """督办单 to be answered by the person's units, answers to be checked, and those the rule proposes to sign."""
    answer, check, proposed = waiting_slips(user, today)
    groups = [
        {
            "title": title,
            "total": rows[0]["total"],
            "url": f"{reverse('slips')}?tab={tab}",
            "rows": _slips(rows, today, act),
        }
        for title, tab, rows, act in (
            ("督办单待反馈", "mine", answer, "answer"),
            ("督办单待核验", "answered", check, "accept"),
        )
        if rows
    ]
    if proposed:
        url, rows = reverse("slip_proposals"), [_proposal(row) for row in proposed]
        groups.append({"title": "督办单待签发", "total": proposed[0]["total"], "url": url, "rows": rows})
    return groups


def _proposal(row: dict) -> dict:
    colour = SlipColour(row["colour_due"])
    return {
        "title": row["description"],
        "meta": f"{row['number']} · {row['responsible_department__name']} · 时限 {row['due_on']}",
        "url": reverse("slip_sign", args=[row["number"]]),
        "look": (TONES[colour], colour.label),
    }


def _slips(rows: list[dict], today: date, act: str) -> list[dict]:
    return [
        {
            "title": f"{row['number']} {row['issue__description']}",
            "meta": f"{SlipColour(row['colour']).label} · {row['department__name']} · {cndate(row['reply_by'])}前反馈",
            "url": reverse("slip_act", args=[row["public_id"], act]),
            "look": ("overdue", "逾期未反馈") if act == "answer" and row["reply_by"] < today else None,
        }
        for row in rows
    ]


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


def _matters(campaign: Campaign, period: str, found: list[WaitingMatter]) -> dict:
    rows = [
        {
            "title": f"{one.matter.department.name}：{one.label} · {one.matter.point}",
            "meta": f"{campaign.name} · {cndate(timezone.localtime(one.matter.made_at).date())}提出",
            "url": reverse("score_sheet", args=[campaign.code, period, one.matter.department_id]),
            "look": None,
        }
        for one in found[:SHOWN]
    ]
    url = reverse("scores", args=[campaign.code, period]) + "?version=live#waiting"
    return {"title": f"{period_label(period)}评分待答复、复核", "total": len(found), "url": url, "rows": rows}


def _owed(owed: list[OwedReport]) -> dict:
    """One period of one campaign, every unit of the person that has not sent it: there is no longer list to open."""
    rows = [
        {
            "title": f"{one.department} {one.period.label}材料",
            "meta": f"{one.campaign.name} · {cndate(one.due_on)}二十四时前报送",
            "url": reverse("submission_send", args=[one.campaign.code, one.period.code, one.department_id]),
            "look": ("overdue", one.late) if one.late else None,
        }
        for one in owed
    ]
    return {"title": f"{owed[0].period.label}材料待报送", "total": len(rows), "url": "", "rows": rows}


def _row(row: dict) -> dict:
    returned = row["state"] == SubmissionState.RETURNED
    day = timezone.localtime(row["sent_at"]).date()
    said = row["return_reason"] if returned else f"{cndate(day)}报送 · {row['campaign__name']}"
    return {
        "title": f"{row['department__name']} {period_label(row['period'])}材料",
        # A unit hands in one part for each receiver.
        "meta": f"报{row['receiver__name']} · {said}",
        "url": reverse("submission", args=[row["public_id"]]),
        "look": ("returned", "退回") if returned else None,
    }
