"""Groups of 等我办 about a campaign: packs of a period, plans, walks, scores, releases to the public."""

from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.unstaffed import lacks_words, unstaffed_by_campaign
from campaigns.enums import CampaignState, WalkMode
from campaigns.models import Campaign
from core.templatetags.ui import cndate
from home.domain.closing import waiting_campaigns
from home.views.group_rows import group, row_by_day
from plans.domain.inbox import FILE, REVISE, owed_plans, planned_walks, waiting_plans
from plans.domain.validation import period_label
from plans.enums import PlanState
from reports.domain.public_sheet.inbox import waiting_public
from reports.domain.submissions.inbox import TASKS, OwedReport, owed_reports, waiting_submissions
from reports.enums import SubmissionState
from reports.models import PublicSheet
from scoring.domain.inbox import WaitingMatter, waiting_matters
from walks.domain.inbox import BEGIN, CONTINUE, RECEIVE, REPORT, SIGN, waiting_walks
from walks.rules import is_leader

SHOWN = 3
# Walks planned for one person in the five weeks that are listed; there is no longer list to open.
PLANNED_SHOWN = 50
WALK_GROUPS = {
    SIGN: ("体验待签字", "sign"),
    BEGIN: ("暗访计划", "planned"),
    CONTINUE: ("进行中的体验", "open"),
    REPORT: ("体验待报送", "report"),
    RECEIVE: ("体验待接收", "receive"),
}
ENDED = {"活动待总结": CampaignState.RUNNING, "活动待归档": CampaignState.SUMMARISED}
PLAN_GROUPS = {FILE: ("计划待备案", "submitted"), REVISE: ("计划退回修改", "own")}


def submission_groups(user: User, today: date) -> list[dict]:
    """Periods to be sent, then what stands with this person, a group for each period of a campaign; one query, up to
    six more for a liaison. Each total is the number of rows in the group, or of the list its link opens."""
    owed = groupby(owed_reports(user, today=today), key=lambda one: (one.due_on, one.campaign.pk, one.period.code))
    found = waiting_submissions(user)
    return [_owed_packs(list(rows)) for _, rows in owed] + [
        {
            "title": f"{period_label(period)}材料{TASKS[task]}",
            "total": group["total"],
            "url": f"{reverse('submissions', args=[group['rows'][0]['campaign__code'], period])}?task={task}",
            "rows": [_pack_row(row) for row in group["rows"]],
        }
        for (task, _, period), group in found.items()
    ]


def _owed_packs(owed: list[OwedReport]) -> dict:
    """One period of one campaign, every unit of the person that has not sent it: there is no longer list to open."""
    rows = [
        row_by_day(
            f"{one.department} {one.period.label}材料",
            f"{one.campaign.name} · {cndate(one.due_on)}二十四时前报送",
            reverse("submission_send", args=[one.campaign.code, one.period.code, one.department_id]),
            one.late,
        )
        for one in owed
    ]
    return {"title": f"{owed[0].period.label}材料待报送", "total": len(rows), "url": "", "rows": rows}


def _pack_row(row: dict) -> dict:
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


def plan_groups(user: User, today: date) -> list[dict]:
    """Walks a filed plan names the person for, plans not begun, and plans the person works on."""
    total, rows = planned_walks(user, today=today, limit=PLANNED_SHOWN) if is_leader(user) else (0, [])
    groups = [_planned_walks(total, rows, today)] if rows else []
    total, owed = owed_plans(user, today=today)
    groups += [_owed_plans(total, owed)] if owed else []
    found = waiting_plans(user)
    return groups + [
        {
            "title": title,
            "total": found[task]["total"],
            "url": f"{reverse('plans')}?tab={tab}&mine=1",
            "rows": [_plan_row(row) for row in found[task]["rows"]],
        }
        for task, (title, tab) in PLAN_GROUPS.items()
        if task in found
    ]


def _planned_walks(total: int, rows: list[dict], today) -> dict:
    shown = [
        row_by_day(
            row["item__name"],
            " · ".join(filter(None, (WalkMode(row["mode"]).label, cndate(row["planned_on"]), row["place"]))),
            f"{reverse('plan', args=[row['plan_id']])}#row-{row['id']}",
            "已过计划日" if row["planned_on"] < today else "",
        )
        for row in rows
    ]
    # The rows may stand in several plans: each opens its own, and there is no list of all.
    return {"title": "按计划体验", "total": total, "url": "", "rows": shown}


