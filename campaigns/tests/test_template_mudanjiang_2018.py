"""M18, 牡丹江〔2018〕13号: every rule of docs/domain.md section 3.1, as data and in words on the page."""

import pytest

from campaigns.enums import CoverageBasis, CovertRule, Material, NoticeRule, Rhythm, WalkMode
from campaigns.tests.notice import read_notice

M18 = "牡丹江作风整顿办〔2018〕13号 "
DEFAULT = "通知未作规定，系统默认"


@pytest.fixture
def m18(db):
    units = ("市直机关工委", "作风整顿办综合协调组")
    return read_notice("mudanjiang-2018", office="市作风整顿办", units=units)


def test_it_is_a_one_off(m18):
    assert (m18.rules.cadence.rhythm, m18.rules.cadence.minimum) == (Rhythm.ONCE, 1)
    assert "主要负责同志活动期间至少体验 1 次" in m18.page


def test_walks_end_on_sunday_15_july_unshifted(m18):
    assert (m18.rules.window.starts_on, m18.rules.window.ends_on) == ("2018-07-03", "2018-07-15")
    assert m18.dates("walk") == ["2018-07-15"]
    assert m18.says("体验截止", "2018年7月15日前（含当日）", M18 + "三5 在7月15日前完成")


def test_a_plan_is_required_without_a_date(m18):
    assert m18.rules.planning.required
    assert m18.dates("plan") == []
    assert m18.says("体验计划", "各单位制定体验计划，不要求报送", M18 + "三1 制定切实可行的体验计划，并认真落实")
    assert m18.said["计划期限"].text == "未定期限"


def test_the_window_is_never_told_beforehand(m18):
    assert m18.rules.planning.notice == NoticeRule.FORBIDDEN
    assert m18.says("体验前告知", "不打招呼", M18 + "三2 不亮身份，不打招呼")


def test_every_walk_is_covert(m18):
    assert m18.rules.planning.covert == CovertRule.REQUIRED
    assert m18.says("暗访", "一律暗访", M18 + "三2 采取暗访形式")


def test_nobody_comes_along(m18):
    assert m18.rules.walking.companions == 0
    assert m18.says("陪同人员", "不安排陪同人员", M18 + "三2 不安排陪同人员")


def test_all_approval_and_public_service_items_are_covered(m18):
    assert (m18.rules.coverage.basis, m18.rules.coverage.minimum) == (CoverageBasis.EACH_ITEM, 1)
    source = M18 + "一1 对本单位所有审批和公共服务事项进行全程体验"
    assert m18.says("覆盖范围", "全部审批和公共服务事项，每项至少体验 1 次", source)


def test_the_special_report_is_due_on_20_july(m18):
    assert m18.dates("report") == ["2018-07-20"]
    assert m18.says("报送期限", "2018年7月20日前（含当日）", M18 + "三5 于7月20日前上报")
    assert m18.says("报送内容", "专项报告", M18 + "三5 形成专项报告")


def test_pictures_and_videos_go_with_the_report(m18):
    assert m18.rules.reporting.evidence == (Material.PHOTO, Material.VIDEO)
    assert m18.says("佐证材料", "图片、视频", M18 + "三5 连同图片、视频等佐证材料")


def test_signing_and_stamping_are_not_the_notices_rule(m18):
    assert (m18.rules.reporting.signature, m18.rules.reporting.stamp) == (True, False)
    assert m18.says("签字盖章", "主要负责同志签字", DEFAULT)


def test_three_forms_of_walk(m18):
    assert m18.rules.walking.modes == (WalkMode.IN_PERSON, WalkMode.ON_BEHALF, WalkMode.ACCOMPANY)
    assert m18.says("体验形式", "亲身办、代理办、陪同办", M18 + "二 亲身办、代理办、陪同办")


def test_a_deputy_walks_only_when_items_are_too_many(m18):
    assert m18.rules.walking.delegation_reasons == ("many_items",)
    source = M18 + "一1 因事项较多，可以安排或委托分管领导体验一些审批事项"
    assert m18.says("委托体验", "事项较多的，可以委托分管负责同志体验", source)


def test_three_kinds_of_items_are_walked_by_the_principal_in_person(m18):
    assert m18.rules.walking.in_person == ("important", "core", "strong_public")
    source = M18 + "一1 重要的、涉及核心职能的以及群众反映强烈的审批事项，一把手必须亲身体验"
    assert m18.says("须本人体验", "重要、核心职能、群众反映强烈的事项，须主要负责同志本人体验", source)


def test_districts_report_to_the_coordination_group_departments_to_the_party_committee_of_organs(m18):
    assert m18.receivers("process_walkthrough", "district") == ["作风整顿办综合协调组"]
    assert m18.receivers("process_walkthrough") == ["市直机关工委"]
    assert "走流程（县（市）区）" in m18.page


def test_only_walking_the_process_is_an_activity(m18):
    assert m18.rules.activity_kinds == ("process_walkthrough",)
    assert m18.rules.activities[0].components == ()
    assert m18.says("活动类型", "走流程（名单内全部单位）", M18 + "一、二 走流程")


def test_its_seven_points_of_attention_class_the_issues(m18):
    assert m18.rules.rectification.categories == (
        "信息获取",
        "制度落实",
        "指南与系统",
        "场所与资源",
        "协调运转",
        "精简优化",
        "放权承接",
    )
    assert "、".join(m18.rules.rectification.categories) in m18.page


def test_nothing_in_it_contradicts_itself(m18):
    assert "规则没有矛盾，可以印发。" in m18.page


def test_both_groups_sum_up_without_a_date_and_follow_up(m18):
    assert m18.dates("summary") == []
    source = M18 + "三5 作风评议组和综合协调组要做好相关情况汇总和督办工作"
    assert m18.says("牵头汇总", "情况汇总，通知未定期限", source)
    assert m18.says("督导检查", "对“走流程”情况督办", source)
    assert m18.says("督导单位", "作风评议组和综合协调组", source)


def test_it_speaks_of_no_assessment_and_no_circular(m18):
    assert (m18.said["考核"].text, m18.said["考核"].is_cited) == ("系统不评分", False)
    for heading in ("通报公布", "通报批评"):
        assert (m18.said[heading].text, m18.said[heading].is_cited) == ("不作要求", False)
