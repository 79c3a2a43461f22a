"""A campaign's rules as sentences, each with where it comes from. Pure.

A rule the notice states cites the place; one it leaves open is a setting of this system (docs/rules.md section 4).
"""

from collections.abc import Callable
from dataclasses import dataclass

from campaigns.domain.rulebook import rectifying_words
from campaigns.domain.rulebook.by_hand import BY_HAND
from campaigns.domain.rulebook.due_rule import Due
from campaigns.domain.rulebook.oversight_words import criticism_words, public_words
from campaigns.domain.rulebook.rulebook import Activity, RequiredComponent, Rulebook
from campaigns.enums import (
    CompanionKind,
    Component,
    CoverageBasis,
    CovertRule,
    DelegationReason,
    DueWay,
    IssueSource,
    Material,
    NoticeRule,
    Rhythm,
    Shift,
    Trigger,
    UnitList,
    WalkMode,
)
from catalogue.models import InPersonReason

NOTICES = {
    "M18": "牡丹江作风整顿办〔2018〕13号",
    "F16": "抚政办发〔2016〕2号",
    "W23": "乌审旗2023年3月14日方案",
    "L22": "蓝田县2022年5月25日方案",
    "H22": "湖南省政务局简报第38期",
}
SETTING = "通知未作规定，系统默认"
CHANGED = "统筹办设定"
GROUPS = {
    "cadence": "体验频次与时间",
    "planning": "计划、报备与暗访",
    "walking": "体验形式、委托与陪同",
    "activities": "活动类型与环节",
    "coverage": "覆盖要求",
    "reporting": "报送与汇总",
    "rectification": "问题分类与销号",
    "oversight": "督导与通报",
    "scoring": "考核",
}
WEEKDAYS = "一二三四五六日"
# A clause tells several fields in one sentence: it is the notice's only as long as all of them are.
TOLD_WITH = {
    "cadence.rhythm": ("cadence.minimum", "cadence.in_principle"),
    "planning.required": ("planning.content", "planning.filed"),
    "walking.modes": ("walking.mode_names", "walking.ways"),
    "walking.companions": ("walking.companion_kinds",),
    "coverage.basis": ("coverage.minimum",),
    "reporting.summary_due": ("reporting.summary",),
    "reporting.signature": ("reporting.stamp",),
    "reporting.keep_people_years": ("reporting.keep_originals_years",),
    "oversight.inspection": ("oversight.inspection_rhythm", "oversight.inspection_minimum"),
    "rectification.slip_blue_workdays": (
        "rectification.slip_yellow_workdays",
        "rectification.slip_red_workdays",
        "rectification.slip_reply_workdays",
    ),
    "oversight.publication": ("oversight.publication_rhythm", "oversight.publication_minimum"),
    "oversight.criticism": ("oversight.criticism_to",),
    "scoring.counts_in": ("scoring.on", "scoring.weights"),
}
NOT_ASKED = "不作要求"
HOW_OFTEN = {"once": "活动期间", "weekly": "每周", "monthly": "每月", "quarterly": "每季度"}


@dataclass(frozen=True)
class Clause:
    """One rule: its ``key`` ("group.field"), on which page it stands, ``heading``, ``text``, and ``source``: a notice
    with its place, or a setting, ours or the office's own (``is_cited`` False). ``note``: what the system does not do
    about it, "" where it does what the clause says."""

    key: str
    group: str
    heading: str
    text: str
    source: str
    is_cited: bool
    note: str = ""


def clauses(rules: Rulebook, group: str = "") -> list[Clause]:
    """Every rule in the order an office reads them, or those of one page; required components after the activities. A
    rule without words is none: the points of a campaign that does not score."""
    found = []
    for key, (heading, words) in WORDS.items():
        if (not group or key.partition(".")[0] == group) and (text := words(rules)):
            found.append(_clause(rules, key, heading, text))
        if key == "activities" and group in ("", key):
            found += [
                _clause(rules, one.cite, one.name, _components(one)) for one in rules.activities if one.components
            ]
    return found


def due_words(due: Due) -> str:
    """A due date in words; inclusive, to 24:00 of that day."""
    match due.way:
        case DueWay.DATE:
            return f"{due.day.year}年{due.day.month}月{due.day.day}日前（含当日）" if due.day else "固定日期（未填）"
        case DueWay.PERIOD_END:
            return "每期最后一天前（含当日）"
        case DueWay.MONTH_DAY:
            return f"每月 {due.n} 日前（含当日）"
        case DueWay.NEXT_MONTH_DAY:
            return f"次月 {due.n} 日前（含当日）"
        case DueWay.NEXT_WORKDAYS:
            return f"下一期开始后 {due.n} 个工作日内（报上一期）"
        case DueWay.WEEKDAY:
            return f"当周星期{_weekday(due.n)}前（含当日）"
        case DueWay.NEXT_WEEKDAY:
            return f"次周星期{_weekday(due.n)}前（含当日）"
        case DueWay.AFTER_WALKS:
            return f"体验截止后 {due.n} 个工作日内"
    return "未定期限"


