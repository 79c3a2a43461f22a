"""The list of plans: what a unit owes, what waits to be filed, and who handed in nothing."""

from datetime import date

import pytest
import time_machine

from campaigns.models import RosterEntry
from plans.domain import lifecycle
from plans.tests.planning import FIRST_DAY, LATE_MONDAY, build_planning, draft_plan, plan_in, row
from tests.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY), pytest.mark.both_databases]
URL = "/plans/"


@pytest.fixture
def cast():
    return build_planning()


def tabs(answer):
    return {tab["label"]: tab["count"] for tab in answer.context["tabs"]}


def opened(client, person, **params):
    client.force_login(person)
    return client.get(URL, params)


def test_a_unit_sees_its_own_plans_and_what_is_due(client, cast):
    answer = opened(client, cast.liaison)
    assert tabs(answer) == {"本单位": 0}
    owed = [(duty.campaign.code, duty.due_on) for duty, _ in answer.context["duties"] if duty.is_owed]
    assert owed == [("W23", date(2023, 3, 17))]
    plan = draft_plan(cast)
    assert [one["id"] for one in opened(client, cast.principal).context["rows"]] == [plan.pk]


def test_each_tab_of_a_receiver_lists_as_many_as_it_says(client, cast):
    plan = plan_in(cast, "submitted")
    other = lifecycle.open_plan(
        actor=cast.second_liaison, campaign=cast.planned, department_id=cast.second_unit.pk, period="all"
    )
    for persona in ("receiving", "office", "supervisor"):
        answer = opened(client, cast.people[persona], tab="submitted")
        assert tabs(answer) == {"待备案": 1, "已备案": 0, "退回修改": 0, "未报": 4}, persona
        assert [one["id"] for one in answer.context["rows"]] == [plan.pk]
        assert f"/plans/{other.pk}/" not in answer.text
        assert len(opened(client, cast.people[persona], tab="missing").context["missing"]) == 4


def test_units_that_handed_in_nothing_stand_in_the_fixed_order_of_the_roster(client, cast):
    plan_in(cast, "submitted")
    with time_machine.travel(LATE_MONDAY, tick=False):
        missing = opened(client, cast.receiving, tab="missing").context["missing"]
    assert [unit["department"] for unit in missing] == ["县公安局", "县司法局", "县行政审批局", "县政务服务局"]
    assert {unit["late"] for unit in missing} == {"逾期 1 个工作日"}
    assert [unit["late"] for unit in opened(client, cast.receiving, tab="missing").context["missing"]] == [""] * 4


def test_a_unit_that_left_owes_nothing(client, cast):
    RosterEntry.objects.filter(campaign=cast.planned, department=cast.second_unit).update(left_on=FIRST_DAY.date())
    missing = opened(client, cast.office, tab="missing").context["missing"]
    assert "县公安局" not in {unit["department"] for unit in missing}


def test_a_campaign_that_asks_for_no_plan_reports_nobody_missing(client, cast):
    with time_machine.travel(NOON, tick=False):
        answer = opened(client, cast.lead, tab="missing")
    assert answer.context["missing"] == []
    assert "应报计划的单位都已报送" in answer.text


def test_while_a_plan_is_adjusted_the_filed_one_stays_on_the_list(client, cast):
    plan = plan_in(cast, "filed")
    lifecycle.perform(plan=plan, action="adjust", actor=cast.liaison, note="窗口停办")
    answer = opened(client, cast.receiving, tab="filed")
    assert tabs(answer)["已备案"] == 1
    assert [(one["id"], one["state_label"]) for one in answer.context["rows"]] == [(plan.pk, "已备案")]
    assert "县民政局" not in {
        one["department"] for one in opened(client, cast.receiving, tab="missing").context["missing"]
    }
    own = [(one["round"], one["state_label"]) for one in opened(client, cast.liaison).context["rows"]]
    assert sorted(own) == [(1, "已备案"), (2, "起草")]


@pytest.mark.parametrize("state", ["superseded", "discarded"])
def test_a_plan_that_is_past_stands_on_no_list(client, cast, state):
    plan = plan_in(cast, state)
    for persona, tab in (("liaison", "own"), ("receiving", "filed"), ("receiving", "submitted")):
        assert f"/plans/{plan.pk}/" not in opened(client, cast.people[persona], tab=tab).text


def test_filters_stand_in_the_address_and_a_value_that_is_no_choice_is_said(client, cast):
    plan_in(cast, "submitted")
    both = {"campaign": cast.planned.pk, "department": cast.unit.pk, "tab": "submitted"}
    answer = opened(client, cast.office, **both)
    assert len(answer.context["rows"]) == 1
    assert tabs(answer)["未报"] == 0
    assert f"department={cast.unit.pk}" in answer.context["tabs"][1]["url"]
    assert opened(client, cast.office, tab="submitted", department=cast.second_unit.pk).context["rows"] == []
    assert "已忽略" in opened(client, cast.office, tab="submitted", department="999999").text


@pytest.mark.parametrize("persona", ["responsible", "sysadmin", "second_liaison", "namesake", "office_other_county"])
def test_others_see_no_plan_and_no_count(client, cast, persona):
    plan = plan_in(cast, "submitted")
    answer = opened(client, cast.people[persona])
    assert f"/plans/{plan.pk}/" not in answer.text
    assert sum(tabs(answer).values()) == 0


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("persona", "tab", "queries"), [("office", "submitted", 17), ("office", "missing", 14), ("liaison", "own", 15)]
)
def test_the_list_costs_the_same_whatever_its_length(
    client, cast, rows, persona, tab, queries, django_assert_num_queries
):
    for month in range(6, 6 + rows):
        now = NOON.replace(month=month)
        plan = lifecycle.open_plan(
            actor=cast.liaison, campaign=cast.campaign, department_id=cast.unit.pk, period=f"2022-{month:02d}", now=now
        )
        only = row(cast, cast.item, planned_on=now.date(), companions={})
        lifecycle.save_rows(plan=plan, actor=cast.liaison, version=1, rows=[only])
        lifecycle.perform(plan=plan, action="submit", actor=cast.liaison, now=now)
    RosterEntry.objects.filter(campaign=cast.planned).exclude(
        department_id__in=RosterEntry.objects.filter(campaign=cast.planned).values("department_id")[:rows]
    ).delete()
    opened(client, cast.people[persona], tab=tab)
    with django_assert_num_queries(queries):
        answer = client.get(URL, {"tab": tab})
    shown = answer.context["missing"] if tab == "missing" else answer.context["rows"]
    assert len(shown) == rows
