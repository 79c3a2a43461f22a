"""What in a rulebook contradicts itself, each named, so that nothing impossible is issued; and what only deserves a
second look. Pure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from campaigns.domain.rulebook import rubric
from campaigns.domain.rulebook.due_dates import deadlines, due_of, first_left_out, last_walking_day, periods, resolve
from campaigns.domain.rulebook.due_rule import Due
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import ActivityKind, CoverageBasis, CovertRule, DueWay, NoticeRule, Rhythm, Shift, UnitList
from core.periods import Period
from core.workdays import WorkCalendar

# Which ways of telling a due date fit which rhythm of reporting.
WAYS = {
    Rhythm.ONCE: (DueWay.NONE, DueWay.DATE, DueWay.AFTER_WALKS),
    Rhythm.WEEKLY: (DueWay.NONE, DueWay.PERIOD_END, DueWay.WEEKDAY, DueWay.NEXT_WEEKDAY, DueWay.NEXT_WORKDAYS),
    Rhythm.MONTHLY: (DueWay.NONE, DueWay.PERIOD_END, DueWay.MONTH_DAY, DueWay.NEXT_MONTH_DAY, DueWay.NEXT_WORKDAYS),
    Rhythm.QUARTERLY: (DueWay.NONE, DueWay.PERIOD_END, DueWay.NEXT_MONTH_DAY, DueWay.NEXT_WORKDAYS),
}
LIMITS = {DueWay.MONTH_DAY: 28, DueWay.NEXT_MONTH_DAY: 28, DueWay.WEEKDAY: 7, DueWay.NEXT_WEEKDAY: 7}
MOST_WORKDAYS = 60
MOST_DEFERRAL_DAYS = 180
# How many periods are looked at to see which of two dates comes first: a year of weeks.
SAMPLES = 53
A_YEAR = timedelta(days=366)
DATED = {"cadence", "planning", "reporting"}
MONDAY_TO_FRIDAY = WorkCalendar({}, frozenset())


@dataclass(frozen=True)
class Problem:
    """One contradiction or hint: ``group`` is the page of rules on which it is corrected."""

    group: str
    message: str


def problems(
    rules: Rulebook,
    *,
    received_kinds: set[str],
    units: int,
    taking_part: int | None = None,
    abolished: Iterable[str] = (),
    calendar: WorkCalendar | None = None,
) -> list[Problem]:
    """Everything that forbids issuing, in the order of the pages.

    ``received_kinds``: activity kinds that have a receiver; ``units``: how many (个) stand on the roster, of which
    ``taking_part`` take part in an activity (None: not known);
    ``abolished``: names of receiving units that are no more; ``calendar``: the rest days known (default:
    Saturdays and Sundays).
    """
    found = [*_window(rules), *_planning(rules), *_walking(rules), *_activities(rules)]
    found += _reporting(rules, calendar or MONDAY_TO_FRIDAY)
    if not {one.group for one in found} & DATED:
        found = [*_nothing_due(rules), *found]
    found += [*_receivers(rules, received_kinds, abolished), *_rectification(rules), *_scoring(rules)]
    if not units:
        found.append(Problem("roster", "名单上没有单位"))
    elif taking_part == 0 and not _is_of_hotline(rules):
        found.append(Problem("roster", _nobody_takes_part(rules, units)))
    return found


def _is_of_hotline(rules: Rulebook) -> bool:
    """True when who takes part is said month by month by a hotline list, and not by the roster alone."""
    return any(UnitList.HOTLINE in activity.units for activity in rules.activities)


def _nobody_takes_part(rules: Rulebook, units: int) -> str:
    """Every date would be due from nobody (W23 in a region without any 一件事)."""
    lists = dict.fromkeys(UnitList(one).label for activity in rules.activities for one in activity.units)
    asked = "、".join(lists)
    return f"名单上的 {units} 个单位都不是“{asked}”，各项期限没有单位承担：请先补充单位或事项资料，或调整参加单位"


def hints(rules: Rulebook, *, to_cover: int, spare_days: int, is_new: bool = True) -> list[Problem]:
    """What does not forbid issuing, but what the office may not have meant.

    ``to_cover``: items (项) the coverage rule finds here; ``spare_days``: days between the last walking day and the end
    of the campaign in the notice itself; ``is_new``: its days can still be changed.
    """
    return [*_walks_end_early(rules, spare_days), *_nothing_to_cover(rules, to_cover), *_never_reported(rules, is_new)]


def _walks_end_early(rules: Rulebook, spare_days: int) -> Iterator[Problem]:
    day = rules.cadence.due.day
    ahead = (rules.ends_on - day).days if day else 0
    if ahead > spare_days:
        yield Problem("cadence", f"体验截止日期 {day} 比活动结束日期 {rules.ends_on} 早 {ahead} 天，请核对是否需要修改")


def _nothing_to_cover(rules: Rulebook, to_cover: int) -> Iterator[Problem]:
    basis = CoverageBasis(rules.coverage.basis)
    if to_cover or basis == CoverageBasis.NONE:
        return
    if basis == CoverageBasis.POOL:
        yield Problem("coverage", "必走事项清单还是空的，请在“必走事项清单”列入事项")
    else:
        yield Problem("coverage", f"要求体验{basis.label}，但本区域还没有这类事项，请先导入事项")


def _never_reported(rules: Rulebook, is_new: bool) -> Iterator[Problem]:
    if not _has_periods(rules) or _way_fault("", rules.reporting.due, Rhythm(rules.reporting.rhythm)):
        return
    first = first_left_out(rules, MONDAY_TO_FRIDAY)
    if first:
        before = _day(first - timedelta(days=1))
        days = f"{first.year}年{_day(first)}至{_day(rules.ends_on)}的体验在最后一期（至{before}）之后，没有报送期限"
        other = f"，或在印发前把结束日期改为{before}" if is_new else "（活动已经印发，结束日期不能再改）"
        yield Problem("reporting", f"{days}：请另行约定报送{other}")


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _nothing_due(rules: Rulebook) -> Iterator[Problem]:
    """Only asked of rules that contradict themselves in no other way: with those nothing can be computed."""
    if not deadlines(rules, MONDAY_TO_FRIDAY, until=rules.starts_on + A_YEAR):
        shown = f"{rules.starts_on} 至 {rules.ends_on}"
        yield Problem("cadence", f"活动时间（{shown}）太短，一项期限也没有：请延长，或改为一次性体验和报送")


def _window(rules: Rulebook) -> Iterator[Problem]:
    if rules.cadence.minimum < 1:
        yield Problem("cadence", "每期至少体验的次数应不小于 1")
    day = rules.cadence.due.day
    if rules.cadence.due.way == DueWay.DATE and (day is None or not rules.starts_on <= day <= rules.ends_on):
        shown = f"{rules.starts_on} 至 {rules.ends_on}"
        yield Problem("cadence", f"体验截止日期 {day or '（未填）'} 不在活动时间（{shown}）内")
    if rules.cadence.rhythm != Rhythm.ONCE and rules.cadence.due.way == DueWay.DATE:
        yield Problem("cadence", "按周、月、季度体验的活动不能只定一个体验截止日期")


def _planning(rules: Rulebook) -> Iterator[Problem]:
    plan = rules.planning
    day = plan.due.day
    if plan.required and day and day > last_walking_day(rules):
        yield Problem("planning", f"报计划的期限 {day} 晚于体验截止日期 {last_walking_day(rules)}")
    if plan.required and day and day < rules.starts_on:
        yield Problem("planning", f"报计划的期限 {day} 早于活动开始日期 {rules.starts_on}")
    if plan.due.way == DueWay.DATE and day is None:
        yield Problem("planning", "报计划的期限选了固定日期，但没有填日期")
    if plan.due.way != DueWay.NONE and not plan.required:
        yield Problem("planning", "定了报计划的期限，但没有要求各单位报计划")
    if plan.covers_all and rules.coverage.basis == CoverageBasis.NONE:
        yield Problem("planning", "计划须列全应体验的事项，但覆盖要求是“不要求逐项体验”")
    if plan.covert != CovertRule.FORBIDDEN and plan.notice == NoticeRule.BEFORE:
        yield Problem("planning", f"{CovertRule(plan.covert).label}与体验前报备相互矛盾")
    if plan.covert == CovertRule.REQUIRED and rules.walking.companions != 0:
        yield Problem("walking", "一律暗访的活动不安排陪同人员，陪同人数应为 0")


def _walking(rules: Rulebook) -> Iterator[Problem]:
    walking = rules.walking
    if not walking.modes:
        yield Problem("walking", "没有选择任何体验形式")
    total = sum(walking.companion_kinds.values())
    if walking.companions is not None and walking.companion_kinds and total != walking.companions:
        yield Problem("walking", f"陪同人员最多 {walking.companions} 人，但各类合计 {total} 人")


def _activities(rules: Rulebook) -> Iterator[Problem]:
    kinds = rules.activity_kinds
    if not kinds:
        yield Problem("activities", "没有选择任何活动类型")
    for kind in sorted(set(kinds)):
        if kinds.count(kind) > 1:
            yield Problem("activities", f"“{ActivityKind(kind).label}”出现在两项活动里")
    for activity in rules.activities:
        links = len({component.link for component in activity.components})
        if activity.links > links:
            yield Problem("activities", f"“{activity.name}”要求至少 {activity.links} 个环节，但只列了 {links} 个")
        for component in activity.components:
            if component.least < 1 or (component.most is not None and component.most < component.least):
                yield Problem("activities", f"“{activity.name}”有环节的最少、最多次数不成立")


def _reporting(rules: Rulebook, calendar: WorkCalendar) -> Iterator[Problem]:
    report = rules.reporting
    rhythm = Rhythm(report.rhythm)
    if report.cutoff_day is not None and rhythm != Rhythm.MONTHLY:
        yield Problem("reporting", f"{rhythm.label}报送不能设每月截止日（{report.cutoff_day} 日）")
    elif report.cutoff_day is not None and rules.cadence.rhythm == Rhythm.QUARTERLY:
        yield Problem("reporting", f"每季度体验一次的活动不能设每月截止日（{report.cutoff_day} 日）")
    if not _has_periods(rules):
        yield Problem("reporting", "每月截止日应为 1—28 之间的整数")
    if not report.signature:
        # The life of a walk knows no report without it (docs/rules.md section 3).
        yield Problem("reporting", "报送须经主要负责同志签字")
    wrong = [_way_fault("报送期限", report.due, rhythm), _way_fault("牵头汇总期限", report.summary_due, rhythm)]
    yield from (Problem("reporting", message) for message in wrong if message)
    if report.due.way == DueWay.NONE and report.summary_due.way != DueWay.NONE:
        yield Problem("reporting", "没有定各单位的报送期限，却定了牵头单位的汇总期限")
    if _has_periods(rules):
        yield from _reporting_order(rules, calendar, report_stands=not wrong[0], both_stand=not any(wrong))


def _has_periods(rules: Rulebook) -> bool:
    """False when the cut-off day cannot be one, so that no period can be told."""
    return rules.reporting.cutoff_day is None or 1 <= rules.reporting.cutoff_day <= LIMITS[DueWay.MONTH_DAY]


def _way_fault(label: str, due: Due, rhythm: Rhythm) -> str:
    way = DueWay(due.way)
    if way not in WAYS[rhythm]:
        return f"{label}“{way.label}”不适用于{rhythm.label}报送"
    if way == DueWay.DATE and due.day is None:
        return f"{label}选了固定日期，但没有填日期"
    if way in (DueWay.NONE, DueWay.DATE, DueWay.PERIOD_END):
        return ""
    most = LIMITS.get(way, MOST_WORKDAYS)
    return "" if due.n and 1 <= due.n <= most else f"{label}“{way.label}”应填 1 至 {most}"


def _reporting_order(
    rules: Rulebook, calendar: WorkCalendar, *, report_stands: bool, both_stand: bool
) -> Iterator[Problem]:
    """No report before what it reports on has ended, no summary before the reports are in."""
    sampled = list(islice(periods(rules, rules.period_of), SAMPLES))
    early = (_too_early(rules, period, calendar) for period in sampled) if report_stands else ()
    message = next(filter(None, early), "")
    if message:
        yield Problem("reporting", message)
    due, summary = rules.reporting.due, rules.reporting.summary_due
    if both_stand and any(_is_before(summary, due, period, rules) for period in sampled):
        yield Problem("reporting", "牵头汇总期限早于各单位报送期限")


def _too_early(rules: Rulebook, period: Period, calendar: WorkCalendar) -> str:
    """What is wrong when a period's report falls due before its last walking day, by itself or moved off a rest day."""
    due, last = rules.reporting.due, last_walking_day(rules)
    asked = due_of(due, period, MONDAY_TO_FRIDAY, last_walk=last)
    if asked is None:
        return ""
    plain, end = asked[0], min(period.ends_on, last)
    if plain < end and due.way == DueWay.DATE:
        return f"报送期限 {plain} 早于体验截止日期 {end}"
    if plain < end and due.way == DueWay.WEEKDAY:
        return "报送期限在当周结束之前，周末的体验来不及报送"
    if plain < end:
        shown = f"{rules.reporting.cutoff_day} 日" if rules.reporting.cutoff_day else "月末"
        return f"报送期限（每月 {due.n} 日）早于统计期末（{shown}），期内的体验来不及报送"
    moved = resolve(due, period, rules, calendar)
    if moved and moved[0] < end:
        rule = f"期限遇休息日“{Shift(rules.reporting.shift).label}”"
        return f"{rule}，报送期限 {plain} 移到 {moved[0]}，早于最后一个体验日 {end}，其后的体验来不及报送"
    return ""


