"""The checklist of a campaign, its head, its units, its receivers."""

from datetime import date

import pytest

from accounts.models import Department
from campaigns.domain.setup import working_version
from campaigns.models import Campaign, Receiver
from campaigns.tests.setup_page import DRAFT, TODAY, drafted, press
from tests.cast import reported_walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(TODAY)]


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    client.campaign = drafted(cast)
    return client


def setup(client):
    return client.get(f"{DRAFT}setup/")


# --- checklist ------------------------------------------------------------------------------


def test_every_group_stands_with_its_clauses_and_a_way_to_change_it(office):
    page = setup(office).text
    for part in ("head", "roster", "receivers", "preview", "rules/cadence", "rules/rectification", "rules/scoring"):
        assert f'href="{DRAFT}{part}/"' in page
    for heading in ("体验频次与时间", "活动类型与环节", "参与单位", "接收单位", "考核"):
        assert f"<h2>{heading}</h2>" in page
    assert "依据：蓝田县2022年5月25日方案 四（二）于每月20日前报牵头单位" in page


def test_without_contradictions_issuing_is_the_one_primary_action(office):
    page = setup(office).text
    assert page.count("btn-primary") == 1
    assert f'<a class="btn btn-primary" href="{DRAFT}issue/">' in page


def test_each_contradiction_is_named_links_to_its_page_and_disables_issuing(office):
    Receiver.objects.filter(campaign=office.campaign, activity_kind="enforcement_ride_along").delete()
    office.campaign.roster.all().delete()
    answer = setup(office)
    assert answer.context["faults"] == [
        {"message": "“跟执法”没有接收单位", "label": "接收单位", "url": f"{DRAFT}receivers/"},
        {"message": "名单上没有单位", "label": "参与单位", "url": f"{DRAFT}roster/"},
    ]
    assert "有 2 处矛盾，改好才能印发" in answer.text
    assert f'href="{DRAFT}issue/"' not in answer.text
    assert "disabled" in answer.text


@pytest.mark.parametrize("units", [1, 3])
def test_the_page_costs_the_same_for_one_unit_more_and_three(office, cast, units, django_assert_num_queries):
    Department.objects.bulk_create(Department(region=cast.county, name=f"县{n}局", order=50 + n) for n in range(units))
    press(office, f"{DRAFT}roster/", units=[str(pk) for pk in all_units(cast)])
    setup(office)
    with django_assert_num_queries(14):
        assert setup(office).context["units"] == 4 + units


def test_a_receiver_the_region_does_not_have_is_pointed_out(client, cast):
    drafted(cast, "fushun-2016")
    client.force_login(cast.office)
    words = "本区域没有通知所说的单位，暂由统筹办接收，请核对。"
    assert setup(client).text.count(words) == 2
    press(client, f"{DRAFT}receivers/", r0_0=str(cast.lead_unit.pk))
    assert setup(client).text.count(words) == 1


# --- head -----------------------------------------------------------------------------------


def test_name_number_and_days_of_a_draft_change_and_fixed_dates_follow(client, cast):
    campaign = drafted(cast, "mudanjiang-2018")
    client.force_login(cast.office)
    press(client, f"{DRAFT}head/", name="走流程行动", document_number="青政〔2022〕9号", end="2022-09-30")
    campaign.refresh_from_db()
    assert (campaign.name, campaign.document_number) == ("走流程行动", "青政〔2022〕9号")
    assert (campaign.starts_on, campaign.ends_on) == (date(2022, 7, 1), date(2022, 9, 30))
    rules = working_version(campaign)[1]
    assert (rules.cadence.due.on, rules.reporting.due.on) == ("2022-09-30", "2022-10-05")


def test_an_end_before_the_beginning_is_refused_at_its_field(office):
    answer = press(office, f"{DRAFT}head/", end="2022-06-30")
    assert answer.status_code == 400
    assert "结束日期早于开始日期。" in answer.text


# --- units ----------------------------------------------------------------------------------


def all_units(cast) -> list[int]:
    units = Department.objects.filter(region=cast.county, is_active=True).exclude(kind="office")
    return list(units.order_by("order").values_list("pk", flat=True))


