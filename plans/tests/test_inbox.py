"""Plans and planned walks that wait for a person: on the first page, and in the list it opens."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Department
from campaigns.domain.lifecycle import create_campaign
from plans.domain import lifecycle, walks
from plans.domain.inbox import owed_plans, planned_walks, plans_assigned_to, waiting_plans
from plans.domain.queries import rows_of
from plans.domain.rows import RowDraft
from plans.tests.planning import FIRST_DAY, build_planning
from tests.cast import NOON
from walks.domain import lifecycle as walk_lifecycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def plan_of(cast, *, unit=None, actor=None, days=(0,), today=None):
    """A plan of this month handed in by the unit's liaison, a row for each of ``days`` from today."""
    today = today or timezone.localdate()
    unit, actor = unit or cast.unit, actor or cast.liaison
    period = f"{today:%Y-%m}"
    plan = lifecycle.open_plan(actor=actor, campaign=cast.campaign, department_id=unit.pk, period=period)
    rows = [
        RowDraft(
            item_id=cast.item.pk,
            mode="in_person",
            walker_id=cast.principal.pk,
            planned_on=within(today + timedelta(days=day), today),
        )
        for day in days
    ]
    lifecycle.save_rows(plan=plan, actor=actor, version=plan.version, rows=rows)
    plan.refresh_from_db()
    lifecycle.perform(plan=plan, action="submit", actor=actor)
    plan.refresh_from_db()
    return plan


def within(day: date, today: date) -> date:
    """The day, kept inside the month of the plan."""
    return day if day.month == today.month else today


def test_a_plan_waits_for_the_lead_and_once_filed_its_walks_wait_for_the_walker(client, cast):
    plan, today = plan_of(cast), timezone.localdate()
    assert waiting_plans(cast.lead)["file"]["total"] == 1
    assert waiting_plans(cast.office) == waiting_plans(cast.supervisor) == {}
    assert planned_walks(cast.principal, today=today) == (0, [])
    client.force_login(cast.lead)
    [group] = [one for one in client.get("/").context["groups"] if one["title"] == "计划待备案"]
    assert len(client.get(group["url"]).context["rows"]) == group["total"] == 1
    lifecycle.perform(plan=plan, action="file", actor=cast.lead)
    assert waiting_plans(cast.lead) == {}
    total, [row] = planned_walks(cast.principal, today=today)
    assert (total, row["item__name"], row["plan_id"]) == (1, "结婚登记", plan.pk)
    client.force_login(cast.principal)
    [group] = [one for one in client.get("/").context["groups"] if one["title"] == "按计划体验"]
    assert client.get(group["rows"][0]["url"]).status_code == 200
    assert planned_walks(cast.deputy, today=today) == (0, [])


def test_a_returned_plan_waits_for_the_liaison(client, cast):
    plan = plan_of(cast)
    lifecycle.perform(plan=plan, action="return", actor=cast.lead, note="请写明问题")
    assert list(plans_assigned_to(cast.liaison)) == [plan]
    assert not plans_assigned_to(cast.principal)
    client.force_login(cast.liaison)
    [group] = [one for one in client.get("/").context["groups"] if one["title"] == "计划退回修改"]
    assert group["rows"][0]["meta"] == "请写明问题"
    assert len(client.get(group["url"]).context["rows"]) == 1


def test_a_day_long_past_is_let_go_and_one_just_past_is_marked(client, cast):
    today = timezone.localdate()
    plan = plan_of(cast)
    lifecycle.perform(plan=plan, action="file", actor=cast.lead)
    plan.rows.update(planned_on=today - timedelta(days=31))
    assert planned_walks(cast.principal, today=today)[0] == 0
    plan.rows.update(planned_on=today - timedelta(days=1))
    client.force_login(cast.principal)
    [group] = [one for one in client.get("/").context["groups"] if one["title"] == "按计划体验"]
    assert group["rows"][0]["look"] == ("overdue", "已过计划日")


@pytest.fixture
def w23():
    return build_planning()


def test_a_plan_due_in_three_days_and_not_begun_waits_for_the_liaison_with_its_date(client, w23):
    with time_machine.travel(FIRST_DAY, tick=False):
        client.force_login(w23.liaison)
        [group] = [one for one in client.get("/").context["groups"] if one["title"] == "计划待起草"]
        assert (group["total"], group["rows"][0]["meta"]) == (1, "2023年3月17日前报送")
        assert w23.unit.name in group["rows"][0]["title"]
        assert "2023年3月17日" in client.get(group["url"]).text
        assert owed_plans(w23.principal, today=date(2023, 3, 14)) == (0, [])
        lifecycle.open_plan(actor=w23.liaison, campaign=w23.planned, department_id=w23.unit.pk, period="all")
        assert owed_plans(w23.liaison, today=date(2023, 3, 14)) == (0, [])


def test_a_unit_that_leads_no_bundle_owes_no_plan(w23):
    w23.unit.items.filter(kind="bundle").update(is_active=False)
    assert owed_plans(w23.liaison, today=date(2023, 3, 14)) == (0, [])


@pytest.mark.parametrize("rows", [1, 3])
def test_plans_owed_cost_the_same_for_one_and_three(w23, rows, django_assert_num_queries):
    for number in range(1, rows):
        create_campaign(
            template="wushen-2023", code=f"W{number}", name="又一次", region_name="青禾县", region=w23.county,
            start=date(2023, 3, 14), end=date(2023, 4, 15),
        )  # fmt: skip
    with time_machine.travel(FIRST_DAY, tick=False), django_assert_num_queries(6):
        assert owed_plans(w23.liaison, today=date(2023, 3, 14))[0] == rows


@pytest.mark.clock(NOON)
def test_a_plan_names_from_the_start_who_receives_what_the_unit_takes_part_in(cast):
    Department.objects.filter(pk=cast.second_unit.pk).update(is_approval=False, is_enforcement=True)
    place = {"campaign": cast.campaign, "period": "2022-06"}
    plan = lifecycle.open_plan(actor=cast.second_liaison, department_id=cast.second_unit.pk, **place)
    assert plan.receiver.name == "县司法局"  # 跟执法; the first activity of the notice goes to 县行政审批局
    assert lifecycle.open_plan(actor=cast.liaison, department_id=cast.unit.pk, **place).receiver == cast.lead_unit


def test_a_row_whose_walk_was_cancelled_waits_again(cast):
    plan, today = plan_of(cast), timezone.localdate()
    lifecycle.perform(plan=plan, action="file", actor=cast.lead)
    walk = walks.start_row(row=rows_of(plan).get(), actor=cast.principal)
    assert planned_walks(cast.principal, today=today) == (0, [])
    walk_lifecycle.perform(walk=walk, action="cancel", actor=cast.principal, data={"reason": "窗口停电"})
    total, [row] = planned_walks(cast.principal, today=today)
    assert (total, row["plan_id"]) == (1, plan.pk)
