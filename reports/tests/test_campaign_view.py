"""One campaign's pages: what stands now, the units bound, the rules."""

from datetime import date, datetime, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
import time_machine

from accounts.models import Department
from campaigns.domain.lifecycle import create_campaign, enrol
from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from reports.domain.present import Present, period_at_hand
from reports.tests.submitting import sent
from reports.tests.submitting import step as take_step
from reports.views.campaign_now import to_publish
from tests.cast import NOON, TZ, open_walk
from tests.cast import reported_walk as any_reported_walk

reported_walk = partial(any_reported_walk, as_conforming=True)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
URL = "/campaigns/QH2022/"
UNITS, RULES = f"{URL}units/", f"{URL}rules/"


def now(client, user, moment, query=""):
    with time_machine.travel(moment, tick=False):
        client.force_login(user)
        return client.get(URL + query)


def test_rules_stand_in_words_each_with_its_source(client, cast):
    client.force_login(cast.principal)
    answer = client.get(RULES)
    by_heading = {clause.heading: clause for group in answer.context["groups"] for clause in group.clauses}
    assert by_heading["报送期限"].text == "每月 20 日前（含当日）"
    assert by_heading["报送期限"].source == "蓝田县2022年5月25日方案 四（二）于每月20日前报牵头单位"
    assert by_heading["退单"].source == "通知未作规定，系统默认"
    assert "上月 21 日至本月 20 日" in answer.text


def test_the_roster_keeps_its_fixed_order_with_what_each_reported(client, cast):
    july = NOON + timedelta(days=30)
    for moment in (NOON, NOON, july):
        reported_walk(cast, now=moment)
    open_walk(cast, now=july)
    with time_machine.travel(july, tick=False):
        client.force_login(cast.office)
        answer = client.get(UNITS)
        roster = answer.context["roster"]
        assert [(unit["name"], *(one["walks"] for one in unit["counts"])) for unit in roster] == [
            ("县公安局", 0, 0),
            ("县民政局", 1, 2),
            ("县司法局", 0, 0),
            ("县行政审批局", 0, 0),
        ]
        for one in roster[1]["counts"]:
            assert client.get(one["url"]).context["page"].total == one["walks"]


def test_a_one_off_campaign_has_no_period_before(client, cast):
    create_campaign(
        template="mudanjiang-2018",
        code="M18",
        name="走流程",
        region_name="青禾县",
        start=date(2022, 6, 1),
        end=date(2022, 6, 15),
        region=cast.county,
    )
    client.force_login(cast.office)
    answer = client.get("/campaigns/M18/units/")
    assert "本期报送" in answer.text
    assert "上期报送" not in answer.text
    assert client.get("/campaigns/M18/").context["choices"] == []


@pytest.mark.parametrize("persona", ["liaison", "lead", "responsible"])
def test_a_unit_does_not_learn_what_its_neighbours_did(client, cast, persona):
    reported_walk(cast)
    client.force_login(getattr(cast, persona))
    answer = client.get(UNITS)
    assert "本期报送" not in answer.text
    assert {one["walks"] for unit in answer.context["roster"] for one in unit["counts"]} == {0}
    if persona != "lead":
        named = [name for group in client.get(URL).context["missing"] for name in group["names"]]
        assert set(named) <= {"县民政局"}


def test_the_page_opens_with_dates_and_with_those_missing_each_group_opening_its_rows(client, cast):
    reported_walk(cast)
    answer = now(client, cast.office, datetime(2022, 6, 21, 9, tzinfo=TZ))
    shown = [(one["date"].label, one["date"].due_on, one["date"].is_past) for one in answer.context["dates"]]
    assert shown == [
        ("报送材料", date(2022, 6, 20), True),
        ("牵头汇总上报", date(2022, 6, 22), False),
        ("开展体验", date(2022, 6, 30), False),
        ("汇总印发", None, False),
    ]
    groups = {group["title"]: group for group in answer.context["missing"]}
    assert groups["尚未报送体验"]["names"] == ["县公安局", "县司法局", "县行政审批局"]
    assert groups["材料逾期未报"]["names"] == ["县公安局", "县民政局", "县司法局", "县行政审批局"]
    assert answer.text.index('id="due"') < answer.text.index('id="missing"')
    with time_machine.travel(datetime(2022, 6, 21, 9, tzinfo=TZ), tick=False):
        assert {title: len(client.get(group["url"]).context["rows"]) for title, group in groups.items()} == {
            title: group["total"] for title, group in groups.items()
        }