def test_units_stand_in_their_fixed_order_with_their_lists(office):
    units = office.get(f"{DRAFT}roster/").context["units"]
    assert [unit["name"] for unit in units] == ["县公安局", "县民政局", "县司法局", "县行政审批局"]
    assert units[0]["lists"] == ["审批服务"]
    assert all(unit["ticked"] for unit in units)


def test_all_or_none_are_ticked_without_a_script(office):
    assert office.get(f"{DRAFT}roster/?select=none").context["chosen"] == 0
    assert office.get(f"{DRAFT}roster/?select=all").context["chosen"] == 4


def test_a_unit_taken_off_a_draft_is_gone(office, cast):
    answer = press(office, f"{DRAFT}roster/", units=[str(cast.unit.pk)])
    assert "列入 0 个，退出 3 个" in answer.text
    assert [entry.department for entry in office.campaign.roster.all()] == [cast.unit]


def test_no_unit_at_all_is_refused_and_what_was_ticked_stays(office):
    answer = press(office, f"{DRAFT}roster/", units=None)
    assert answer.status_code == 400
    assert "请至少勾选一个单位" in answer.text
    assert answer.context["chosen"] == 0
    assert office.campaign.roster.count() == 4


def test_another_countys_unit_cannot_be_smuggled_in(office, cast):
    answer = press(office, f"{DRAFT}roster/", units=[str(cast.unit.pk), str(cast.namesake_unit.pk)])
    assert answer.status_code == 400
    assert office.campaign.roster.count() == 4


@pytest.mark.parametrize("given", ["9" * 20, "-1", "x"])
def test_a_number_that_names_no_unit_is_refused_at_the_field(office, cast, given):
    answer = press(office, f"{DRAFT}roster/", units=[str(cast.unit.pk), given])
    assert answer.status_code == 400
    assert "请刷新页面" in answer.text
    assert office.campaign.roster.count() == 4


def test_of_an_issued_campaign_a_unit_leaves_keeps_its_records_and_comes_back(client, cast):
    reported_walk(cast, as_conforming=True)
    client.force_login(cast.office)
    url = "/campaigns/QH2022/roster/"
    others = [str(pk) for pk in all_units(cast) if pk != cast.unit.pk]
    press(client, url, units=others)
    entry = cast.campaign.roster.get(department=cast.unit)
    assert entry.left_on == date(2022, 6, 8)
    page = client.get("/campaigns/QH2022/units/")
    assert "已退出" in page.text
    assert [unit["counts"][0]["walks"] for unit in page.context["roster"] if unit["has_left"]] == [1]
    assert "2022-06-08 已退出" in client.get(url).text
    press(client, url, units=[*others, str(cast.unit.pk)])
    entry.refresh_from_db()
    assert entry.left_on is None


def test_an_abolished_unit_stands_locked_in_its_place_and_saving_does_not_count_it(office, cast):
    before = [unit["name"] for unit in office.get(f"{DRAFT}roster/").context["units"]]
    Department.objects.filter(pk=cast.unit.pk).update(is_active=False)
    page = office.get(f"{DRAFT}roster/")
    assert [unit["name"] for unit in page.context["units"]] == before
    assert [unit["name"] for unit in page.context["units"] if unit["is_locked"]] == ["县民政局"]
    assert "已撤销" in page.text
    assert "已勾选 3 个，共 3 个" in page.text
    assert f'value="{cast.unit.pk}"' not in page.text
    assert setup(office).context["units"] == 3
    others = [str(unit["id"]) for unit in page.context["units"] if not unit["is_locked"]]
    assert "参与单位没有变化" in press(office, f"{DRAFT}roster/", units=others).text
    assert "列入 0 个，退出 1 个" in press(office, f"{DRAFT}roster/", units=others[1:]).text


@pytest.mark.parametrize("units", [1, 3])
def test_the_list_of_units_costs_the_same_for_one_more_and_three(office, cast, units, django_assert_num_queries):
    Department.objects.bulk_create(Department(region=cast.county, name=f"县{n}局", order=50 + n) for n in range(units))
    office.get(f"{DRAFT}roster/")
    with django_assert_num_queries(9):
        assert len(office.get(f"{DRAFT}roster/").context["units"]) == 4 + units


