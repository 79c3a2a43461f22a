"""W23, 乌审旗2023年3月14日方案: every rule of docs/domain.md section 3.1, as data and in words on the page."""

from datetime import date

import pytest

from campaigns.domain.rulebook.wording import clauses
from campaigns.enums import CoverageBasis, CovertRule, Material, NoticeRule, Rhythm, UnitList, WalkMode
from campaigns.tests.notice import read_notice

W23 = "乌审旗2023年3月14日方案 "
DEFAULT = "通知未作规定，系统默认"


@pytest.fixture
def w23(db):
    return read_notice("wushen-2023", office="旗放管服改革办", units=("旗政务服务局",))


def test_it_is_a_one_off(w23):
    assert (w23.rules.cadence.rhythm, w23.rules.cadence.minimum) == (Rhythm.ONCE, 1)
    assert "主要负责同志活动期间至少体验 1 次" in w23.page


def test_walks_end_on_saturday_15_april_unshifted(w23):
    assert (w23.rules.window.starts_on, w23.rules.window.ends_on) == ("2023-03-14", "2023-04-15")
    assert w23.dates("walk") == ["2023-04-15"]
    assert w23.says("体验截止", "2023年4月15日前（含当日）", W23 + "四 至4月15日")


def test_the_plan_is_filed_by_17_march(w23):
    assert w23.dates("plan") == ["2023-03-17"]
    source = W23 + "六（一）制定具体体验办理实施方案，报改革领导小组办公室备案"
    assert w23.says("体验计划", "各单位制定体验办理实施方案，报统筹办备案", source)
    assert w23.says("计划期限", "2023年3月17日前（含当日）", W23 + "六（一）于3月17日前报备案")


def test_in_another_window_the_date_is_no_longer_its_own_the_duty_to_plan_is(w23):
    moved = {one.heading: one for one in clauses(w23.rules.fitted(date(2024, 3, 14), date(2024, 4, 14)))}
    assert (moved["计划期限"].text, moved["计划期限"].source) == ("2024年3月17日前（含当日）", "统筹办设定")
    assert moved["体验计划"] == w23.said["体验计划"]


def test_the_plan_names_every_bundle(w23):
    assert w23.rules.planning.covers_all
    source = W23 + "六（一）明确体验事项、体验流程、体验时间等，针对各部门牵头的13项重点一件事逐项体验"
    assert w23.says("计划内容", "列全应体验的事项", source)


def test_each_walk_is_told_beforehand(w23):
    assert w23.rules.planning.notice == NoticeRule.BEFORE
    assert w23.says("体验前告知", "体验前报备", W23 + "四 开展体验前将具体时间安排报备")


def test_none_is_covert(w23):
    assert w23.rules.planning.covert == CovertRule.FORBIDDEN
    assert w23.says("暗访", "不采用暗访", W23 + "四 开展体验前须报备时间安排")


def test_each_bundle_is_walked_at_least_once(w23):
    assert (w23.rules.coverage.basis, w23.rules.coverage.minimum) == (CoverageBasis.EACH_BUNDLE, 1)
    source = W23 + "四 对牵头的每一项重点“一件事”至少开展1次体验办理"
    assert w23.says("覆盖范围", "每一项“一件事”，每项至少体验 1 次", source)


def test_no_report_date_is_given_and_five_working_days_are_proposed(w23):
    assert w23.dates("report") == ["2023-04-21"]
    assert w23.says("报送期限", "体验截止后 5 个工作日内", DEFAULT)


def test_one_report_and_one_list_for_each_item(w23):
    assert w23.rules.reporting.rhythm == Rhythm.ONCE
    assert w23.says("报送内容", "一事一报告一清单", W23 + "六（三）形成“一事一报告一清单”")


def test_the_principal_signs_and_the_unit_stamps(w23):
    assert (w23.rules.reporting.signature, w23.rules.reporting.stamp) == (True, True)
    source = W23 + "六（三）经主要负责同志签字；六（三）加盖单位公章"
    assert w23.says("签字盖章", "主要负责同志签字、加盖单位公章（报送时附签字盖章件）", source)


def test_photos_go_with_the_report(w23):
    assert w23.rules.reporting.evidence == (Material.PHOTO,)
    assert w23.says("佐证材料", "图片", W23 + "六（三）连同体验照片等资料")


def test_a_deputy_takes_over_for_many_items_or_a_long_span(w23):
    assert w23.rules.walking.delegation_reasons == ("many_items", "long_span")
    source = W23 + "三 因事项较多或时间跨度较大，可以安排分管负责同志接替"
    assert w23.says("委托体验", "事项较多、时间跨度较大的，可以委托分管负责同志体验", source)


def test_one_business_and_one_technical_companion(w23):
    assert w23.rules.walking.companions == 2
    assert w23.rules.walking.companion_kinds == {"business": 1, "technical": 1}
    source = W23 + "六（二）可安排1名熟悉政务服务业务的工作人员和1名信息化工作人员陪同"
    assert w23.says("陪同人员", "最多 2 人（政务服务业务人员 1 人、信息化工作人员 1 人）", source)


def test_four_forms_of_walk_with_its_own_word_for_acting_on_behalf(w23):
    assert w23.rules.walking.modes == (
        WalkMode.IN_PERSON,
        WalkMode.ON_BEHALF,
        WalkMode.ACCOMPANY,
        WalkMode.ONLINE,
    )
    assert w23.rules.walking.mode_names == {"on_behalf": "帮代办"}
    source = W23 + "五 亲身办、帮代办、陪同办、线上办；五（二）帮代办"
    assert w23.says("体验形式", "亲身办、帮代办、陪同办、线上办", source)


def test_everything_goes_to_the_reform_office_in_one_hop(w23):
    assert w23.receivers("process_walkthrough") == ["旗政务服务局"]
    assert all(route.then == "" for route in w23.rules.routes)
    assert "旗政务服务局" in w23.page


def test_its_four_dimensions_class_the_issues(w23):
    assert w23.rules.rectification.categories == ("办事满意度", "用户体验度", "服务成熟度", "系统易用度")
    source = W23 + "二 办事满意度、用户体验度、服务成熟度、系统易用度"
    assert w23.says("问题分类", "办事满意度、用户体验度、服务成熟度、系统易用度", source)


def test_its_only_contradiction_is_a_region_without_a_bundle_to_lead(w23):
    assert "有 1 处矛盾，改好才能印发" in w23.page


def test_only_units_that_lead_a_bundle_are_bound(w23):
    assert [activity.units for activity in w23.rules.activities] == [(UnitList.BUNDLE_LEAD,)]
    source = W23 + "三 一件事牵头的政务服务部门主要负责同志，对本部门牵头的一件事进行全程办理体验"
    assert w23.says("活动类型", "走流程体验“一件事一次办”（一件事牵头部门）", source)


def test_each_solved_problem_is_looked_back_at(w23):
    assert w23.rules.rectification.look_back_share == 100
    assert w23.says("回头看", "逐个回头看", W23 + "一 按照“体验一个、解决一个、回头看一个”的原则")
    assert w23.says("回头看时间", "销号 30 天后", DEFAULT)


def test_the_office_goes_on_following_the_list(w23):
    source = W23 + "六（四）针对问题整改清单，改革领导小组办公室将持续开展调度和推进"
    assert w23.says("督导检查", "对照问题整改清单持续开展调度和推进", source)


def test_it_enters_the_years_assessment_of_the_reform(w23):
    source = W23 + "六（四）将“一把手”体验工作纳入今年全旗“放管服”改革实绩考核"
    assert w23.says("考核", "纳入“放管服”改革实绩考核；系统不评分", source)