def _clause(rules: Rulebook, key: str, heading: str, text: str) -> Clause:
    source, is_cited = source_of(rules, key)
    note = "" if text == NOT_ASKED else BY_HAND.get(key, "")
    return Clause(key, key.partition(".")[0], heading, text, source, is_cited, note)


def source_of(rules: Rulebook, key: str) -> tuple[str, bool]:
    """Where a clause comes from, and whether that is the notice: the places of all fields it tells, each once."""
    cites = [rules.cites[name] for name in (key, *TOLD_WITH.get(key, ())) if name in rules.cites]
    if "" in cites:
        return CHANGED, False
    places = [one for place, one in enumerate(cites) if not any(one in earlier for earlier in cites[:place])]
    if not places:
        return SETTING, False
    return f"{NOTICES.get(rules.notice, rules.notice)} {'；'.join(places)}", True


@dataclass(frozen=True)
class Obligation:
    """What is owed without a date: by whom, what, and where that comes from."""

    who: str
    what: str
    source: str
    is_cited: bool


def obligations(rules: Rulebook) -> list[Obligation]:
    """What the rules ask for beside the due dates, of the units, of the lead, of whoever oversees them."""
    plan, report, over = rules.planning, rules.reporting, rules.oversight
    summed_up = report.summary and report.summary_due.way == DueWay.NONE
    filed = "，报统筹办备案" if plan.filed else ""
    asked = [
        ("各单位", "planning.required", plan.required and plan.due.way == DueWay.NONE,
         f"制定{plan.content}{filed}，通知未定期限"),
        ("各单位", "planning.notice", plan.notice == NoticeRule.BEFORE, "每次体验前向统筹办报备时间安排"),
        ("各单位", "cadence.triggers", rules.cadence.triggers, _triggers(rules)),
        ("各单位", "reporting.due", report.due.way == DueWay.NONE, f"报送{report.content or '体验登记表'}，未定期限"),
        ("牵头单位", "reporting.summary_due", summed_up, _summary(rules)),
        (_overseer(rules), "oversight.inspection", over.inspection, _inspection(rules)),
        (_overseer(rules), "oversight.publication", over.publication, _publication(rules)),
        (_overseer(rules), "oversight.criticism", over.criticism, criticism_words(rules)),
    ]  # fmt: skip
    return [Obligation(who, what, *source_of(rules, key)) for who, key, holds, what in asked if holds]


def summary(rules: Rulebook) -> str:
    """The rules in one line, for choosing among templates."""
    parts = [_cadence(rules), f"{Rhythm(rules.reporting.rhythm).label}报送"]
    parts += ["一律暗访"] if rules.planning.covert == CovertRule.REQUIRED else []
    parts += [_coverage(rules)] if rules.coverage.basis != CoverageBasis.NONE else []
    return f"{'；'.join(parts)}。活动：{'、'.join(activity.name for activity in rules.activities)}。"


def _cadence(rules: Rulebook) -> str:
    how = HOW_OFTEN[rules.cadence.rhythm]
    return f"主要负责同志{'原则上' if rules.cadence.in_principle else ''}{how}至少体验 {rules.cadence.minimum} 次"


def _walk_due(rules: Rulebook) -> str:
    if rules.cadence.due.way == DueWay.PERIOD_END:
        return "活动结束日前（含当日）" if rules.cadence.rhythm == Rhythm.ONCE else "每期最后一天前（含当日）"
    return due_words(rules.cadence.due)


def _triggers(rules: Rulebook) -> str:
    named = "、".join(Trigger(one).label for one in rules.cadence.triggers)
    return f"{named}（只作提示，不计逾期）" if named else "不另作要求"


def _planning(rules: Rulebook) -> str:
    plan = rules.planning
    if not plan.required:
        return f"各单位不必报{plan.content}"
    return f"各单位制定{plan.content}，报统筹办备案" if plan.filed else f"各单位制定{plan.content}，不要求报送"


def _modes(rules: Rulebook) -> str:
    modes = "、".join(rules.walking.mode_names.get(mode, WalkMode(mode).label) for mode in rules.walking.modes)
    return f"{rules.walking.ways}（系统中按{modes}登记）" if rules.walking.ways else modes


