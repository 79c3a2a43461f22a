"""等我办: what this person can begin, and what waits for this person."""

from datetime import date

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.domain.role_requests import waiting_count
from accounts.enums import AccountKind, Role
from accounts.rules import may_decide_roles, may_keep_units
from accounts.scope import scope_of
from campaigns.enums import WalkMode
from core.calendar import missing_year
from core.templatetags.ui import cndate
from home.views.groups import (
    enquiry_group,
    look_back_group,
    need_group,
    public_groups,
    score_groups,
    slip_groups,
    submission_groups,
)
from issues.domain.export_release import waiting_releases
from issues.domain.inbox import DUE_AWAITS, EXTENSION_AWAITS, HELP_AWAITS, figures, waiting_issues
from issues.domain.ledger import acts_on_issues
from issues.domain.queries import issues_visible_to
from issues.domain.unheld import unheld_rows
from issues.enums import IssueState as S
from plans.domain.inbox import FILE, REVISE, owed_plans, planned_walks, waiting_plans
from plans.domain.validation import period_label
from plans.enums import PlanState
from plans.views.walk_start import start_context, start_form
from reports.domain.queries import reported_campaigns
from walks.domain.inbox import BEGIN, CONTINUE, RECEIVE, REPORT, SIGN, waiting_walks
from walks.rules import is_leader, may_start

ITEMS_AT_ONCE = 6
# Walks planned for one person in the five weeks that are listed; there is no longer list to open.
PLANNED_SHOWN = 50
WALK_GROUPS = {
    SIGN: ("体验待签字", "sign"),
    BEGIN: ("暗访计划", "planned"),
    CONTINUE: ("进行中的体验", "open"),
    REPORT: ("体验待报送", "report"),
    RECEIVE: ("体验待接收", "receive"),
}
PLAN_GROUPS = {FILE: ("计划待备案", "submitted"), REVISE: ("计划退回修改", "own")}
ISSUE_GROUPS: dict[str, str] = {
    DUE_AWAITS: "整改时限待确认",
    EXTENSION_AWAITS: "延期申请待答复",
    HELP_AWAITS: "问题待配合",
    S.ASSIGNED: "问题待签收",
    S.PLANNING: "问题待定措施",
    S.RECTIFYING: "问题整改中",
    S.REGISTERED: "",
    S.DISPUTED: "退单待裁定",
    S.CLOSING: "问题待验收销号",
}
# The filter of the ledger that lists a group that is no state.
MARKED = {DUE_AWAITS: "due_awaits=1", EXTENSION_AWAITS: "extension=1", HELP_AWAITS: "help=mine"}
FIGURE_LOOKS = {
    "open": ("未销号", "info"),
    "overdue": ("逾期", "danger"),
    "closing": ("待验收", "warn"),
    "closed": ("已销号", "success"),
}
ADMIN_DUTIES = {
    AccountKind.SYSADMIN: (
        "people",
        "人员账号",
        "查看全部账号，用表格批量新增和调整。业务记录不对系统管理员开放。",
        "people",
    ),
    AccountKind.SECADMIN: ("people", "人员", "查看全部账号及其角色。业务记录不对安全管理员开放。", "people"),
    AccountKind.AUDITOR: ("audit", "审计记录", "查看谁在何时做了什么。业务记录不对审计员开放。", "shield-check"),
}


@require_safe
def home(request):
    if request.user.kind in ADMIN_DUTIES:
        year = missing_year(timezone.localdate()) if request.user.kind == AccountKind.SYSADMIN else None
        return render(request, "home/admin.html", {"duty": _duty(request.user), "missing_year": year})
    today, scope = timezone.localdate(), scope_of(request.user)
    # Whoever only reads (督查) has nothing to do here and begins with the overview of the newest campaign.
    only_reads = scope.read_regions and not acts_on_issues(request.user)
    if only_reads and (campaigns := reported_campaigns(request.user)):
        return redirect("overview", campaigns[0][0].code)
    groups = _groups(request.user, today)
    context = {
        "today": cndate(today),
        "groups": groups,
        "waiting": sum(group["total"] for group in groups),
        "leads": scope.holds(Role.PRINCIPAL) or scope.holds(Role.DEPUTY),
        "may_start": may_start(request.user),
        "figures": _figures(request.user, today) if scope.read_regions else [],
        "acts": acts_on_issues(request.user),
        # Only who can do something about it is told, and asked for: one query from 1 November.
        "missing_year": missing_year(today) if scope.offices else None,
    }
    if context["leads"]:
        context |= start_context(request.user, start_form(request), limit=ITEMS_AT_ONCE)
    return render(request, "home/home.html", context)


def _groups(user, today: date) -> list[dict]:
    """Everything that waits for the person, in the order of the page."""
    groups = submission_groups(user, today) + _plan_groups(user, today)
    groups += _walk_groups(user) + _issue_groups(user, today) + need_group(user, today)
    groups += enquiry_group(user, today) + look_back_group(user, today) + slip_groups(user, today)
    groups += score_groups(user) + public_groups(user)
    return groups + _unheld_group(user) + _release_group(user)


