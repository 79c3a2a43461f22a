"""What the frame of every page shows: navigation, unread notices, who is signed in."""

from django.urls import reverse

from accounts.enums import AccountKind
from accounts.scope import scope_of
from catalogue.rules import may_keep_items
from core import broker_state, storage_state
from manual.domain.places import help_address
from notifications.domain.notices import unread_count

BOARDS = ("board", "coverage", "pool", "contacts", "scores", "score")
LISTS = (
    "needs", "need", "extensions", "chases", "slips", "slip", "inspections", "inspection", "incoming", "practices",
    "enquiries", "enquiry", "look", "export",
)  # fmt: skip
PAPERS = ("submissions", "submission", "public", "published", "paper", "own", "job", "regions", "overview")
STAFF_NAV = (
    ("等我办", "home", "house", ("home",)),
    ("走流程", "walks", "person-walking", ("walks", "walk")),
    ("问题台账", "issues", "journal-text", ("issues", "issue", "imports", "import", "ledger", *LISTS)),
    ("汇总", "reports", "bar-chart", ("reports", "report", *PAPERS)),
    ("活动", "campaigns", "flag-fill", ("campaigns", "campaign", "plans", "plan", "hotline", "draws", "draw", *BOARDS)),
    ("消息", "notices", "bell", ("notices",)),
)
ADMIN_NAV = {
    AccountKind.SYSADMIN: (
        ("人员", "people", "people", ("people", "person")),
        ("单位", "units", "building", ("units", "unit")),
        ("工作日历", "calendar", "calendar3", ("calendar",)),
        ("运行状况", "system", "gear", ("system", "channels", "channel", "deliveries")),
        ("消息", "notices", "bell", ("notices",)),
    ),
    AccountKind.SECADMIN: (
        ("人员", "people", "people", ("people", "person")),
        ("角色授予", "roles", "person-badge", ("roles",)),
    ),
    AccountKind.AUDITOR: (("审计", "audit", "shield-check", ("audit",)),),
}


def chrome(request) -> dict:
    """``chrome``: {"nav", "unread", "user_label", "unit_label", "user_id", "menu", "troubles", "help"}; empty for a
    visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        empty = {"nav": [], "menu": [], "troubles": [], "unread": 0}
        empty |= dict.fromkeys(("user_label", "unit_label", "user_id", "help"), "")
        return {"chrome": empty}
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
            "help": help_address(here),
            "troubles": _troubles(user),
        }
    }


def _troubles(user) -> list[str]:
    """What does not work at present, in words."""
    troubles = []
    if storage_state.was_full(user.pk):
        troubles.append("存储空间已满：目前只能查看，不能保存；未报送的暗访暂不列出。请联系系统管理员。")
    if broker_state.is_down():
        troubles.append("后台队列没有响应：提醒延迟，汇总和导出已排队，队列恢复后开始。填报和办理不受影响。")
    return troubles


def _menu(user) -> list[dict]:
    """Entries of the account menu beside those of every page."""
    items = [{"label": "事项", "url": reverse("items"), "icon": "list-ul"}] if may_keep_items(user) else []
    return [*items, {"label": "接口令牌", "url": reverse("tokens"), "icon": "key"}]


def _unit_label(user) -> str:
    if user.kind != AccountKind.STAFF:
        return user.get_kind_display()
    return scope_of(user).label