def _delegation(rules: Rulebook) -> str:
    reasons = "、".join(DelegationReason(one).label for one in rules.walking.delegation_reasons)
    return f"{reasons}的，可以委托分管负责同志体验" if reasons else "不得委托，须主要负责同志本人体验"


def _in_person(rules: Rulebook) -> str:
    flags = "、".join(InPersonReason(one).label for one in rules.walking.in_person)
    return f"{flags}的事项，须主要负责同志本人体验" if flags else NOT_ASKED


def _companions(rules: Rulebook) -> str:
    walking = rules.walking
    if walking.companions is None:
        return "不限"
    if not walking.companions:
        return "不安排陪同人员"
    most = [(kind.label, walking.companion_kinds.get(kind)) for kind in CompanionKind]
    kinds = "、".join(f"{label} {number} 人" for label, number in most if number)
    return f"最多 {walking.companions} 人" + (f"（{kinds}）" if kinds else "")


def _activities(rules: Rulebook) -> str:
    words = []
    for activity in rules.activities:
        units = "、".join(UnitList(one).label for one in activity.units)
        links = f"，每次至少 {activity.links} 个环节" if activity.links else ""
        words.append(f"{activity.name}（{units}{links}）")
    return "；".join(words)


def _components(activity: Activity) -> str:
    """Each 环节 on a line, with its components, their least and most counts, and what is to be looked at."""
    links: dict[int, list[str]] = {}
    for part in activity.components:
        links.setdefault(part.link, []).append(_component(part))
    found = [f"{place}. {'，'.join(parts)}" for place, parts in enumerate(links.values(), start=1)]
    return "\n".join(found)


def _component(part: RequiredComponent) -> str:
    if part.most is None:
        count = f"至少 {part.least} {part.unit}"
    else:
        count = f" {part.least}—{part.most} {part.unit}" if part.most > part.least else f" {part.least} {part.unit}"
    component = Component(part.code)
    told = [component.label.removeprefix(component.brief).strip("：（）"), "、".join(part.elements)]
    words = "；".join(one for one in told if one)
    name = component.brief.removeprefix("参与一次")
    return f"{name}{count}（{words}）" if words else f"{name}{count}"


def _coverage(rules: Rulebook) -> str:
    basis = CoverageBasis(rules.coverage.basis)
    if basis == CoverageBasis.NONE:
        return basis.label
    return f"{basis.label}，每项至少体验 {rules.coverage.minimum} 次"


def _period(rules: Rulebook) -> str:
    report = rules.reporting
    if report.rhythm == Rhythm.MONTHLY and report.cutoff_day:
        return f"上月 {report.cutoff_day + 1} 日至本月 {report.cutoff_day} 日，按体验日期计"
    names = {"once": "活动全程为一期", "weekly": "按自然周", "monthly": "按自然月", "quarterly": "按自然季度"}
    return names[report.rhythm]


def _evidence(rules: Rulebook) -> str:
    kinds = "、".join(Material(one).label for one in rules.reporting.evidence)
    if not kinds:
        return NOT_ASKED
    return f"{kinds}（没有的不能登记完成）" if rules.reporting.evidence_required else kinds


def _kept(rules: Rulebook) -> str:
    people, originals = rules.reporting.keep_people_years, rules.reporting.keep_originals_years
    return f"归档后，被回访、参加人员和反映人信息保存 {people} 年，照片原件保存 {originals} 年"


def _paper(rules: Rulebook) -> str:
    parts = ["主要负责同志签字"] if rules.reporting.signature else []
    parts += ["加盖单位公章（报送时附签字盖章件）"] if rules.reporting.stamp else []
    return "、".join(parts) or NOT_ASKED


def _summary(rules: Rulebook) -> str:
    report = rules.reporting
    if report.summary_due.way == DueWay.NONE:
        return f"{report.summary}，通知未定期限" if report.summary else NOT_ASKED
    return f"{report.summary}，{due_words(report.summary_due)}" if report.summary else due_words(report.summary_due)


def _overseer(rules: Rulebook) -> str:
    return rules.oversight.by or "统筹办"


def _inspection(rules: Rulebook) -> str:
    one = rules.oversight
    return _office_does(one.inspection, one.inspection_rhythm, one.inspection_minimum)


def _publication(rules: Rulebook) -> str:
    one = rules.oversight
    return _office_does(one.publication, one.publication_rhythm, one.publication_minimum)


def _office_does(what: str, rhythm: str, minimum: int) -> str:
    if not what:
        return NOT_ASKED
    return f"{what}，{HOW_OFTEN[rhythm]}至少 {minimum} 次" if rhythm else what


