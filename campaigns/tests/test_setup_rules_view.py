"""One page a group of rules."""

import pytest

from campaigns.domain.lifecycle import edit_rules
from campaigns.domain.rulebook.due_rule import Due
from campaigns.domain.rulebook.rulebook import changed, load_template
from campaigns.domain.rulebook.wording import GROUPS, clauses
from campaigns.domain.setup import working_version
from campaigns.models import RuleVersion
from campaigns.tests.setup_page import DRAFT, TODAY, drafted, press
from campaigns.views.setup_rules import FORMS
from core.exceptions import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]
TEMPLATES = ("fushun-2016", "mudanjiang-2018", "hunan-2022", "lantian-2022", "wushen-2023")


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    client.campaign = drafted(cast)
    return client


def rules(campaign):
    return working_version(campaign)[1]


def save(client, group: str, **given):
    return press(client, f"{DRAFT}rules/{group}/", **given)


def test_every_group_has_its_page():
    assert set(FORMS) == set(GROUPS)


@pytest.mark.parametrize("group", GROUPS)
def test_each_rule_stands_beside_its_source(office, group):
    page = office.get(f"{DRAFT}rules/{group}/").text
    stated = clauses(rules(office.campaign), group)
    assert stated
    for clause in stated:
        assert clause.text in page
        assert (f"依据：{clause.source}" if clause.is_cited else clause.source) in page
        assert clause.note in page


def test_a_rule_that_nothing_carries_out_says_so_and_one_that_is_not_asked_for_needs_not(office):
    noted = {one.heading: one.note for one in clauses(rules(office.campaign)) if one.note}
    assert set(noted) == {"问题来源"}
    assert noted["问题来源"] in office.get(f"{DRAFT}setup/").text
    silent = changed(rules(office.campaign), "rectification", {"sources": ()})
    assert "问题来源" not in {one.heading for one in clauses(silent) if one.note}


@pytest.mark.parametrize("template", TEMPLATES)
def test_saving_a_page_as_it_stands_changes_no_rule_and_no_source(client, cast, template):
    campaign = drafted(cast, template)
    client.force_login(cast.office)
    before = rules(campaign)
    for group in GROUPS:
        answer = save(client, group)
        assert answer.redirect_chain == [(f"{DRAFT}setup/", 302)], group
        assert rules(campaign) == before, group


def test_a_changed_rule_is_the_offices_own_its_neighbours_stay_the_notices(office):
    answer = save(office, "reporting", due="next_month_day", due_n_next_month_day="5", summary_due="none")
    assert "“报送与汇总”已保存。" in answer.text
    said = {one.heading: (one.text, one.source) for one in clauses(rules(office.campaign))}
    assert said["报送期限"] == ("次月 5 日前（含当日）", "统筹办设定")
    assert said["牵头汇总"] == ("月度工作总结，通知未定期限", "统筹办设定")
    assert said["报送周期"][1].startswith("蓝田县")


def test_a_way_keeps_only_the_number_it_needs(office):
    save(office, "reporting", due="next_workdays", due_n_next_workdays="5", due_n_month_day="18", due_on="2022-07-01")
    assert rules(office.campaign).reporting.due == Due("next_workdays", n=5)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"due": "month_day", "due_n_month_day": ""}, "“每月某日”应填 1 至 28 的整数。"),
        ({"due": "month_day", "due_n_month_day": "29"}, "“每月某日”应填 1 至 28 的整数。"),
        ({"due": "next_workdays", "due_n_next_workdays": "⑤"}, "“下一期开始后若干个工作日”应填 1 至 60 的整数。"),
        ({"due": "date", "due_on": ""}, "选了固定日期，请填写日期，如 2022-06-20。"),
        ({"due": "date", "due_on": "1492-01-01"}, "日期应在 2000 年至 2098 年之间。"),
        ({"due": "随便"}, "请选择一种期限。"),
        ({"cutoff_day": "29"}, "应为 1 至 28 的整数。"),
        ({"rhythm": "daily"}, "没有这个选项，请重新选择。"),
    ],
)
def test_what_no_rule_can_hold_is_refused_at_its_field_and_kept(office, given, words):
    before = rules(office.campaign)
    answer = save(office, "reporting", content="改过的内容", **given)
    assert answer.status_code == 400
    assert words in answer.text
    assert "改过的内容" in answer.text
    assert rules(office.campaign) == before


