"""A campaign's rules as sentences, each with where it comes from. Pure.

A rule the notice states names the notice; one it leaves open is a setting of this system (product.md section 4).
"""

from dataclasses import dataclass

from campaigns.domain.rulebook import Rulebook
from campaigns.enums import ActivityKind, WalkMode

NOTICES = {
    "M18": "牡丹江市深化机关作风整顿领导小组办公室文件〔2018〕13号",
    "F16": "抚政办发〔2016〕2号",
    "W23": "乌审旗2023年3月14日方案",
    "L22": "蓝田县2022年5月25日实施方案",
    "H22": "湖南省政务管理服务局简报第38期",
}
SETTING = "通知未作规定，系统默认"
CADENCES = {"monthly": "每月", "weekly": "每周", "quarterly": "每季度", "once": "活动期间"}
STRIKE_OFF = {"lead": "由牵头单位或统筹办验收销号", "office": "由统筹办验收销号"}


@dataclass(frozen=True)
class Clause:
    """One rule: ``heading``, ``text``, ``source`` (a notice, or that it is a setting)."""

    heading: str
    text: str
    source: str


def clauses(rules: Rulebook) -> list[Clause]:
    """Every rule in the order an office reads them: who and how often, by when, how issues are mended."""
    notice = NOTICES.get(rules.notice, rules.notice)
    rows = [
        ("活动内容", "、".join(ActivityKind(kind).label for kind in rules.activity_kinds), notice),
        ("体验频次", _cadence(rules), notice),
        ("委托体验", "部分事项可委托分管负责同志" if rules.delegation_allowed else "须本人体验", notice),
        ("体验形式", "、".join(WalkMode(mode).label for mode in rules.modes), SETTING),
        ("资料报送", f"每月 {rules.report_day} 日前（含当日）报牵头单位", notice),
        ("月度汇总", f"牵头单位每月 {rules.summary_day} 日前（含当日）报统筹办", notice),
        ("统计期间", _period(rules), SETTING),
        ("问题分类", "、".join(rules.categories), notice),
        ("销号", f"{STRIKE_OFF[rules.strike_off]}；申请人和责任单位不能自己销号", SETTING),
        ("退单", f"责任单位在交办后 {rules.dispute_workdays} 个工作日内可以退单，第二次退单由统筹办裁定", SETTING),
        ("到期提醒", _reminders(rules), SETTING),
        ("长期挂账", f"复核日期不超过 {rules.deferral_days} 天", SETTING),
        ("回头看", f"销号 {rules.look_back_days} 天后", SETTING),
    ]
    return [Clause(*row) for row in rows]


def _cadence(rules: Rulebook) -> str:
    return f"主要负责同志{CADENCES.get(rules.cadence, '')}至少体验 {rules.minimum_per_period} 次"


def _period(rules: Rulebook) -> str:
    if rules.cutoff_day is None:
        return "按自然月"
    return f"上月 {rules.cutoff_day + 1} 日至本月 {rules.cutoff_day} 日，按体验日期计"


def _reminders(rules: Rulebook) -> str:
    days = [f"到期前 {day} 天" if day else "到期当天" for day in sorted(rules.reminder_days, reverse=True)]
    return f"{'、'.join(days)}，逾期次日"
