"""One campaign's page."""

from datetime import date, timedelta
from functools import partial

import pytest
import time_machine

from accounts.models import Department
from campaigns.domain.lifecycle import create_campaign, enrol
from campaigns.domain.versions import rules_of
from tests.cast import NOON, open_walk
from tests.cast import reported_walk as any_reported_walk

reported_walk = partial(any_reported_walk, as_conforming=True)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
URL = "/campaigns/QH2022/"


def test_rules_stand_in_words_each_with_its_source(client, cast):
    client.force_login(cast.principal)
    answer = client.get(URL)
    by_heading = {clause.heading: clause for group in answer.context["groups"] for clause in group.clauses}
    assert by_heading["报送期限"].text == "每月 20 日前（含当日）"
    assert by_heading["报送期限"].source == "蓝田县2022年5月25日方案 四（二）于每月20日前报牵头单位"
    assert by_heading["退单"].source == "通知未作规定，系统默认"
    assert "上月 21 日至本月 20 日" in answer.text


def test_the_roster_keeps_its_fixed_order_and_names_who_did_nothing(client, cast):
    july = NOON + timedelta(days=30)
    for now in (NOON, NOON, july):
        reported_walk(cast, now=now)
    open_walk(cast, now=july)
    with time_machine.travel(july, tick=False):
        client.force_login(cast.office)
        answer = client.get(URL)
    assert [(unit["name"], unit["walks"], unit["walks_before"]) for unit in answer.context["roster"]] == [
        ("县公安局", 0, 0),
        ("县民政局", 1, 2),
        ("县司法局", 0, 0),
        ("县行政审批局", 0, 0),
    ]
    assert "尚未报送体验的有 3 个单位" in answer.text


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
    answer = client.get("/campaigns/M18/")
    assert "本期报送" in answer.text
    assert "上期报送" not in answer.text


@pytest.mark.parametrize("persona", ["liaison", "lead", "responsible"])
def test_a_unit_does_not_learn_what_its_neighbours_did(client, cast, persona):
    reported_walk(cast)
    client.force_login(getattr(cast, persona))
    answer = client.get(URL)
    assert "本期报送" not in answer.text
    assert {unit["walks"] for unit in answer.context["roster"]} == {0}


@pytest.mark.parametrize("persona", ["namesake", "office_other_county", "sysadmin", "auditor"])
def test_for_outsiders_the_campaign_does_not_exist(client, cast, persona):
    client.force_login(getattr(cast, persona))
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_unit_more_and_three(client, cast, rows, django_assert_num_queries):
    Department.objects.bulk_create(Department(region=cast.county, name=f"县{n}局", order=50 + n) for n in range(rows))
    enrol(campaign=cast.campaign, rules=rules_of(cast.campaign.pk)[1])
    client.force_login(cast.office)
    client.get(URL)
    with django_assert_num_queries(12):
        assert len(client.get(URL).context["roster"]) == 4 + rows