def _scoring(rules: Rulebook) -> str:
    scoring = rules.scoring
    weights = "，".join(f"{name} {points} 分" for name, points in scoring.weights.items())
    ready = f"（备用分值：{weights}）" if weights else ""
    points = f"系统评分：{weights}" if scoring.on else f"系统不评分{ready}"
    return f"纳入{scoring.counts_in}；{points}" if scoring.counts_in else points


def _points(rules: Rulebook) -> str:
    """The points of the rubric, one a line; "" while scoring is off: then nothing mentions them."""
    given = rules.scoring.points if rules.scoring.on else ()
    return "\n".join(f"{place}. {point.name}：{point.words}" for place, point in enumerate(given, start=1))


def _weekday(n: int | None) -> str:
    return WEEKDAYS[n - 1] if n and 1 <= n <= 7 else "（未填）"


WORDS: dict[str, tuple[str, Callable[[Rulebook], str]]] = {
    "cadence.rhythm": ("体验频次", _cadence),
    "cadence.due": ("体验截止", _walk_due),
    "cadence.triggers": ("另行体验", _triggers),
    "cadence.complaint_counts": (
        "处投诉",
        lambda r: "计入体验次数" if r.cadence.complaint_counts else "不计入体验次数",
    ),
    "planning.required": ("体验计划", _planning),
    "planning.due": ("计划期限", lambda r: due_words(r.planning.due) if r.planning.required else NOT_ASKED),
    "planning.covers_all": ("计划内容", lambda r: "列全应体验的事项" if r.planning.covers_all else "由单位自定"),
    "planning.notice": ("体验前告知", lambda r: NoticeRule(r.planning.notice).label),
    "planning.covert": ("暗访", lambda r: CovertRule(r.planning.covert).label),
    "walking.modes": ("体验形式", _modes),
    "walking.delegation_reasons": ("委托体验", _delegation),
    "walking.in_person": ("须本人体验", _in_person),
    "walking.companions": ("陪同人员", _companions),
    "activities": ("活动类型", _activities),
    "coverage.basis": ("覆盖范围", _coverage),
    "reporting.rhythm": ("报送周期", lambda r: f"{Rhythm(r.reporting.rhythm).label}报送"),
    "reporting.cutoff_day": ("统计期间", _period),
    "reporting.due": ("报送期限", lambda r: due_words(r.reporting.due)),
    "reporting.summary_due": ("牵头汇总", _summary),
    "reporting.shift": ("期限遇休息日", lambda r: Shift(r.reporting.shift).label),
    "reporting.content": ("报送内容", lambda r: r.reporting.content or "体验登记表"),
    "reporting.evidence": ("佐证材料", _evidence),
    "reporting.signature": ("签字盖章", _paper),
    "reporting.keep_people_years": ("保存期限", _kept),
    "rectification.classes": ("问题分类", lambda r: "、".join(r.rectification.classes)),
    "rectification.sources": (
        "问题来源",
        lambda r: "、".join(IssueSource(one).label for one in r.rectification.sources),
    ),
    "rectification.strike_off": ("销号", rectifying_words.strike_off),
    "rectification.dispute_workdays": (
        "退单",
        lambda r: f"交办后 {r.rectification.dispute_workdays} 个工作日内可以退单，第二次退单由统筹办裁定",
    ),
    "rectification.reminder_days": ("到期提醒", rectifying_words.reminders),
    "rectification.deferral_days": ("长期挂账", lambda r: f"复核日期不超过 {r.rectification.deferral_days} 天"),
    "rectification.need_reply_workdays": (
        "需求回应",
        lambda r: f"体验报送后 {r.rectification.need_reply_workdays} 个工作日内回应，牵头单位可以另定时间",
    ),
    "rectification.stale_workdays": (
        "进展停滞",
        lambda r: f"整改中 {r.rectification.stale_workdays} 个工作日没有填写进展的，列为进展停滞",
    ),
    "rectification.slip_blue_workdays": ("三色督办", rectifying_words.slips),
    "rectification.look_back_share": ("回头看", rectifying_words.look_back),
    "rectification.look_back_days": ("回头看时间", lambda r: f"销号 {r.rectification.look_back_days} 天后"),
    "oversight.by": ("督导单位", _overseer),
    "oversight.inspection": ("督导检查", _inspection),
    "oversight.publication": ("通报公布", _publication),
    "oversight.criticism": ("通报批评", lambda r: criticism_words(r) or NOT_ASKED),
    "oversight.public_sheet": ("向社会公开", public_words),
    "scoring.counts_in": ("考核", _scoring),
    "scoring.points": ("评分项", _points),
}