def test_a_contradiction_is_saved_and_named_where_it_is_mended(office):
    answer = save(office, "cadence", rhythm="quarterly")
    assert answer.redirect_chain == [(f"{DRAFT}setup/", 302)]
    fault = "每季度体验一次的活动不能设每月截止日（20 日）"
    assert [one["message"] for one in answer.context["faults"]] == [fault]
    assert answer.context["faults"][0]["url"] == f"{DRAFT}rules/reporting/"
    assert fault in office.get(f"{DRAFT}rules/reporting/").text


def test_walking_names_a_form_and_counts_companions(office):
    save(office, "walking", on_behalf_name="帮代办", companions="2", companions_business="1", companions_technical="1")
    walking = rules(office.campaign).walking
    assert walking.mode_names == {"on_behalf": "帮代办"}
    assert (walking.companions, walking.companion_kinds) == (2, {"business": 1, "technical": 1})


def test_nobody_may_be_delegated_when_no_reason_is_ticked(office):
    save(office, "walking", delegation_reasons=None)
    assert rules(office.campaign).walking.delegation_reasons == ()


def test_classes_are_lines_of_a_name_and_a_common_class(office):
    save(office, "rectification", class_0="排队时间长", common_0="time", class_4="其他问题", common_4="other")
    # In the order of the lines, on a database that keeps no order of keys too.
    assert list(rules(office.campaign).rectification.classes.items()) == [
        ("排队时间长", "time"),
        ("政务服务", "window"),
        ("执法", "enforcement"),
        ("投诉处置", "complaint"),
        ("其他问题", "other"),
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"class_4": "其他问题"}, "请选择“其他问题”对应的通用分类。"),
        ({"class_4": "执法", "common_4": "other"}, "“执法”重复了。"),
    ],
)
def test_a_line_half_filled_or_doubled_is_named(office, given, words):
    answer = save(office, "rectification", **given)
    assert answer.status_code == 400
    assert words in answer.text


def test_weights_are_lines_of_a_heading_and_points(office):
    answer = save(office, "scoring", on="on", points_0="50")
    assert "考核分值合计 110，应为 100" in answer.text
    save(office, "scoring", points_1="30")
    assert rules(office.campaign).scoring.weights == {
        "体验活动执行情况": 50,
        "问题整改情况": 30,
        "长效机制建立情况": 20,
    }


def test_parts_are_ticked_and_counted_and_links_follow(office):
    save(office, "activities", a0_business_check=None, a0_links="3", a0_service_callback_least="5")
    activity = rules(office.campaign).activity_of("window_duty")
    assert [(component.code, component.link, component.least) for component in activity.components] == [
        ("approval_walk", 1, 1),
        ("approval_desk", 1, 1),
        ("service_callback", 2, 5),
        ("discussion_meeting", 3, 1),
    ]


def test_an_activity_without_a_kind_is_left_out_and_offered_again(office):
    answer = save(office, "activities", a2_kinds=None)
    assert [activity.name for activity in rules(office.campaign).activities] == ["走流程、坐窗口", "跟执法"]
    assert "处投诉（未列入）" in office.get(f"{DRAFT}rules/activities/").text
    assert answer.status_code == 200
    save(office, "activities", a2_kinds=["complaint_handling"])
    assert rules(office.campaign).activity_kinds[-1] == "complaint_handling"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"a0_units": None}, "请选择哪些单位参与。"),
        ({"a0_business_check_most": "1"}, "最多 1 项少于最少 2 项。"),
    ],
)
def test_an_activity_that_cannot_be_is_refused_at_its_field(office, given, words):
    answer = save(office, "activities", **given)
    assert answer.status_code == 400
    assert words in answer.text


