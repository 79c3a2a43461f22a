"""F16, 抚政办发〔2016〕2号: every rule of docs/domain.md section 3.1, as data and in words on the page."""

import pytest

from campaigns.enums import CoverageBasis, CovertRule, NoticeRule, Rhythm
from campaigns.tests.notice import read_notice

F16 = "抚政办发〔2016〕2号 "
DEFAULT = "通知未作规定，系统默认"


@pytest.fixture
def f16(db):
    units = ("市公共行政服务中心", "市政府督查办")
    return read_notice("fushun-2016", office="市统筹办", units=units)


def test_one_concentrated_activity_a_quarter(f16):
    assert (f16.rules.cadence.rhythm, f16.rules.cadence.minimum) == (Rhythm.QUARTERLY, 1)
    source = F16 + "二（三）每季度至少集中开展一次换位体验活动"
    assert f16.says("体验频次", "主要负责同志每季度至少体验 1 次", source)


def test_it_stands_from_its_day_of_issue(f16):
    assert f16.rules.window.starts_on == "2016-01-22"
    assert f16.dates("walk")[:4] == ["2016-03-31", "2016-06-30", "2016-09-30", "2016-12-31"]


def test_reports_are_due_in_the_first_five_working_days_of_the_next_quarter(f16):
    assert f16.dates("report")[:4] == ["2016-04-08", "2016-07-07", "2016-10-12", "2017-01-09"]
    assert f16.says("报送期限", "下一期开始后 5 个工作日内（报上一期）", F16 + "三（一）在每季度前5个工作日内")


def test_the_report_is_the_last_quarters_written_result(f16):
    assert f16.rules.reporting.rhythm == Rhythm.QUARTERLY
    assert f16.says("报送周期", "每季度报送", F16 + "三（一）上季度工作成果")
    source = F16 + "三（一）将上季度工作成果书面材料报市公共行政服务中心、市政府督查办"
    assert f16.says("报送内容", "上季度工作成果书面材料", source)


def test_each_unit_makes_rules_and_a_work_plan_which_it_files_with_nobody(f16):
    assert (f16.rules.planning.required, f16.rules.planning.filed) == (True, False)
    assert f16.dates("plan") == []
    source = F16 + "三（一）由一把手负总责，制定规章制度和工作方案"
    assert f16.says("体验计划", "各单位制定规章制度和工作方案，不要求报送", source)
    assert f16.says("计划期限", "未定期限", DEFAULT)


def test_it_says_nothing_of_notice_nor_of_covert_visits(f16):
    assert (f16.rules.planning.notice, f16.rules.planning.covert) == (NoticeRule.FREE, CovertRule.ALLOWED)
    assert f16.says("体验前告知", "不作要求", DEFAULT)
    assert f16.says("暗访", "可以暗访", DEFAULT)


def test_all_units_take_part_no_item_is_prescribed(f16):
    assert f16.rules.coverage.basis == CoverageBasis.NONE
    assert f16.rules.activities[0].units == ("all",)
    assert f16.says("覆盖范围", "不要求逐项体验", DEFAULT)


def test_inside_and_front_line_experience_are_one_activity(f16):
    assert f16.rules.activity_kinds == ("process_walkthrough", "window_duty")
    assert f16.says("活动类型", "换位体验（名单内全部单位）", F16 + "二（三）每季度至少集中开展一次换位体验活动")


def test_two_offices_receive_and_the_service_centre_leads(f16):
    for kind in ("process_walkthrough", "window_duty"):
        assert f16.receivers(kind) == ["市公共行政服务中心", "市政府督查办"]
    assert "市公共行政服务中心（牵头）、市政府督查办" in f16.page


def test_issues_come_from_three_sources(f16):
    assert f16.rules.rectification.sources == ("role_swap", "comparison", "feedback")
    source = F16 + "二（三）换位体验、对照检查、群众反馈等方式发现的问题"
    assert f16.says("问题来源", "换位体验、对照检查、群众反馈", source)


def test_its_six_tasks_class_the_issues(f16):
    assert f16.rules.rectification.categories == (
        "证明与手续",
        "流程与环节",
        "信息共享与协同",
        "网上办理与咨询",
        "办事指南与公开",
        "服务能力与作风",
    )


def test_companions_delegation_and_signature_are_settings_of_ours(f16):
    for heading in ("陪同人员", "委托体验", "须本人体验", "签字盖章"):
        assert f16.said[heading].source == DEFAULT
        assert f16.said[heading].text in f16.page


def test_nothing_in_it_contradicts_itself(f16):
    assert "规则没有矛盾，可以印发。" in f16.page


def test_inner_and_front_line_experience_are_its_forms(f16):
    text = "内部体验、一线体验（系统中按亲身办、代理办、陪同办、线上办登记）"
    assert f16.says("体验形式", text, F16 + "二（三）通过内部体验、一线体验等方式")


def test_it_enters_the_citys_annual_assessment_and_the_system_gives_no_points(f16):
    assert not f16.rules.scoring.on
    source = F16 + "三（三）纳入市政府年度绩效考核，配合市绩效办确定考核内容、办法和指标"
    assert f16.says("考核", "纳入政府年度绩效考核；系统不评分", source)


def test_one_inspection_a_quarter_at_least(f16):
    assert (f16.rules.oversight.inspection_rhythm, f16.rules.oversight.inspection_minimum) == (Rhythm.QUARTERLY, 1)
    source = F16 + "三（三）每季度至少进行一次督查，对各县（区）政府、各部门、各单位工作开展情况进行全面检查"
    assert f16.says("督导检查", "对各单位工作开展情况督查，每季度至少 1 次", source)


def test_lists_are_shown_to_the_public_every_quarter(f16):
    source = F16 + "三（二）每季度“晒”一次公共服务事项清单，分批次向群众“晒”工作成果"
    assert f16.says("通报公布", "“晒”公共服务事项清单和工作成果，每季度至少 1 次", source)


def test_both_receivers_inspect_and_ask_the_government_to_censure_the_slow(f16):
    assert f16.said["督导单位"].text == "公共行政服务中心、政府督查办"
    source = F16 + "三（三）对工作进展缓慢、群众不满意的单位，提请市政府给予通报批评"
    assert f16.says("通报批评", "对工作进展缓慢、群众不满意的单位，提请人民政府给予通报批评", source)
    assert f16.rules.oversight.criticism_to == "人民政府"