def _owed_plans(total: int, owed: list) -> dict:
    url = f"{reverse('plans')}?tab=own"
    shown = [
        row_by_day(
            f"{duty.department} {duty.label}计划",
            f"{cndate(duty.due_on)}前报送" if duty.due_on else "通知未定期限",
            url,
            duty.late,
        )
        for duty in owed
    ]
    return {"title": "计划待起草", "total": total, "url": url, "rows": shown}


def _plan_row(row: dict) -> dict:
    meta = row["return_reason"] if row["state"] == PlanState.RETURNED else f"{cndate(row['submitted_on'])}报送"
    title = f"{row['department__name']} {period_label(row['period'])}计划"
    return row_by_day(title, meta, reverse("plan", args=[row["id"]]))


def walk_groups(user: User) -> list[dict]:
    """Groups of walks in the order of ``WALK_GROUPS``; each total is that of the list its link opens."""
    found, several = waiting_walks(user), len(scope_of(user).units) > 1
    return [
        {
            "title": title,
            "total": found[task]["total"],
            "url": f"{reverse('walks')}?tab={tab}&mine=1",
            "rows": [_walk_row(row, with_unit=task == RECEIVE or several) for row in found[task]["rows"]],
        }
        for task, (title, tab) in WALK_GROUPS.items()
        if task in found
    ]


def _walk_row(row: dict, *, with_unit: bool) -> dict:
    names = [WalkMode(row["mode"]).label, cndate(row["walk_date"]), row["walker_name"]]
    names += [row["department_name"]] if with_unit else []
    look = ("returned", "退回补正") if row["state"] == "returned" else None
    if row["is_waiting"] and not look:
        look = ("waiting", "等结果")
    return {
        "title": row["item_name"],
        "meta": " · ".join(names),
        "url": reverse("walk", args=[row["id"]]),
        "look": look,
    }


def score_groups(user: User) -> list[dict]:
    """Objections and manual points the person may answer, a group for each period; two queries for an office, none for
    anybody else. Each total is what the period's page marks as the person's own."""
    found = groupby(waiting_matters(user), key=lambda one: (one.matter.campaign, one.matter.period))
    return [_matters(campaign, period, list(rows)) for (campaign, period), rows in found]


def _matters(campaign: Campaign, period: str, found: list[WaitingMatter]) -> dict:
    rows = [
        row_by_day(
            f"{one.matter.department.name}：{one.label} · {one.matter.point}",
            f"{campaign.name} · {cndate(timezone.localtime(one.matter.made_at).date())}提出",
            reverse("score_sheet", args=[campaign.code, period, one.matter.department_id]),
        )
        for one in found[:SHOWN]
    ]
    url = reverse("scores", args=[campaign.code, period]) + "?version=live#waiting"
    return {"title": f"{period_label(period)}评分待答复、复核", "total": len(found), "url": url, "rows": rows}


def unstaffed_group(user: User) -> list[dict]:
    """Campaigns with units in which nobody signs or nobody reports, for the office: what waits there waits for
    nobody."""
    rows = []
    for (code, name), units in unstaffed_by_campaign(user).items():
        first = "；".join(f"{one['department__name']}{lacks_words(one)}" for one in units[:SHOWN])
        more = f" 等 {len(units)} 个单位" if len(units) > SHOWN else ""
        rows.append(row_by_day(name, first + more, reverse("campaign_units", args=[code])))
    return group("参与单位缺少人员", len(rows), "", rows)


def ended_groups(user: User, today: date) -> list[dict]:
    """Campaigns to be summed up and to be archived: there is no longer list to open."""
    found = waiting_campaigns(user, today)
    groups = []
    for title, state in ENDED.items():
        rows = [
            row_by_day(one.name, f"{cndate(one.ends_on)}结束", reverse("campaign", args=[one.code]))
            for one in found
            if one.state == state
        ]
        groups += group(title, len(rows), "", rows)
    return groups


def public_groups(user: User) -> list[dict]:
    """Releases to the public that the person may decide on, a group for each period, because its page opens them; one
    query for an office, none for anybody else."""
    return [
        {
            "title": f"{period_label(sheet.publication.period)}待审核公开",
            "total": 1,
            "url": reverse("public_sheets", args=_where(sheet)),
            "rows": [
                row_by_day(
                    f"向社会公开印发第 {sheet.publication.version} 版",
                    f"{sheet.publication.campaign.name} · {sheet.asked_by}申请",
                    reverse("public_act", args=[*_where(sheet), sheet.public_id, "release"]),
                )
            ],
        }
        for sheet in waiting_public(user)
    ]


def _where(sheet: PublicSheet) -> tuple[str, str]:
    return sheet.publication.campaign.code, sheet.publication.period