def test_two_people_do_not_overwrite_each_other(office, cast):
    url = f"{DRAFT}rules/coverage/"
    opened = office.get(url).context["form"]
    save(office, "coverage", minimum="3")
    office.force_login(cast.office_second)
    stale = {"basis": "none", "minimum": "7", "seen": opened["seen"].value(), "idempotency_key": "k"}
    answer = office.post(url, stale)
    assert answer.status_code == 409
    assert "这一组规则在本页打开以后已有改动" in answer.text
    assert rules(office.campaign).coverage.minimum == 3
    again = answer.context["form"]
    assert again["minimum"].value() == "7"
    stale |= {"seen": again.data["seen"], "idempotency_key": again.data["idempotency_key"]}
    assert office.post(url, stale).status_code == 302
    assert rules(office.campaign).coverage.minimum == 7


@pytest.mark.parametrize("seen", ["", "　", None])
def test_a_save_that_does_not_say_what_it_was_opened_on_overwrites_nothing(office, seen):
    sent = {"basis": "none", "minimum": "7", "idempotency_key": "k"} | ({} if seen is None else {"seen": seen})
    answer = office.post(f"{DRAFT}rules/coverage/", sent)
    assert answer.status_code == 400
    assert "请重新打开本页后再改" in answer.text
    assert rules(office.campaign).coverage.minimum == 1
    with pytest.raises(Refused):
        edit_rules(campaign=office.campaign, group="coverage", values={"minimum": 7}, actor=None, seen="")


def test_issued_rules_are_not_edited(office):
    assert office.get("/campaigns/QH2022/rules/cadence/").status_code == 409
    assert RuleVersion.objects.get(campaign__code="QH2022").data["cadence"]["minimum"] == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_for_one_class_and_three(office, rows, django_assert_num_queries):
    names = {f"class_{place}": "" for place in range(rows, 4)}
    save(office, "rectification", **names)
    assert len(rules(office.campaign).rectification.classes) == rows
    office.get(f"{DRAFT}rules/rectification/")
    with django_assert_num_queries(11):
        office.get(f"{DRAFT}rules/rectification/")


def test_every_template_is_known():
    assert {load_template(name).notice for name in TEMPLATES} == {"F16", "M18", "H22", "L22", "W23"}


def test_the_office_sets_how_often_it_inspects_and_publishes(office):
    save(office, "oversight", inspection_rhythm="quarterly", inspection_minimum="2", publication="")
    said = {one.heading: (one.text, one.source) for one in clauses(rules(office.campaign), "oversight")}
    assert said["督导检查"] == ("对活动开展情况督导检查，每季度至少 2 次", "统筹办设定")
    assert said["通报公布"] == ("不作要求", "统筹办设定")


def test_the_office_sets_who_oversees_and_who_is_censured(office):
    save(office, "oversight", by="督查室", criticism="逾期两次的单位")
    said = {one.heading: (one.text, one.source) for one in clauses(rules(office.campaign), "oversight")}
    assert said["督导单位"] == ("督查室", "统筹办设定")
    assert said["通报批评"] == ("逾期两次的单位", "统筹办设定")


def test_a_part_that_changes_is_the_offices_own_the_other_activities_stay_the_notices(office):
    save(office, "activities", a0_service_callback_least="5")
    said = {one.key: one.source for one in clauses(rules(office.campaign), "activities")}
    assert said["activities.走流程、坐窗口"] == "统筹办设定"
    assert said["activities.跟执法"].startswith("蓝田县")
    assert said["activities"].startswith("蓝田县")


def test_a_plan_that_is_kept_by_the_unit_is_told_so(office):
    save(office, "planning", required="on", content="工作方案", filed=None)
    said = {one.heading: one.text for one in clauses(rules(office.campaign), "planning")}
    assert said["体验计划"] == "各单位制定工作方案，不要求报送"
    save(office, "planning", filed="on")
    said = {one.heading: one.text for one in clauses(rules(office.campaign), "planning")}
    assert said["体验计划"] == "各单位制定工作方案，报统筹办备案"
