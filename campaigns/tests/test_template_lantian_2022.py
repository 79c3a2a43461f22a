"""L22, 蓝田县2022年5月25日方案: every rule of docs/domain.md section 3.1, as data and in words on the page."""

import pytest

from campaigns.enums import CoverageBasis, CovertRule, Material, NoticeRule, Rhythm
from campaigns.tests.notice import read_notice

L22 = "蓝田县2022年5月25日方案 "
DEFAULT = "通知未作规定，系统默认"


@pytest.fixture
def l22(db):
    return read_notice("lantian-2022", office="县营商办", units=("县行政审批局", "县司法局"))


def components(notice, kind: str) -> list[tuple]:
    activity = notice.rules.activity_of(kind)
    return [
        (component.code, component.link, component.least, component.most, component.unit)
        for component in activity.components
    ]


def test_once_a_calendar_month_at_least(l22):
    assert (l22.rules.cadence.rhythm, l22.rules.cadence.minimum) == (Rhythm.MONTHLY, 1)
    assert l22.dates("walk")[:2] == ["2022-06-30", "2022-07-31"]
    source = L22 + "一（三）1 原则上每月至少需体验一次"
    assert l22.says("体验频次", "主要负责同志原则上每月至少体验 1 次", source)


def test_event_and_follow_up_walks_are_hints_never_overdue(l22):
    assert l22.rules.cadence.triggers == ("event", "follow_up")
    source = L22 + "一（三）2、3 即时体验、跟踪体验"
    assert l22.says("另行体验", "即时体验、跟踪体验（只作提示，不计逾期）", source)


def test_it_stands_from_25_may(l22):
    assert l22.rules.window.starts_on == "2022-05-25"


def test_the_leads_plan_the_units_need_not(l22):
    assert not l22.rules.planning.required
    assert l22.dates("plan") == []
    source = L22 + "三（二）（三）（四）活动计划由县行政审批局、县司法局制定"
    assert l22.says("体验计划", "各单位不必报活动计划", source)


def test_it_says_nothing_of_notice_nor_of_covert_visits(l22):
    assert (l22.rules.planning.notice, l22.rules.planning.covert) == (NoticeRule.FREE, CovertRule.ALLOWED)
    assert l22.says("暗访", "可以暗访", DEFAULT)


def test_no_item_is_prescribed(l22):
    assert l22.rules.coverage.basis == CoverageBasis.NONE
    assert l22.says("覆盖范围", "不要求逐项体验", DEFAULT)


def test_materials_are_due_on_the_20th_rest_day_or_not(l22):
    assert l22.dates("report")[:3] == ["2022-06-20", "2022-07-20", "2022-08-20"]
    assert l22.says("报送期限", "每月 20 日前（含当日）", L22 + "四（二）于每月20日前报牵头单位")
    assert l22.says("统计期间", "上月 21 日至本月 20 日，按体验日期计", DEFAULT)


def test_the_leads_sum_up_by_the_22nd(l22):
    assert l22.dates("summary")[:3] == ["2022-06-22", "2022-07-22", "2022-08-22"]
    source = L22 + "四（二）于每月22日前报县营商办；四（二）每月统计汇总，形成月度工作总结"
    assert l22.says("牵头汇总", "月度工作总结，每月 22 日前（含当日）", source)


def test_three_lists_with_pictures_and_videos(l22):
    assert l22.rules.reporting.evidence == (Material.PHOTO, Material.VIDEO)
    source = L22 + "四（二）问题清单、需求清单和解决措施清单（附件2）"
    assert l22.says("报送内容", "问题清单、需求清单、解决措施清单及活动影像资料", source)
    assert l22.says("佐证材料", "图片、视频", L22 + "四（二）连同活动影像资料")


def test_signing_and_stamping_are_not_the_notices_rule(l22):
    assert l22.said["签字盖章"].source == DEFAULT


def test_units_with_many_items_may_delegate_some(l22):
    assert l22.rules.walking.delegation_reasons == ("many_items",)
    source = L22 + "一（二）涉及事项较多的单位，可委托分管负责同志代为体验部分事项"
    assert l22.says("委托体验", "事项较多的，可以委托分管负责同志体验", source)


def test_companions_are_not_limited(l22):
    assert l22.rules.walking.companions is None
    assert l22.says("陪同人员", "不限", DEFAULT)


