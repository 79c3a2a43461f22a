"""Who receives, as the campaign's page and its setup tell it."""

from datetime import date, timedelta

import pytest
import time_machine

from campaigns.domain.receivers import Held, lines_of
from campaigns.domain.versions import rules_of
from campaigns.models import Campaign, Receiver
from tests.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
URL = "/campaigns/QH2022/"
RULES = f"{URL}rules/"
PROCESS = "process_walkthrough"
TODAY = NOON.date()
JULY = date(2022, 7, 1)


def change(cast, *units, kind=PROCESS, unit_kind="", since=JULY, then=None):
    cast.campaign.receivers.filter(activity_kind=kind, unit_kind=unit_kind, until=None).update(until=since)
    facts = {"campaign": cast.campaign, "activity_kind": kind, "unit_kind": unit_kind, "since": since, "then": then}
    Receiver.objects.bulk_create(Receiver(department=unit, order=n, **facts) for n, unit in enumerate(units))


def lines(cast, day=TODAY) -> dict:
    return {one.label: one for one in lines_of(cast.campaign, rules_of(cast.campaign.pk)[1], day).values()}


def test_each_kind_stands_once_in_the_order_of_the_activities_with_the_next_hop(client, cast):
    change(cast, cast.lead_unit, cast.unit, since=TODAY)
    client.force_login(cast.liaison)
    page = client.get(RULES)
    told = [(one.label, one.now.names, one.now.then, one.coming) for one in page.context["receivers"]]
    assert told == [
        ("走流程", ("县行政审批局", "县民政局"), "县营商办", ()),
        ("坐窗口", ("县行政审批局",), "县营商办", ()),
        ("跟执法", ("县司法局",), "县营商办", ()),
        ("处投诉", ("县行政审批局",), "县营商办", ()),
    ]
    assert "县行政审批局（牵头）、县民政局 → 汇总后报 县营商办" in page.text


@pytest.mark.parametrize(("persona", "page"), [("liaison", "rules/"), ("office", "setup/")])
def test_a_change_to_come_is_told_beside_who_receives_today(client, cast, persona, page):
    change(cast, cast.unit)
    client.force_login(getattr(cast, persona))
    text = client.get(f"{URL}{page}").text
    assert "县行政审批局 → 汇总后报 县营商办" in text
    assert "自 2022年7月1日起改为 县民政局 → 汇总后报 县营商办" in text


def test_from_its_day_the_change_is_who_receives(cast):
    change(cast, cast.unit)
    assert lines(cast)["走流程"].coming == (Held(JULY, ("县民政局",), "县营商办"),)
    assert (lines(cast, JULY)["走流程"].now, lines(cast, JULY)["走流程"].coming) == (
        Held(None, ("县民政局",), "县营商办"),
        (),
    )


def test_a_path_of_its_own_follows_the_general_one_before_it_begins(client, cast):
    change(cast, cast.unit, unit_kind="town")
    client.force_login(cast.liaison)
    assert "同“走流程”" in client.get(RULES).text
    assert [one.names for one in lines(cast)["走流程（镇街）"].coming] == [("县民政局",)]


def test_who_receives_costs_one_query(cast, django_assert_num_queries):
    rules = rules_of(cast.campaign.pk)[1]
    campaign = Campaign.objects.select_related("office").get(pk=cast.campaign.pk)
    for units in ((cast.unit,), (cast.unit, cast.second_unit, cast.lead_unit)):
        change(cast, *units, since=TODAY)
        with django_assert_num_queries(1):
            assert len(lines_of(campaign, rules, TODAY)[PROCESS, ""].now.names) == len(units)


def test_everybody_reads_the_number_and_the_day_of_the_paper(client, cast):
    Campaign.objects.filter(pk=cast.campaign.pk).update(
        document_number="青营商办〔2022〕3号", document_dated_on=date(2022, 5, 25)
    )
    client.force_login(cast.liaison)
    page = client.get(RULES).text
    assert "青营商办〔2022〕3号" in page
    assert "2022年5月25日" in page


@pytest.mark.parametrize("page", ["", "units/", "board/"])
def test_before_its_first_day_a_campaign_shows_no_figures(client, cast, page):
    client.force_login(cast.office)
    begins = cast.campaign.starts_on
    words = f"活动自 {begins.year}年{begins.month}月{begins.day}日起，此前不作统计。"
    assert words not in client.get(f"{URL}{page}").text
    with time_machine.travel(NOON.replace(year=begins.year, month=begins.month, day=begins.day) - timedelta(days=1)):
        client.force_login(cast.office)
        text = client.get(f"{URL}{page}").text
    assert words in text
    assert "尚未报送体验" not in text
    assert "应开展 " not in text
    assert "未开展" not in text
