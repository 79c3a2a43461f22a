"""H22, 湖南省政务局简报第38期: the rules its offices describe, as data and in words on the page."""

import pytest

from campaigns.enums import CoverageBasis, CovertRule, Rhythm, WalkMode
from campaigns.tests.notice import read_notice

H22 = "湖南省政务局简报第38期 "
DEFAULT = "通知未作规定，系统默认"


@pytest.fixture
def h22(db):
    return read_notice("hunan-2022", office="市优化办", units=("市行政审批服务局",))


def test_every_leader_walks_once_in_the_action(h22):
    assert (h22.rules.cadence.rhythm, h22.rules.cadence.minimum) == (Rhythm.ONCE, 1)
    assert h22.dates("walk") == ["2022-12-31"]
    assert h22.says("体验频次", "主要负责同志活动期间至少体验 1 次", H22 + "益阳：领导全部完成走流程行动")


def test_walks_at_other_moments_are_hints(h22):
    assert h22.rules.cadence.triggers == ("event", "follow_up")
    assert "即时体验、跟踪体验（只作提示，不计逾期）" in h22.page


def test_every_unit_makes_a_timetable_without_a_date(h22):
    assert h22.rules.planning.required
    assert h22.dates("plan") == []
    assert h22.says("体验计划", "各单位制定专项行动计划表，不要求报送", H22 + "芷江一：均按照要求制定了专项行动计划表")
    assert h22.said["计划期限"].text == "未定期限"


def test_covert_visits_are_used(h22):
    assert h22.rules.planning.covert == CovertRule.ALLOWED
    assert h22.says("暗访", "可以暗访", H22 + "永州一：“明查”前先“暗访”；吉首三：采取暗访方式")


def test_a_must_walk_pool_is_covered(h22):
    assert h22.rules.coverage.basis == CoverageBasis.POOL
    source = H22 + "益阳一：26个事项确定为走流程必走事项"
    assert h22.says("覆盖范围", "必走事项清单，每项至少体验 1 次", source)


def test_the_form_and_the_ledger_are_reported_weekly(h22):
    assert h22.rules.reporting.rhythm == Rhythm.WEEKLY
    assert h22.dates("report")[:2] == ["2022-04-04", "2022-04-11"]
    assert h22.says("报送周期", "每周报送", H22 + "芷江一：每周上报")
    assert h22.says("报送期限", "次周星期一前（含当日）", DEFAULT)
    source = H22 + "芷江一：每周上报专项行动登记表和问题整改台账"
    assert h22.says("报送内容", "登记表和问题整改台账", source)


def test_the_county_sums_up_weekly(h22):
    assert h22.dates("summary")[:2] == ["2022-04-06", "2022-04-13"]
    source = H22 + "芷江一：实行周汇总和月通报（星期几未定）"
    assert h22.says("牵头汇总", "周汇总，次周星期三前（含当日）", source)


def test_four_forms_and_the_window(h22):
    assert h22.rules.walking.modes == (
        WalkMode.ONLINE,
        WalkMode.IN_PERSON,
        WalkMode.ON_BEHALF,
        WalkMode.ACCOMPANY,
    )
    assert h22.said["体验形式"].text == "线上办、亲身办、帮代办、陪同办"
    assert h22.rules.activity_kinds == ("process_walkthrough", "window_duty", "enforcement_ride_along")
    assert "走流程（名单内全部单位）；坐窗办（名单内全部单位）；跟执法（行政执法单位）" in h22.page


def test_jishous_six_classes(h22):
    assert h22.rules.rectification.categories == (
        "办理流程有待优化",
        "审批时限有待压缩",
        "窗口业务能力有待提升",
        "政策宣传不到位",
        "一体化平台与业务系统不能共享共通",
        "其他",
    )
    assert h22.says("问题分类", "、".join(h22.rules.rectification.categories), H22 + "吉首三：问题六类")


def test_issues_also_come_from_hotline_ratings_desk_surveys_and_delegates(h22):
    assert {"hotline", "rating", "desk", "survey", "website", "deputies"} <= set(h22.rules.rectification.sources)


def test_the_office_assigns_and_strikes_off(h22):
    assert h22.rules.rectification.strike_off == "office"
    text = "由统筹办验收销号；申请人和责任单位不能自己销号"
    assert h22.says("销号", text, H22 + "益阳一：向相关部门交办，实行清单问题销号监管")


def test_the_approval_bureau_receives_everything(h22):
    for kind in h22.rules.activity_kinds:
        assert h22.receivers(kind) == ["市行政审批服务局"]


def test_signature_and_companions_are_settings_of_ours(h22):
    for heading in ("签字盖章", "陪同人员", "委托体验"):
        assert h22.said[heading].source == DEFAULT


def test_nothing_in_it_contradicts_itself(h22):
    assert "规则没有矛盾，可以印发。" in h22.page


def test_the_ledger_is_gone_through_and_a_circular_goes_out_every_month(h22):
    source = H22 + "吉首三：一时解决不了问题的列入整改台账，按月调度"
    assert h22.says("督导检查", "整改台账调度，每月至少 1 次", source)
    assert h22.says("通报公布", "情况通报，每月至少 1 次", H22 + "芷江一：实行周汇总和月通报")


def test_it_enters_the_work_on_discipline_without_points(h22):
    source = H22 + "芷江一：将专项行动落实情况纳入“清廉大厅”建设和“政风政纪专项行动”重要内容"
    assert h22.says("考核", "纳入“清廉大厅”建设和“政风政纪专项行动”重要内容；系统不评分", source)
