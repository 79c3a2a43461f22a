"""等我办: what this person can begin, and what waits for this person."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.domain.role_requests import awaited_by, waiting_count
from accounts.enums import AccountKind, Role
from accounts.rules import may_decide_roles, may_keep_units
from accounts.scope import scope_of
from core.calendar import missing_year
from core.templatetags.ui import cndate
from home.views.groups import groups_of
from issues.domain.inbox import figures
from issues.domain.ledger import acts_on_issues
from plans.views.walk_start import start_context, start_form
from reports.domain.queries import reported_campaigns
from walks.rules import may_start

ITEMS_AT_ONCE = 6
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
    groups = groups_of(request.user, today)
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
    if not (groups or context["figures"] or context["acts"] or context["may_start"]):
        context["asked"] = "、".join(awaited_by(request.user))
    if context["leads"]:
        context |= start_context(request.user, start_form(request.user), limit=ITEMS_AT_ONCE)
    return render(request, "home/home.html", context)


def _duty(user) -> dict:
    route, title, text, icon = ADMIN_DUTIES[user.kind]
    return {
        "url": reverse(route), "title": title, "text": text, "icon": icon, "keeps_units": may_keep_units(user),
        "roles": waiting_count(user) if may_decide_roles(user) else None,
    }  # fmt: skip


def _figures(user, today) -> list[dict]:
    counted = figures(user, today=today)
    return [
        {"label": label, "value": counted[view], "tone": tone, "url": f"{reverse('issues')}?tab={view}"}
        for view, (label, tone) in FIGURE_LOOKS.items()
    ]
