"""Each contradiction is refused by name."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.domain.rulebook import Activity, Due, Part, changed, load_template
from campaigns.domain.rulecheck import problems
from campaigns.enums import CovertRule, DueWay, NoticeRule, Rhythm

M18, W23, L22 = (load_template(name) for name in ("mudanjiang-2018", "wushen-2023", "lantian-2022"))


def found(rules, *, kinds=None, units: int = 1) -> list[tuple[str, str]]:
    received = set(rules.activity_kinds) if kinds is None else kinds
    return [(one.group, one.message) for one in problems(rules, received_kinds=received, units=units)]


def reporting(**values) -> list[tuple[str, str]]:
    return found(changed(L22, "reporting", values))


@pytest.mark.parametrize("rules", [M18, W23, L22, load_template("fushun-2016"), load_template("hunan-2022")])
def test_no_notice_contradicts_itself(rules):
    assert found(rules) == []


# --- what the issue names -------------------------------------------------------------------


def test_a_report_due_before_the_walks_end():
    rules = changed(M18, "reporting", {"due": Due(DueWay.DATE, on="2018-07-14")})
    assert found(rules) == [("reporting", "报送期限 2018-07-14 早于体验截止日期 2018-07-15")]


def test_a_report_on_the_last_walking_day_is_no_contradiction():
    assert found(changed(M18, "reporting", {"due": Due(DueWay.DATE, on="2018-07-15")})) == []


def test_a_report_before_the_cut_off_day():
    [(group, message)] = reporting(due=Due(DueWay.MONTH_DAY, n=15), summary_due=Due())
    assert group == "reporting"
    assert "报送" in message and "20" in message


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


def test_covert_walks_that_are_only_allowed_contradict_nothing():
    assert found(changed(L22, "planning", {"covert": CovertRule.ALLOWED, "notice": NoticeRule.BEFORE})) == []


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
    short = Activity("走流程", ("process_walkthrough",), links=2, parts=(Part("approval_walk", 1),))
    assert found(replace(M18, activities=(short,))) == [("activities", "“走流程”要求至少 2 个环节，但只列了 1 个")]


def test_at_most_fewer_than_at_least():
    odd = Activity("走流程", ("process_walkthrough",), parts=(Part("business_check", 1, least=3, most=2),))
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
        ({"due": Due(DueWay.NEXT_WORKDAYS, n=0)}, "报送期限“下期前若干个工作日”应填 1 至 60"),
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


# --- mending and scoring --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"classes": {}}, "没有问题分类"),
        ({"dispute_workdays": 0}, "退单期限应不少于 1 个工作日"),
        ({"deferral_days": 181}, "长期挂账的复核期限应为 1 至 180 天"),
        ({"look_back_days": 0}, "回头看应在销号至少 1 天之后"),
    ],
)
def test_a_rule_of_mending_that_cannot_be(given, message):
    assert found(changed(L22, "mending", given)) == [("mending", message)]


def test_scores_that_do_not_make_a_hundred_only_when_scoring_is_on():
    assert found(changed(L22, "scoring", {"weights": {"执行情况": 90}})) == []
    rules = changed(L22, "scoring", {"on": True, "weights": {"执行情况": 90}})
    assert found(rules) == [("scoring", "考核分值合计 90，应为 100")]


# --- several at once, and other days --------------------------------------------------------


def test_all_are_told_at_once_in_the_order_of_the_pages():
    rules = changed(L22, "cadence", {"minimum": 0})
    rules = changed(rules, "mending", {"classes": {}})
    assert [group for group, _ in found(rules, kinds=set(), units=0)] == [
        "cadence",
        *["receivers"] * 4,
        "mending",
        "roster",
    ]


@pytest.mark.parametrize("rules", [M18, W23, L22])
def test_a_notice_fitted_to_other_days_stays_free_of_contradictions(rules):
    for start, end in ((date(2026, 3, 2), date(2026, 3, 8)), (date(2026, 1, 1), date(2027, 12, 31))):
        assert found(rules.fitted(start, end)) == []


def test_a_date_that_moved_with_the_campaign_is_no_longer_the_notices():
    moved = M18.fitted(date(2026, 3, 2), date(2026, 3, 20))
    assert (moved.cadence.due.on, moved.reporting.due.on) == ("2026-03-20", "2026-03-25")
    assert (moved.cites["cadence.due"], moved.cites["reporting.due"]) == ("", "")
    assert moved.cites["planning.covert"] == M18.cites["planning.covert"]