def _duty(user) -> dict:
    route, title, text, icon = ADMIN_DUTIES[user.kind]
    return {
        "url": reverse(route), "title": title, "text": text, "icon": icon, "keeps_units": may_keep_units(user),
        "roles": waiting_count(user) if may_decide_roles(user) else None,
    }  # fmt: skip


def _plan_groups(user, today) -> list[dict]:
    """Walks a filed plan names the person for, plans not begun, and plans the person works on."""
    total, rows = planned_walks(user, today=today, limit=PLANNED_SHOWN) if is_leader(user) else (0, [])
    groups = [_planned_group(total, rows, today)] if rows else []
    total, owed = owed_plans(user, today=today)
    groups += [_owed_group(total, owed)] if owed else []
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


def _planned_group(total: int, rows: list[dict], today) -> dict:
    shown = [
        {
            "title": row["item__name"],
            "meta": " · ".join(filter(None, (WalkMode(row["mode"]).label, cndate(row["planned_on"]), row["place"]))),
            "url": f"{reverse('plan', args=[row['plan_id']])}#row-{row['id']}",
            "look": ("overdue", "已过计划日") if row["planned_on"] < today else None,
        }
        for row in rows
    ]
    # The rows may stand in several plans: each opens its own, and there is no list of all.
    return {"title": "按计划体验", "total": total, "url": "", "rows": shown}


def _owed_group(total: int, owed: list) -> dict:
    url = f"{reverse('plans')}?tab=own"
    shown = [
        {
            "title": f"{duty.department} {duty.label}计划",
            "meta": f"{cndate(duty.due_on)}前报送" if duty.due_on else "通知未定期限",
            "url": url,
            "look": ("overdue", duty.late) if duty.late else None,
        }
        for duty in owed
    ]
    return {"title": "计划待起草", "total": total, "url": url, "rows": shown}


def _plan_row(row: dict) -> dict:
    meta = row["return_reason"] if row["state"] == PlanState.RETURNED else f"{cndate(row['submitted_on'])}报送"
    return {
        "title": f"{row['department__name']} {period_label(row['period'])}计划",
        "meta": meta,
        "url": reverse("plan", args=[row["id"]]),
        "look": None,
    }


def _walk_groups(user) -> list[dict]:
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


def _issue_groups(user, today) -> list[dict]:
    """Groups of issues by state; each total is that of the ledger under 等我办 with that state."""
    found = waiting_issues(user, today=today)
    return [
        {
            "title": title or _registered_title(user),
            "total": found[state]["total"],
            "overdue": found[state]["overdue"],
            "url": f"{reverse('issues')}?tab=mine&{MARKED.get(state, f'state={state}')}",
            "rows": [_issue_row(row) for row in found[state]["rows"]],
        }
        for state, title in ISSUE_GROUPS.items()
        if state in found
    ]


def _unheld_group(user) -> list[dict]:
    """Issues whose duty nobody holds any more, for the office: the unit's liaisons work on them meanwhile."""
    total, rows = unheld_rows(user, issues_visible_to(user))
    shown = [_issue_row(row | {"due_look": ("unheld", "无人负责")}) for row in rows]
    url = f"{reverse('issues')}?tab=unheld"
    return [{"title": "问题无人负责", "total": total, "url": url, "rows": shown}] if total else []


def _release_group(user) -> list[dict]:
    """Exports that wait for a second person of the office."""
    total, jobs = waiting_releases(user)
    shown = [
        {
            "title": f"{job.label}，{job.params['rows']} 件",
            "meta": f"{job.owner} · {job.params['reason']}",
            "url": reverse("export_release", args=[job.pk]),
            "look": ("held", "待放行"),
        }
        for job in jobs
    ]
    return [{"title": "导出待放行", "total": total, "url": reverse("export_releases"), "rows": shown}] if total else []


def _registered_title(user) -> str:
    """A unit rectifies its own problems itself, lead or office assign the others; one person may do both."""
    scope = scope_of(user)
    if not scope.is_lead_or_office:
        return "新登记，待自行整改"
    return "新登记，待交办或整改" if scope.units else "问题待交办"


def _issue_row(row: dict) -> dict:
    due = row["due_on"] and row["due_look"] and f"时限 {row['due_on']}"
    asks = "延期申请待答复" if row.get("asks_more") else ""
    names = (row["number"], row["responsible_department__name"], row["item__name"], due, asks)
    url = reverse("issue", args=[row["number"]])
    meta = " · ".join(name for name in names if name)
    return {"title": row["description"], "meta": meta, "url": url, "look": row["due_look"]}


def _figures(user, today) -> list[dict]:
    counted = figures(user, today=today)
    return [
        {"label": label, "value": counted[view], "tone": tone, "url": f"{reverse('issues')}?tab={view}"}
        for view, (label, tone) in FIGURE_LOOKS.items()
    ]