def _is_before(first: Due, second: Due, period: Period, rules: Rulebook) -> bool:
    """Whether one due date of a period falls before another; rest days are left out of it."""
    last = last_walking_day(rules)
    one = due_of(first, period, MONDAY_TO_FRIDAY, last_walk=last)
    other = due_of(second, period, MONDAY_TO_FRIDAY, last_walk=last)
    return one is not None and other is not None and one[0] < other[0]


def _receivers(rules: Rulebook, received: set[str], abolished: Iterable[str]) -> Iterator[Problem]:
    for kind in rules.activity_kinds:
        if kind not in received:
            yield Problem("receivers", f"“{ActivityKind(kind).label}”没有接收单位")
    for name in dict.fromkeys(abolished):
        yield Problem("receivers", f"接收单位“{name}”已撤销，请另选")


def _rectification(rules: Rulebook) -> Iterator[Problem]:
    rectification = rules.rectification
    if not rectification.classes:
        yield Problem("rectification", "没有问题分类")
    if rectification.dispute_workdays < 1:
        yield Problem("rectification", "退单期限应不少于 1 个工作日")
    if not 1 <= rectification.deferral_days <= MOST_DEFERRAL_DAYS:
        yield Problem("rectification", f"长期挂账的复核期限应为 1 至 {MOST_DEFERRAL_DAYS} 天")
    if rectification.need_reply_workdays < 1:
        yield Problem("rectification", "需求回应期限应不少于 1 个工作日")
    if not 1 <= rectification.slip_blue_workdays < rectification.slip_yellow_workdays < rectification.slip_red_workdays:
        yield Problem("rectification", "三色督办的逾期工作日应由蓝到红依次增加，且不少于 1 个")
    if rectification.stale_workdays < 1:
        yield Problem("rectification", "进展停滞应不少于 1 个工作日")
    if rectification.slip_reply_workdays < 1:
        yield Problem("rectification", "督办单的反馈期限应不少于 1 个工作日")
    if rectification.look_back_days < 1:
        yield Problem("rectification", "回头看应在销号至少 1 天之后")


def _scoring(rules: Rulebook) -> Iterator[Problem]:
    return (Problem("scoring", words) for words in rubric.faults(rules.scoring))
