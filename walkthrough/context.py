"""What the frame of every page shows: navigation, unread notices, who is signed in."""

from django.urls import reverse

from accounts.enums import AccountKind
from accounts.scope import scope_of
from catalogue.rules import may_keep_items
from notifications.domain.notices import unread_count

BOARDS = ("board", "coverage", "pool")
STAFF_NAV = (
    ("等我办", "home", "house", ("home",)),
    ("走流程", "walks", "person-walking", ("walks", "walk")),
    ("问题台账", "issues", "journal-text", ("issues", "issue")),
    ("汇总", "reports", "bar-chart", ("reports", "report")),
    ("活动", "campaigns", "flag-fill", ("campaigns", "campaign", "plans", "plan", "hotline", "draws", "draw", *BOARDS)),
    ("消息", "notices", "bell", ("notices",)),
)
ADMIN_NAV = {
    AccountKind.SYSADMIN: (
        ("人员", "people", "people", ("people",)),
        ("单位", "units", "building", ("units", "unit")),
        ("工作日历", "calendar", "calendar3", ("calendar",)),
        ("消息", "notices", "bell", ("notices",)),
    ),
    AccountKind.SECADMIN: (
        ("人员", "people", "people", ("people",)),
        ("角色授予", "roles", "person-badge", ("roles",)),
    ),
    AccountKind.AUDITOR: (("审计", "audit", "shield-check", ("audit",)),),
}


def chrome(request) -> dict:
    """``chrome``: {"nav", "unread", "user_label", "unit_label", "user_id"}; empty for a visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"chrome": {"nav": [], "unread": 0, "user_label": "", "unit_label": "", "user_id": "", "menu": []}}
    here = getattr(request.resolver_match, "url_name", "") or ""
    entries = (("等我办", "home", "house", ("home",)), *ADMIN_NAV[user.kind]) if user.kind in ADMIN_NAV else STAFF_NAV
    nav = [
        {"label": label, "url": reverse(name), "icon": icon, "active": here.split("_")[0] in groups}
        for label, name, icon, groups in entries
    ]
    return {
        "chrome": {
            "nav": nav,
            "unread": unread_count(user),
            "user_label": user.name,
            "unit_label": _unit_label(user),
            "user_id": user.pk,
            "menu": _menu(user),
        }
    }


def _menu(user) -> list[dict]:
    """Entries of the account menu that not everybody has."""
    return [{"label": "事项", "url": reverse("items"), "icon": "list-ul"}] if may_keep_items(user) else []


def _unit_label(user) -> str:
    if user.kind != AccountKind.STAFF:
        return user.get_kind_display()
    return scope_of(user).label