# --- receivers ------------------------------------------------------------------------------


def received(campaign, kind: str = "process_walkthrough") -> list[str]:
    rows = campaign.receivers.filter(activity_kind=kind).order_by("order")
    return list(rows.values_list("department__name", flat=True))


def test_each_kind_names_who_leads_and_who_also_receives(office, cast):
    press(office, f"{DRAFT}receivers/", r0_0=str(cast.unit.pk), r0_1=str(cast.lead_unit.pk))
    assert received(office.campaign) == ["县民政局", "县行政审批局"]
    assert received(office.campaign, "window_duty") == ["县行政审批局"]
    assert "县民政局（牵头）、县行政审批局" in setup(office).text


def test_nobody_receives_twice(office, cast):
    press(office, f"{DRAFT}receivers/", r0_0=str(cast.unit.pk), r0_2=str(cast.unit.pk))
    assert received(office.campaign) == ["县民政局"]


def test_a_kind_without_a_receiver_is_refused_at_its_field(office):
    answer = press(office, f"{DRAFT}receivers/", r0_0=None)
    assert answer.status_code == 400
    assert "请选择“走流程”的接收单位。" in answer.text
    assert received(office.campaign) == ["县行政审批局"]


def test_a_route_for_one_kind_of_unit_has_its_own_receivers(client, cast):
    drafted(cast, "mudanjiang-2018")
    client.force_login(cast.office)
    groups = client.get(f"{DRAFT}receivers/").context["form"].groups()
    assert [label for label, _, _ in groups] == ["走流程", "走流程（县（市）区）"]


def test_a_kind_of_unit_gets_a_path_of_its_own_and_loses_it_again(office, cast):
    new = {"new_kind": "process_walkthrough", "new_unit": "town", "new_to": str(cast.unit.pk)}
    press(office, f"{DRAFT}receivers/", **new)
    town = office.campaign.receivers.get(unit_kind="town")
    assert (town.activity_kind, town.department, town.then) == ("process_walkthrough", cast.unit, None)
    again = press(office, f"{DRAFT}receivers/", **new)
    assert (again.status_code, "这类单位已有自己的路线" in again.text) == (400, True)
    groups = office.get(f"{DRAFT}receivers/").context["form"].groups()
    [fields] = [fields for label, _, fields in groups if label == "走流程（镇街）"]
    press(office, f"{DRAFT}receivers/", **{fields[0].html_name: None})
    assert not office.campaign.receivers.filter(unit_kind="town").exists()


def test_half_a_path_is_refused_and_the_next_hop_is_kept(office, cast):
    answer = press(office, f"{DRAFT}receivers/", new_kind="window_duty")
    assert (answer.status_code, "要同时选择活动类型、单位类型和接收单位" in answer.text) == (400, True)
    press(office, f"{DRAFT}receivers/", t0=str(cast.second_unit.pk))
    assert set(office.campaign.receivers.filter(then=cast.second_unit).values_list("activity_kind", flat=True)) == {
        "process_walkthrough"
    }
    assert office.get(f"{DRAFT}receivers/").context["form"]["t0"].value() == str(cast.second_unit.pk)


def test_a_kind_added_to_the_rules_asks_for_its_receiver(client, cast):
    campaign = drafted(cast, "mudanjiang-2018")
    client.force_login(cast.office)
    answer = press(client, f"{DRAFT}rules/activities/", a1_kinds=["window_duty"])
    assert [one["message"] for one in answer.context["faults"]] == ["“坐窗口”没有接收单位"]
    press(client, f"{DRAFT}receivers/", r1_0=str(cast.lead_unit.pk))
    assert received(campaign, "window_duty") == ["县行政审批局"]
    assert setup(client).context["faults"] == []


def test_the_draft_of_another_office_stays_untouched(office, cast):
    office.force_login(cast.office_other_county)
    assert office.post(f"{DRAFT}roster/", {"units": [cast.unit.pk]}).status_code == 404
    assert Campaign.objects.get(code="CG").roster.count() == 4
