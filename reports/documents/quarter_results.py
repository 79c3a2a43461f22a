"""季度工作成果 (F12): the written result that a unit hands in for the quarter before (F16 三（一）). Pure."""

from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import Rhythm
from core.periods import Period
from reports.documents.chapters import TextPaper, numbered, without_stop
from reports.documents.fields import literal
from reports.documents.issue_chapters import measures, problems
from reports.documents.material import PeriodMaterial, office_of, unit_material
from reports.documents.walk_words import LINE


def addressed(material: PeriodMaterial) -> str:
    """To whom the unit hands in; the office where the rules set no date."""
    return "、".join(material.receivers) or office_of(material.query)


def opening(material: PeriodMaterial) -> tuple[str, ...]:
    """What the unit walked: its totals, by kind of activity, and the items by name."""
    label = material.query.period.label
    if not material.table.total.values["sessions"]:
        return (f"{label}，本单位未开展体验活动。",)
    kinds = [
        f"{line.label}{{{line.label}次数}}次、{{{line.label}人次}}人次"
        for line in material.activities
        if line.values["sessions"]
    ]
    return (
        f"{label}，本单位开展体验活动{{活动次数}}次，参与{{参与人次}}人次，其中主要负责同志{{其中：主要负责同志}}人次，"
        "体验事项{体验事项}个、{体验项次}项次。",
        *([f"按活动类型：{'；'.join(kinds)}。"] if len(kinds) > 1 else []),
        "体验事项为：{体验事项名单}。",
    )


def rectified(material: PeriodMaterial) -> tuple[str, ...]:
    """What became of the problems found; one line where there were none."""
    if not material.table.total.values["issues_found"]:
        return ("本期体验未发现须整改的问题。",)
    return measures(material)


def _asked(rules: Rulebook, period: Period) -> bool:
    return rules.reporting.rhythm == Rhythm.QUARTERLY and period.kind == "quarter"


def _guides(material: PeriodMaterial) -> tuple[str, ...]:
    """What the data know of lists of items and guides: effects with both numbers, and measures that name them."""
    lines = [
        f"{_item(one.item)}{one.words}（{without_stop(one.text)}），办事指南的相应内容随之调整。"
        for one in material.improvements
    ]
    told = {one.text for one in material.improvements}
    lines += [
        f"{_item(one.item)}{without_stop(one.text)}（{'已落实' if one.is_done else '正在落实'}）。"
        for one in material.guides
        if one.text not in told
    ]
    if not lines:
        return ("本期登记的整改措施没有涉及服务事项目录和办事指南的调整。",)
    published = f"调整后的目录和办事指南于{LINE}（日期）通过{LINE}（渠道）向社会公布。"
    return (*numbered(lines), published)


def _item(name: str) -> str:
    return f"“{literal(name)}”：" if name else ""


def _next_steps(material: PeriodMaterial) -> tuple[str, ...]:
    total, lines = material.table.total.values, []
    if not total["sessions"]:
        lines.append("由主要负责同志带头，下期内集中开展体验活动。")
    if total["overdue"]:
        lines.append("逾期{逾期}个问题逐件明确责任人和完成时间，抓紧整改销号。")
    if total["not_due"]:
        lines.append("未到期{未到期}个问题按整改时限推进，办结一件、验收一件、销号一件。")
    if total["rebounds"]:
        lines.append("反弹{反弹}个问题查清原因，完善制度，防止再次发生。")
    lines.append("举一反三排查同类问题，及时调整服务事项目录和办事指南，并同步向社会公布。")
    return numbered(lines)


QUARTER_RESULTS = TextPaper(
    "quarter-results",
    "工作成果",
    "{author}{period}工作成果",
    addressed,
    (
        ("activities", "体验活动开展情况", opening),
        ("problems", "查找的主要问题", problems),
        ("measures", "整改落实情况", rectified),
        ("guides", "服务事项目录和办事指南调整公布情况", _guides),
        ("next", "存在的不足和下步打算", _next_steps),
    ),
    scopes=("unit",),
    asked=_asked,
    material=unit_material,
    is_signed=True,
)