def test_walking_and_sitting_at_the_window_have_four_parts_with_their_least_counts(l22):
    assert l22.rules.activity_of("process_walkthrough") is l22.rules.activity_of("window_duty")
    assert l22.rules.activity_of("window_duty").links == 4
    assert components(l22, "window_duty") == [
        ("approval_walk", 1, 1, None, "次"),
        ("approval_desk", 1, 1, None, "次"),
        ("business_check", 2, 2, 3, "项"),
        ("service_callback", 3, 3, None, "个"),
        ("discussion_meeting", 4, 1, None, "次"),
    ]
    assert "走流程、坐窗口（审批服务单位、公共服务企业、各镇街，每次至少 4 个环节）" in l22.page
    text = (
        "1. 走流程至少 1 次（以企业群众身份参与审批服务），坐窗口至少 1 次（以工作人员身份参与审批服务；受理条件、"
        "对接协调、办理环节、办理时限、跑动次数、网上办理）\n2. 业务检查 2—3 项（随机选取政务服务事项；"
        "受理要求是否明晰、办事指南是否完善、办理流程是否合规、办理进度是否高效、线上办理渠道是否畅通）\n"
        "3. 服务回访至少 3 个（上月办事企业群众，有效回访；服务态度、服务能力、业务流程、监督投诉渠道、办事体验）\n"
        "4. 座谈交流至少 1 次（工作人员及企业群众代表）"
    )
    assert l22.says("走流程、坐窗口", text, L22 + "二（一）1至4")


def test_riding_along_has_three_parts(l22):
    assert l22.rules.activity_of("enforcement_ride_along").links == 3
    assert components(l22, "enforcement_ride_along") == [
        ("enforcement_check", 1, 1, None, "次"),
        ("enforcement_case", 2, 1, None, "次"),
        ("case_file_review", 3, 1, None, "次"),
    ]
    assert "跟执法（行政执法单位，每次至少 3 个环节）" in l22.page
    assert l22.said["跟执法"].source == L22 + "二（二）1至3"
    assert l22.said["跟执法"].text.startswith(
        "1. 执法检查至少 1 次（随机选取；执法方式、执法态度、执法公正性、自由裁量权）\n"
        "2. 执法案件处理至少 1 次（投诉举报受理"
    )
    assert l22.said["跟执法"].text in l22.page


def test_handling_complaints_has_three_parts_for_the_months_duty_units(l22):
    assert l22.rules.activity_of("complaint_handling").links == 3
    assert [component[0] for component in components(l22, "complaint_handling")] == [
        "hotline_desk",
        "hotline_study",
        "hotline_case",
    ]
    assert "处投诉（当月跟单处理单位，每次至少 3 个环节）" in l22.page
    clauses = {(one.key, one.source): one.text for one in l22.clauses}
    assert clauses[("activities.处投诉", L22 + "二（三）1至3")].startswith(
        "1. 实地体验投诉转办机制运行至少 1 次（热线接件"
    )


def test_reports_go_by_activity_and_both_leads_report_to_the_office(l22):
    for kind in ("process_walkthrough", "window_duty", "complaint_handling"):
        assert l22.receivers(kind) == ["县行政审批局"]
    assert l22.receivers("enforcement_ride_along") == ["县司法局"]
    assert {route.then for route in l22.rules.routes} == {"营商办"}
    # Nobody in between: what the receivers compile goes to the coordinating office.
    assert {receiver.then for receiver in l22.routes} == {None}
    assert l22.office == "县营商办"


def test_the_classes_are_ours_by_its_four_areas(l22):
    assert l22.rules.rectification.categories == ("业务办理", "政务服务", "执法", "投诉处置")
    assert l22.says("问题分类", "业务办理、政务服务、执法、投诉处置", DEFAULT)


def test_issues_come_from_the_activities_and_their_parts(l22):
    assert len(l22.rules.rectification.sources) == 8
    assert l22.said["问题来源"].source == L22 + "二（一）至（三）"


def test_scoring_is_off_with_its_three_headings_ready(l22):
    assert not l22.rules.scoring.on
    assert l22.rules.scoring.weights == {"体验活动执行情况": 40, "问题整改情况": 40, "长效机制建立情况": 20}
    assert l22.said["考核"].text.startswith(
        "纳入优化营商环境考核，在年度目标责任制考核中赋分；系统不评分（备用分值：体验活动执行情况 40 分"
    )
    assert l22.said["考核"].source == (
        L22 + "四（三）纳入全县优化营商环境考核，据实在年度目标责任制考核中赋分；"
        "四（三）体验活动执行、问题整改、长效机制建立情况（分值未定）"
    )


def test_the_office_inspects_and_publishes_without_a_fixed_rhythm(l22):
    assert l22.says("督导检查", "对活动开展情况督导检查", L22 + "三（一）对活动开展情况进行督导检查")
    assert l22.says("通报公布", "定期通报工作开展情况", L22 + "三（一）定期通报全县此项工作开展情况")
    assert l22.says("督导单位", "统筹办", L22 + "三（一）县营商办负责统筹推进活动开展")


def test_whoever_shirks_is_named_in_a_circular(l22):
    words = "对制度落实不到位、问题整改不彻底、敷衍塞责和无故不执行的进行通报"
    assert l22.says("通报批评", words, f"{L22}四（三）{words}")


def test_nothing_in_it_contradicts_itself(l22):
    assert "规则没有矛盾，可以印发。" in l22.page
