"""The list of campaigns and periods."""

from datetime import date

import pytest

from campaigns.domain.lifecycle import create_campaign
from reports.domain.compile import compile_period, period_in
from reports.domain.period_list import overview
from reports.tests.test_compile import NOW


def test_periods_run_from_today_back_to_the_first(world):
    [entry] = overview(world.cast.office, today=date(2022, 9, 21), whole="QH2022")
    assert [row.period.code for row in entry.rows] == ["2022-10", "2022-09", "2022-08", "2022-07", "2022-06"]
    assert entry.more is False


def test_only_recent_periods_are_listed_until_all_are_asked_for(world):
    [entry] = overview(world.cast.office, today=date(2023, 5, 1))
    assert (len(entry.rows), entry.rows[0].period.code, entry.more) == (6, "2023-05", True)


def test_a_campaign_that_has_ended_stops_at_its_last_period(world):
    world.cast.campaign.ends_on = date(2022, 7, 1)
    world.cast.campaign.save()
    [entry] = overview(world.cast.office, today=date(2026, 1, 1))
    assert [row.period.code for row in entry.rows] == ["2022-07", "2022-06"]


def test_a_compiled_period_shows_its_state_and_figures_to_the_office_and_not_to_a_unit(world, sign_in):
    campaign = world.cast.campaign
    compile_period(campaign=campaign, period=period_in(campaign, "2022-06"), actor=world.cast.office, now=NOW)
    html = sign_in("office").get("/reports/?campaign=QH2022").content.decode()
    assert "已汇总" in html
    assert "44.4%" in html
    own = sign_in("liaison").get("/reports/?campaign=QH2022").content.decode()
    assert "2022年6月" in own
    assert "44.4%" not in own
    assert "已汇总" not in own


@pytest.mark.parametrize(("persona", "offered"), [("office", True), ("supervisor", False), ("lead", False)])
def test_the_button_to_compile_is_the_offices(sign_in, persona, offered):
    assert ("/compile/" in sign_in(persona).get("/reports/").content.decode()) is offered


@pytest.mark.parametrize("persona", ["responsible", "namesake", "sysadmin"])
def test_who_reads_no_figures_is_told_where_to_look(sign_in, persona):
    response = sign_in(persona).get("/reports/")
    assert response.status_code == 200
    assert "没有可以查看的汇总" in response.content.decode()


def test_another_period_is_opened_by_its_code(sign_in):
    response = sign_in("office").get("/reports/", {"campaign": "QH2022", "period": "2022Q2"})
    assert response["Location"] == "/reports/QH2022/2022Q2/"


def test_a_code_that_is_none_is_explained_and_kept(sign_in):
    html = sign_in("office").get("/reports/", {"campaign": "QH2022", "period": "六月"}).content.decode()
    assert "周期“六月”无法识别" in html
    assert 'value="六月"' in html


def test_a_campaign_of_another_county_is_not_found(sign_in):
    response = sign_in("office_other_county").get("/reports/", {"campaign": "QH2022", "period": "2022-06"})
    assert response.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_a_fixed_number_of_queries(world, sign_in, count, django_assert_num_queries):
    for number in range(1, count):
        create_campaign(
            template="lantian-2022",
            code=f"C{number}",
            name=f"活动{number}",
            region_name="",
            start=date(2022, 5, 25),
            end=date(2032, 12, 31),
            region=world.cast.county,
        )
    client = sign_in("office")
    client.get("/reports/")
    with django_assert_num_queries(8):
        assert client.get("/reports/").content.decode().count("<section") == count
