"""Where the manual describes a page: for the link 帮助 of every page, and the pages of the manual for one reader."""

from urllib.parse import urlencode

from django.urls import reverse

from accounts.enums import LEADER_ROLES, AccountKind, Role
from accounts.models import User
from accounts.scope import scope_of
from manual.domain.pages import ManualPage, ManualSection, pages, section_of

LEDGER = ("office", "查找、筛选与导出")
SEND = ("office", "汇总与报送")
# By the name of the route, or by its first word; a page without a line here leads to the table of contents.
PLACES: dict[str, tuple[str, str]] = {
    # walks
    "walks": ("walk", "开始：点两下"),
    "walks_here": ("unit", "来本单位的体验"),
    "walk": ("walk", "记录：走到哪一步登记哪一步"),
    "walk_act": ("walk", "签字"),
    "walk_complete": ("unit", "补全登记"),
    "walk_component": ("walk", "规定环节"),
    "walk_problem": ("walk", "发现问题：三个字段"),
    "walk_covert": ("walk", "暗访"),
    "walk_readers": ("walk", "暗访"),
    "walk_postpone": ("walk", "暗访"),
    "walk_look": ("walk", "回头看：再走一遍"),
    "walk_need": ("unit", "需求"),
    "walk_paper": ("unit", "材料"),
    "walks_import": ("office", "导入台账、导回与来件"),
    "walks_columns": ("office", "导入台账、导回与来件"),
    "walks_preview": ("office", "导入台账、导回与来件"),
    # plans
    "plans": ("plan", "编写"),
    "plan": ("plan", "编写"),
    "plan_act": ("plan", "报送、备案"),
    "plan_import": ("plan", "用表格导入、导出"),
    "plan_export": ("plan", "用表格导入、导出"),
    "plan_row": ("plan", "报备、开始体验"),
    "plan_start": ("plan", "报备、开始体验"),
    "plan_notice": ("plan", "报备、开始体验"),
    # the ledger
    "issues": LEDGER,
    "issue": ("unit", "整改"),
    "issue_act": ("unit", "整改"),
    "issues_bulk": ("office", "验收与批量办理"),
    "issues_change": ("office", "配合、分类与好做法"),
    "issues_chase": ("office", "时限、催办与督办"),
    "chases": ("office", "时限、催办与督办"),
    "extensions": ("office", "时限、催办与督办"),
    "slip": ("office", "时限、催办与督办"),
    "slips": ("office", "时限、催办与督办"),
    "inspection": ("office", "时限、催办与督办"),
    "inspections": ("office", "时限、催办与督办"),
    "enquiry": ("office", "举一反三与回头看"),
    "enquiries": ("office", "举一反三与回头看"),
    "look": ("office", "举一反三与回头看"),
    "look_back_request": ("unit", "回头看"),
    "practices": ("office", "配合、分类与好做法"),
    "incoming": ("office", "导入台账、导回与来件"),
    "import": ("office", "导入台账、导回与来件"),
    "imports": ("office", "导入台账、导回与来件"),
    "ledger": ("office", "导入台账、导回与来件"),
    "need": ("office", "需求"),
    "needs": ("office", "需求"),
    "export": LEDGER,
    # periods and papers
    "reports": SEND,
    "report": SEND,
    "report_publish": ("office", "印发汇总（统筹办）"),
    "report_pack": ("unit", "材料"),
    "published": ("office", "印发汇总（统筹办）"),
    "submission": ("unit", "本期报送"),
    "submissions": SEND,
    "public": ("office", "向社会公开（统筹办、牵头单位）"),
    "paper": ("office", "工作总结的文字和自备模板（统筹办）"),
    "own": ("office", "工作总结的文字和自备模板（统筹办）"),
    "score": ("office", "考核评分"),
    "scores": ("office", "考核评分"),
    "regions": ("supervisor", "进展总览、汇总与台账"),
    "overview": ("supervisor", "进展总览、汇总与台账"),
    # campaigns
    "campaigns": ("campaign", "印发一个新活动"),
    "campaign": ("campaign", "活动页"),
    "campaign_new": ("campaign", "印发一个新活动"),
    "campaign_setup": ("campaign", "印发一个新活动"),
    "campaign_rules": ("campaign", "规则各组"),
    "campaign_issue": ("campaign", "矛盾与印发"),
    "campaign_amend": ("campaign", "印发以后"),
    "campaign_roster": ("campaign", "印发以后"),
    "campaign_deadline": ("campaign", "暂定的期限"),
    "board": ("board", "计划与完成"),
    "coverage": ("board", "事项覆盖"),
    "pool": ("board", "必走事项清单"),
    "hotline": ("hotline", "处投诉跟单名单（接收处投诉的牵头单位、统筹办）"),
    "draw": ("hotline", "随机抽取业务检查事项（单位负责同志、联络员，统筹办）"),
    "draws": ("hotline", "随机抽取业务检查事项（单位负责同志、联络员，统筹办）"),
    "items": ("office", "事项"),
    # the three administrators
    "people": ("admin", "在页面上导入单位和人员（系统管理员）"),
    "person": ("admin", "一个人的账号（系统管理员）"),
    "person_edit": ("admin", "一个人的账号（系统管理员）"),
    "person_grant": ("admin", "授予角色（安全管理员）"),
    "person_handover": ("admin", "离任交接（安全管理员）"),
    "hand": ("admin", "离任交接（安全管理员）"),
    "roles": ("admin", "授予角色（安全管理员）"),
    "units": ("admin", "在页面上导入单位和人员（系统管理员）"),
    "unit_abolish": ("admin", "撤销单位（系统管理员）"),
    "unit_rename": ("admin", "单位更名、合并、拆分（系统管理员）"),
    "unit_merge": ("admin", "单位更名、合并、拆分（系统管理员）"),
    "unit_split": ("admin", "单位更名、合并、拆分（系统管理员）"),
    "unit_change": ("admin", "单位更名、合并、拆分（系统管理员）"),
    "unit_changes": ("admin", "单位更名、合并、拆分（系统管理员）"),
    "unit_place": ("admin", "首次启动：从空机器到印发第一个活动"),
    "unit_places": ("admin", "首次启动：从空机器到印发第一个活动"),
    "unit_restore": ("admin", "撤销单位（系统管理员）"),
    "calendar": ("admin", "工作日历（系统管理员）"),
    "retention": ("admin", "期满清除（安全管理员）"),
    "system": ("admin", "运行状况和备份（系统管理员）"),
    "mail_address": ("unit", "接收邮件"),
    "tokens": ("api", "建立令牌"),
    "token_add": ("api", "建立令牌"),
    "channels": ("admin", "对外通知（系统管理员）"),
    "channel": ("admin", "对外通知（系统管理员）"),
    "deliveries": ("admin", "对外通知（系统管理员）"),
    "audit": ("admin", "审计"),
    "password": ("admin", "密码和登录"),
    "start": ("admin", "首次启动：从空机器到印发第一个活动"),
}
ADMIN_PAGES = {"admin"}
ROLE_PAGES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(LEADER_ROLES, ("walk",)),
    Role.LIAISON: ("unit", "plan"),
    Role.RESPONSIBLE: ("unit",),
    Role.LEAD: ("office", "hotline"),
    Role.OFFICE: ("office", "campaign", "hotline", "board"),
    Role.SUPERVISOR: ("supervisor",),
}


def section_for(route: str) -> ManualSection | None:
    """The section that speaks of the page of that route: by its name, by its first two words, by its first one."""
    words = route.split("_")
    for length in (len(words), 2, 1):
        if place := PLACES.get("_".join(words[:length])):
            return section_of(*place)
    return None


def help_address(route: str) -> str:
    """Where 帮助 leads from the page of that route."""
    section = section_for(route)
    if section is None:
        return reverse("help")
    path, _, anchor = section.url.partition("#")
    return f"{path}?{urlencode({'from': route})}#{anchor}"


def pages_for(user: User) -> list[ManualPage]:
    """The pages written for what the person is, in the order of the manual."""
    if user.kind == AccountKind.STAFF:
        wanted = {slug for role, _ in scope_of(user).roles for slug in ROLE_PAGES[role]}
    else:
        wanted = ADMIN_PAGES
    return [page for page in pages().values() if page.slug in wanted]
