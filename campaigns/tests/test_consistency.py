"""Each contradiction is refused by name."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.domain.rulebook.consistency import hints, problems
from campaigns.domain.rulebook.due_rule import Due
from campaigns.domain.rulebook.rulebook import Activity, RequiredComponent, changed, load_template
from campaigns.enums import CoverageBasis, CovertRule, DueWay, NoticeRule, Rhythm, Shift
from core.workdays import WorkCalendar

M18, W23, L22 = (load_template(name) for name in ("mudanjiang-2018", "wushen-2023", "lantian-2022"))


def found(rules, *, kinds=None, units: int = 1) -> list[tuple[str, str]]:
    received = set(rules.activity_kinds) if kinds is None else kinds
    return [(one.group, one.message) for one in problems(rules, received_kinds=received, units=units)]


def reporting(**values) -> list[tuple[str, str]]:
    return found(changed(L22, "reporting", values))


@pytest.mark.parametrize("rules", [M18, W23, L22, load_template("fushun-2016"), load_template("hunan-2022")])
def test_no_notice_contradicts_itself(rules):
    assert found(rules) == []


def test_nobody_on_the_roster_takes_part_in_anything():
    def told(rules, taking_part):
        found = problems(rules, received_kinds=set(rules.activity_kinds), units=5, taking_part=taking_part)
        return [(one.group, one.message) for one in found]

    assert told(W23, 1) == []
    [(group, message)] = told(W23, 0)
    assert group == "roster"
    assert "名单上的 5 个单位都不是“一件事牵头部门”，各项期限没有单位承担" in message
    assert told(L22, 0) == []  # a hotline list may still name a unit


# --- what the issue names -------------------------------------------------------------------


def test_a_report_due_before_the_walks_end():
    rules = changed(M18, "reporting", {"due": Due(DueWay.DATE, on="2018-07-14")})
    assert found(rules) == [("reporting", "报送期限 2018-07-14 早于体验截止日期 2018-07-15")]


def test_a_report_on_the_last_walking_day_is_no_contradiction():
    assert found(changed(M18, "reporting", {"due": Due(DueWay.DATE, on="2018-07-15")})) == []


def test_a_report_before_the_cut_off_day():
    [(group, message)] = reporting(due=Due(DueWay.MONTH_DAY, n=15), summary_due=Due())
    assert group == "reporting"
    assert "报送" in message
    assert "20" in message


def test_a_receiver_missing_for_a_kind_is_named():
    kinds = {"process_walkthrough", "window_duty", "complaint_handling"}
    assert found(L22, kinds=kinds) == [("receivers", "“跟执法”没有接收单位")]


def test_a_quarterly_report_with_a_monthly_cut_off():
    given = {"rhythm": Rhythm.QUARTERLY, "due": Due(DueWay.NEXT_WORKDAYS, n=5), "summary_due": Due()}
    assert reporting(**given) == [("reporting", "每季度报送不能设每月截止日（20 日）")]


def test_quarterly_walks_with_a_monthly_cut_off():
    rules = changed(L22, "cadence", {"rhythm": Rhythm.QUARTERLY})
    assert found(rules) == [("reporting", "每季度体验一次的活动不能设每月截止日（20 日）")]


def test_no_unit_on_the_roster():
    assert found(L22, units=0) == [("roster", "名单上没有单位")]


# --- walks and plans ------------------------------------------------------------------------


def test_the_last_walking_day_outside_the_campaign():
    rules = changed(M18, "cadence", {"due": Due(DueWay.DATE, on="2018-08-01")})
    rules = changed(rules, "reporting", {"due": Due(DueWay.DATE, on="2018-08-20")})
    assert found(rules) == [("cadence", "体验截止日期 2018-08-01 不在活动时间（2018-07-03 至 2018-07-15）内")]


def test_a_fixed_last_day_for_monthly_walks():
    rules = changed(L22, "cadence", {"due": Due(DueWay.DATE, on="2022-06-30")})
    assert found(rules) == [("cadence", "按周、月、季度体验的活动不能只定一个体验截止日期")]


def test_less_than_one_walk():
    assert found(changed(L22, "cadence", {"minimum": 0})) == [("cadence", "每期至少体验的次数应不小于 1")]


def test_a_plan_due_after_the_walks_end():
    rules = changed(W23, "planning", {"due": Due(DueWay.DATE, on="2023-04-16")})
    assert found(rules) == [("planning", "报计划的期限 2023-04-16 晚于体验截止日期 2023-04-15")]


def test_a_plan_due_before_the_campaign_begins():
    rules = changed(W23, "planning", {"due": Due(DueWay.DATE, on="2023-03-13")})
    assert found(rules) == [("planning", "报计划的期限 2023-03-13 早于活动开始日期 2023-03-14")]


def test_a_date_for_plans_nobody_owes():
    rules = changed(W23, "planning", {"required": False})
    assert found(rules) == [("planning", "定了报计划的期限，但没有要求各单位报计划")]


def test_a_fixed_date_without_a_date():
    rules = changed(W23, "planning", {"due": Due(DueWay.DATE)})
    assert found(rules) == [("planning", "报计划的期限选了固定日期，但没有填日期")]


def test_every_walk_covert_and_told_beforehand():
    rules = changed(M18, "planning", {"notice": NoticeRule.BEFORE})
    assert found(rules) == [("planning", "一律暗访与体验前报备相互矛盾")]


@pytest.mark.parametrize("companions", [None, 1])
def test_every_walk_covert_and_somebody_comes_along(companions):
    rules = changed(M18, "walking", {"companions": companions})
    assert found(rules) == [("walking", "一律暗访的活动不安排陪同人员，陪同人数应为 0")]


def test_a_walk_told_beforehand_is_no_covert_one_even_where_it_is_only_allowed():
    rules = changed(L22, "planning", {"covert": CovertRule.ALLOWED, "notice": NoticeRule.BEFORE})
    assert found(rules) == [("planning", "可以暗访与体验前报备相互矛盾")]
    assert found(changed(rules, "planning", {"covert": CovertRule.FORBIDDEN})) == []


def test_a_plan_that_lists_what_nothing_asks_for():
    rules = changed(W23, "coverage", {"basis": CoverageBasis.NONE})
    assert found(rules) == [("planning", "计划须列全应体验的事项，但覆盖要求是“不要求逐项体验”")]


def test_companions_that_do_not_add_up():
    rules = changed(W23, "walking", {"companions": 3})
    assert found(rules) == [("walking", "陪同人员最多 3 人，但各类合计 2 人")]


def test_no_form_of_walk():
    assert found(changed(L22, "walking", {"modes": ()})) == [("walking", "没有选择任何体验形式")]


# --- activities -----------------------------------------------------------------------------


def test_no_activity():
    assert found(replace(L22, activities=())) == [("activities", "没有选择任何活动类型")]


def test_a_kind_in_two_activities():
    again = (*L22.activities, Activity("再走一次", ("process_walkthrough",)))
    assert found(replace(L22, activities=again)) == [("activities", "“走流程”出现在两项活动里")]


def test_more_parts_demanded_than_listed():
    short = Activity("走流程", ("process_walkthrough",), links=2, components=(RequiredComponent("approval_walk", 1),))
    assert found(replace(M18, activities=(short,))) == [("activities", "“走流程”要求至少 2 个环节，但只列了 1 个")]


def test_at_most_fewer_than_at_least():
    odd = Activity(
        "走流程", ("process_walkthrough",), components=(RequiredComponent("business_check", 1, least=3, most=2),)
    )
    assert found(replace(M18, activities=(odd,))) == [("activities", "“走流程”有环节的最少、最多次数不成立")]


# --- reports --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"due": Due(DueWay.DATE, on="2022-07-01")}, "报送期限“固定日期”不适用于每月报送"),
        ({"due": Due(DueWay.WEEKDAY, n=5)}, "报送期限“当周星期几”不适用于每月报送"),
        ({"summary_due": Due(DueWay.NEXT_WEEKDAY, n=5)}, "牵头汇总期限“次周星期几”不适用于每月报送"),
        ({"due": Due(DueWay.MONTH_DAY, n=29)}, "报送期限“每月某日”应填 1 至 28"),
        ({"due": Due(DueWay.MONTH_DAY)}, "报送期限“每月某日”应填 1 至 28"),
        ({"due": Due(DueWay.NEXT_WORKDAYS, n=0)}, "报送期限“下一期开始后若干个工作日”应填 1 至 60"),
        ({"cutoff_day": 31}, "每月截止日应为 1—28 之间的整数"),
        ({"signature": False}, "报送须经主要负责同志签字"),
        ({"summary_due": Due(DueWay.MONTH_DAY, n=19)}, "牵头汇总期限早于各单位报送期限"),
        ({"due": Due(DueWay.NEXT_MONTH_DAY, n=5)}, "牵头汇总期限早于各单位报送期限"),
        ({"due": Due(DueWay.NEXT_WORKDAYS, n=3)}, "牵头汇总期限早于各单位报送期限"),
        ({"summary_due": Due(DueWay.NEXT_MONTH_DAY, n=40)}, "牵头汇总期限“次月某日”应填 1 至 28"),
    ],
)
def test_a_report_date_that_cannot_be(given, message):
    assert ("reporting", message) in reporting(**given)


def test_a_one_off_report_may_not_fall_on_a_day_of_the_month():
    rules = changed(M18, "reporting", {"due": Due(DueWay.MONTH_DAY, n=20)})
    assert found(rules) == [("reporting", "报送期限“每月某日”不适用于一次性报送")]


def test_a_weekly_report_within_the_week_leaves_its_end_out():
    rules = changed(load_template("hunan-2022"), "reporting", {"due": Due(DueWay.WEEKDAY, n=5)})
    assert found(rules) == [("reporting", "报送期限在当周结束之前，周末的体验来不及报送")]


MOVED = "期限遇休息日“提前到上一个工作日”，报送期限 {} 移到 {}，早于最后一个体验日 {}，其后的体验来不及报送"


def test_a_report_moved_off_a_sunday_before_the_last_walking_day():
    rules = changed(M18, "reporting", {"due": Due(DueWay.DATE, on="2018-07-15"), "shift": Shift.EARLIER})
    assert found(rules) == [("reporting", MOVED.format("2018-07-15", "2018-07-13", "2018-07-15"))]
    assert found(changed(rules, "reporting", {"shift": Shift.LATER})) == []


def test_a_monthly_report_moved_off_a_weekend_before_its_cut_off():
    assert reporting(shift=Shift.EARLIER) == [("reporting", MOVED.format("2022-08-20", "2022-08-19", "2022-08-20"))]
    assert reporting(shift=Shift.EARLIER, cutoff_day=18) == []
    assert reporting(shift=Shift.LATER) == []


def test_a_weekly_report_on_sunday_moved_to_friday():
    weekly = {"due": Due(DueWay.WEEKDAY, n=7), "shift": Shift.EARLIER}
    [(_, message)] = found(changed(load_template("hunan-2022"), "reporting", weekly))
    assert message == MOVED.format("2022-04-03", "2022-04-01", "2022-04-03")


def test_a_date_for_the_lead_but_none_for_the_units():
    assert reporting(due=Due()) == [("reporting", "没有定各单位的报送期限，却定了牵头单位的汇总期限")]
    assert reporting(due=Due(), summary_due=Due()) == []


def test_one_fault_of_reporting_hides_no_other():
    given = {"due": Due(DueWay.MONTH_DAY, n=15), "summary_due": Due(DueWay.NEXT_MONTH_DAY, n=40), "signature": False}
    assert [message for _, message in reporting(**given)] == [
        "报送须经主要负责同志签字",
        "牵头汇总期限“次月某日”应填 1 至 28",
        "报送期限（每月 15 日）早于统计期末（20 日），期内的体验来不及报送",
    ]
    given = {"due": Due(DueWay.MONTH_DAY, n=15), "summary_due": Due(DueWay.MONTH_DAY, n=14), "signature": False}
    assert len(reporting(**given)) == 3


# --- receivers ------------------------------------------------------------------------------


def test_a_receiving_unit_that_is_no_more_is_named_once():
    found = problems(L22, received_kinds=set(L22.activity_kinds), units=1, abolished=["县司法局", "县司法局"])
    assert [(one.group, one.message) for one in found] == [("receivers", "接收单位“县司法局”已撤销，请另选")]


# --- hints ----------------------------------------------------------------------------------


def hinted(rules, *, to_cover: int = 1, spare_days: int = 0) -> list[tuple[str, str]]:
    return [(one.group, one.message) for one in hints(rules, to_cover=to_cover, spare_days=spare_days)]


def test_walks_after_the_last_cut_off_have_no_report_date():
    # L22 四（二）: the last batch ends on the 20th, the campaign on 31 December.
    [(group, words)] = hinted(L22)
    assert group == "reporting"
    assert words.startswith("2022年12月21日至12月31日的体验在最后一期（至12月20日）之后，没有报送期限：")
    assert words.endswith("请另行约定报送，或在印发前把结束日期改为12月20日")
    [later] = hints(L22, to_cover=1, spare_days=0, is_new=False)
    assert later.message.endswith("没有报送期限：请另行约定报送（活动已经印发，结束日期不能再改）")
    assert found(L22) == []
    assert hinted(L22.fitted(date(2022, 5, 25), date(2022, 12, 20))) == []
    assert hinted(L22.fitted(date(2022, 5, 25), date(2023, 1, 10))) == []


@pytest.mark.parametrize("template", ["mudanjiang-2018", "wushen-2023", "fushun-2016", "hunan-2022"])
def test_the_other_notices_leave_no_day_out(template):
    assert hinted(load_template(template)) == []


def test_nothing_is_reckoned_from_reports_that_cannot_be():
    assert hinted(changed(L22, "reporting", {"cutoff_day": 31})) == []
    assert hinted(changed(L22, "reporting", {"due": Due(DueWay.MONTH_DAY)})) == []


def test_a_last_walking_day_left_behind_by_the_end_of_the_campaign():
    rules = M18.fitted(date(2018, 7, 3), date(2018, 12, 31))
    assert hinted(rules) == [
        ("cadence", "体验截止日期 2018-07-15 比活动结束日期 2018-12-31 早 169 天，请核对是否需要修改")
    ]
    assert hinted(rules, spare_days=169) == []


def test_nothing_to_cover_is_pointed_out():
    pool = load_template("hunan-2022")
    assert hinted(pool, to_cover=0) == [("coverage", "必走事项清单还是空的，请在“必走事项清单”列入事项")]
    assert hinted(W23, to_cover=0) == [("coverage", "要求体验每一项“一件事”，但本区域还没有这类事项，请先导入事项")]
    assert hinted(changed(W23, "coverage", {"basis": CoverageBasis.NONE}), to_cover=0) == []


# --- rectification and scoring --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"classes": {}}, "没有问题分类"),
        ({"dispute_workdays": 0}, "退单期限应不少于 1 个工作日"),
        ({"need_reply_workdays": 0}, "需求回应期限应不少于 1 个工作日"),
        ({"deferral_days": 181}, "长期挂账的复核期限应为 1 至 180 天"),
        ({"look_back_days": 0}, "回头看应在销号至少 1 天之后"),
    ],
)
def test_a_rule_of_mending_that_cannot_be(given, message):
    assert found(changed(L22, "rectification", given)) == [("rectification", message)]


def test_scores_that_do_not_make_a_hundred_only_when_scoring_is_on():
    assert found(changed(L22, "scoring", {"weights": {"执行情况": 90}})) == []
    assert found(changed(L22, "scoring", {"on": True})) == []
    rules = changed(L22, "scoring", {"on": True, "weights": {"执行情况": 90}, "points": ()})
    assert found(rules) == [
        ("scoring", "考核分值合计 90，应为 100"),
        ("scoring", "“执行情况”90 分，所列评分项合计 0 分"),
    ]


# --- several at once, and other days --------------------------------------------------------


def test_all_are_told_at_once_in_the_order_of_the_pages():
    rules = changed(L22, "cadence", {"minimum": 0})
    rules = changed(rules, "rectification", {"classes": {}})
    assert [group for group, _ in found(rules, kinds=set(), units=0)] == [
        "cadence",
        *["receivers"] * 4,
        "rectification",
        "roster",
    ]


@pytest.mark.parametrize("rules", [M18, W23, L22])
def test_a_notice_fitted_to_other_days_stays_free_of_contradictions(rules):
    for start, end in ((date(2026, 3, 2), date(2026, 3, 22)), (date(2026, 1, 1), date(2027, 12, 31))):
        assert found(rules.fitted(start, end)) == []


def test_a_window_in_which_nothing_at_all_falls_due():
    [(group, message)] = found(L22.fitted(date(2026, 3, 2), date(2026, 3, 8)))
    assert group == "cadence"
    assert "（2026-03-02 至 2026-03-08）太短，一项期限也没有" in message
    assert found(M18.fitted(date(2026, 3, 2), date(2026, 3, 2))) == []


def test_a_date_that_moved_with_the_campaign_is_no_longer_the_notices():
    moved = M18.fitted(date(2026, 3, 2), date(2026, 3, 20))
    assert (moved.cadence.due.on, moved.reporting.due.on) == ("2026-03-20", "2026-03-25")
    assert (moved.cites["cadence.due"], moved.cites["reporting.due"]) == ("", "")
    assert moved.cites["planning.covert"] == M18.cites["planning.covert"]


def test_a_holiday_known_pulls_a_report_before_its_period_ends():
    """国庆 2026: with the 5th as cut-off, the 7th moved earlier is 30 September, and the period ends on 5 October."""
    rules = changed(L22.fitted(date(2026, 9, 1), date(2026, 12, 31)), "reporting", OCTOBER)
    assert reports(rules) == []
    days = {date(2026, 10, day): False for day in range(1, 8)}
    assert "早于最后一个体验日 2026-10-05" in reports(rules, WorkCalendar(days, frozenset({2026})))[0]


OCTOBER = {
    "cutoff_day": 5,
    "due": Due(DueWay.MONTH_DAY, n=7),
    "summary_due": Due(DueWay.MONTH_DAY, n=20),
    "shift": Shift.EARLIER,
}


def reports(rules, calendar=None) -> list[str]:
    kinds = set(rules.activity_kinds)
    return [
        one.message
        for one in problems(rules, received_kinds=kinds, units=1, calendar=calendar)
        if one.group == "reporting"
    ]