def test_the_month_before_stands_first_until_its_last_date_has_passed_or_it_is_published(client, cast):
    on_21, on_23 = (datetime(2022, 6, day, 9, tzinfo=TZ) for day in (21, 23))
    answer = now(client, cast.office, on_21)
    assert (answer.context["period"].code, answer.context["dates"][-1]["said"]) == ("2022-06", "通知未定期限")
    answer = now(client, cast.office, on_23)
    assert answer.context["dates"][-1]["said"] == "本期结束以后，通知未定期限"
    assert answer.context["period"].code == "2022-07"
    assert [tab["label"] for tab in answer.context["choices"]] == ["2022年7月", "2022年6月"]
    assert now(client, cast.office, on_23, "?period=2022-06").context["period"].code == "2022-06"
    assert "“2031-01”不是正在办理的一期" in now(client, cast.office, on_23, "?period=2031-01").text
    rules = rules_of(cast.campaign.pk)[1]
    for published, code in ((["2022-05"], "2022-06"), (["2022-06"], "2022-07")):
        first, choices = period_at_hand(cast.campaign, rules, published, today=on_21.date())
        assert first.code == code
        assert [one.code for one in to_publish(choices, dict.fromkeys(published, 1), on_21.date())] == (
            ["2022-06"] if code == "2022-06" else []
        )


def test_a_unit_of_which_one_part_alone_is_missing_is_named_with_its_kinds():
    parts = [
        SimpleNamespace(unit=unit, kinds=kinds)
        for unit, kinds in (("甲局", "走流程"), ("甲局", "跟执法"), ("乙局", ""))
    ]
    present = Present(None, [], [], parts, {}, False)
    assert (present.named(parts[1:]), present.named(parts)) == (["甲局（跟执法）", "乙局"], ["甲局", "乙局"])


def test_before_a_campaign_begins_and_after_it_has_ended_its_own_periods_are_at_hand(client, cast):
    """Nobody is missing before it has begun, on 25 May."""
    Campaign.objects.update(ends_on=date(2022, 12, 31))
    for day, code in (
        (datetime(2022, 5, 10, 9, tzinfo=TZ), "2022-06"),
        (datetime(2023, 3, 1, 9, tzinfo=TZ), "2023-01"),
    ):
        page = now(client, cast.office, day)
        assert (page.context["period"].code, bool(page.context["missing"])) == (code, day.year == 2023)


@pytest.mark.clock(datetime(2022, 6, 21, 9, tzinfo=TZ))
def test_each_reader_finds_what_to_do_next(world, sign_in):
    cast = world.cast
    labels = {}
    [one] = sent(cast)
    for persona in ("lead", "second_liaison", "supervisor", "responsible"):
        page = sign_in(persona).get(URL)
        labels[persona] = [step["label"] for step in page.context["steps"]]
        for step in page.context["steps"]:
            assert sign_in(persona).get(step["url"]).status_code == 200, step
    assert labels == {
        "lead": ["审核 1 份"],
        "second_liaison": ["县公安局：本期报送"],
        "supervisor": ["查看进展总览"],
        "responsible": [],
    }
    take_step(one, "return", cast.lead, note="缺照片")
    again = sign_in("liaison").get(URL).context["steps"]
    assert [(step["label"], step["url"]) for step in again] == [
        ("县民政局：重新报送", f"/reports/QH2022/2022-06/send/{cast.unit.pk}/")
    ]
    sent(cast)
    page = sign_in("office").get(URL)
    assert [(step["label"], step["url"]) for step in page.context["steps"]] == [
        ("印发2022年6月", "/reports/QH2022/2022-06/publish/")
    ]
    [group] = [group for group in page.context["missing"] if group["title"] == "牵头单位未上报"]
    assert group["names"] == ["县行政审批局（县民政局）"]
    [(line, _)] = sign_in("office").get(group["url"]).context["rows"]
    assert line.submission == one


@pytest.mark.parametrize("persona", ["namesake", "office_other_county", "sysadmin", "auditor"])
def test_for_outsiders_the_campaign_does_not_exist(client, cast, persona):
    client.force_login(getattr(cast, persona))
    assert {client.get(address).status_code for address in (URL, UNITS, RULES)} == {404}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_unit_more_and_three(client, cast, rows, django_assert_num_queries):
    units = (Department(region=cast.county, name=f"县{n}局", order=50 + n, is_approval=True) for n in range(rows))
    Department.objects.bulk_create(units)
    enrol(campaign=cast.campaign, rules=rules_of(cast.campaign.pk)[1])
    client.force_login(cast.office)
    client.get(URL)
    with django_assert_num_queries(28):
        assert len(client.get(URL).context["missing"][0]["names"]) == 4 + rows
    with django_assert_num_queries(11):
        assert len(client.get(UNITS).context["roster"]) == 4 + rows
