"""How each unit stands with the plan it owes (W23: plans by 17 March): missing, handed in, filed, and how late."""

from datetime import date, datetime

import pytest

from accounts.models import Department
from campaigns.models import RosterEntry
from plans.models import Plan
from plans.tests.planning import FIRST_DAY, LATE_MONDAY, build_planning, draft_plan, plan_in
from tests.cast import TZ

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY)]
URL = "/campaigns/W23/board/"


@pytest.fixture
def cast():
    return build_planning()


def board(client, user, **params):
    client.force_login(user)
    return client.get(URL, params)


def stands(client, user, unit="县民政局"):
    return {line.unit.name: line.plan for line in board(client, user).context["board"].lines}[unit]


def test_a_plan_not_handed_in_is_missing_and_overdue_after_its_day(client, cast, clock):
    draft_plan(cast)
    assert (stands(client, cast.office).words, stands(client, cast.office).is_late) == ("未报", False)
    clock.move_to(datetime(2023, 3, 17, 23, 59, tzinfo=TZ))
    assert not stands(client, cast.office).is_late
    clock.move_to(LATE_MONDAY)
    for user in (cast.office, cast.liaison):
        assert stands(client, user).words == "未报，逾期 1 个工作日"


@pytest.mark.parametrize(
    ("state", "words"),
    [("submitted", "已报送待备案"), ("filed", "已备案"), ("returned", "已退回待补正")],
)
def test_what_was_handed_in_in_time_says_how_far_it_is(client, cast, clock, state, words):
    plan_in(cast, state)
    clock.move_to(LATE_MONDAY)
    for user in (cast.office, cast.liaison, cast.receiving):
        assert (stands(client, user).words, stands(client, user).is_late) == (words, False)


def test_a_plan_handed_in_late_says_by_how_many_working_days(client, cast, clock):
    clock.move_to(LATE_MONDAY)
    plan_in(cast, "filed", now=LATE_MONDAY)
    clock.move_to(datetime(2023, 4, 3, 9, 0, tzinfo=TZ))
    assert stands(client, cast.office).words == "已备案，逾期 1 个工作日"


def test_overdue_and_late_plans_stand_under_what_is_late(client, cast, clock):
    plan_in(cast, "filed")
    clock.move_to(LATE_MONDAY)
    answer = board(client, cast.office, part="late")
    names = [row["line"].unit.name for row in answer.context["rows"]]
    assert "县民政局" not in names
    assert "县公安局" in names
    assert {tab["label"]: tab["count"] for tab in answer.context["tabs"]}["逾期"] == len(names)
    assert "未报，逾期 1 个工作日" in answer.text


def test_a_filed_plan_that_is_being_adjusted_stays_filed(client, cast):
    plan = plan_in(cast, "filed")
    # The next version on its way beside the one that holds.
    Plan.objects.filter(pk=plan.pk).update(state="superseded")
    Plan.objects.create(
        campaign=cast.planned, rules=plan.rules, department=cast.unit, receiver=plan.receiver, period="all", round=2,
        state="submitted", due_on=plan.due_on, submitted_on=plan.submitted_on, created_by=cast.liaison,
    )  # fmt: skip
    assert stands(client, cast.office).words == "已报送待备案"


def test_a_unit_that_joined_after_the_day_owes_no_plan(client, cast, clock):
    clock.move_to(LATE_MONDAY)
    RosterEntry.objects.filter(department=cast.second_unit).update(joined_on=date(2023, 3, 20))
    assert stands(client, cast.office, "县公安局") is None


def file_plans(campaign) -> None:
    """The rules of the notice, with plans that are handed in."""
    version = campaign.rule_versions.get()
    data = version.data | {"planning": version.data["planning"] | {"filed": True}}
    campaign.rule_versions.create(
        number=2, data=data, effective_on=campaign.starts_on, issued_at=version.issued_at
    )  # fmt: skip


def test_a_plan_the_units_keep_is_missing_nowhere(client, clock):
    cast = build_planning("mudanjiang-2018", start=date(2018, 6, 20), end=date(2018, 7, 20))
    clock.move_to(datetime(2018, 7, 19, 9, 0, tzinfo=TZ))
    assert stands(client, cast.office) is None


def test_where_the_notice_sets_no_day_a_plan_is_missing_but_never_overdue(client, clock):
    cast = build_planning("mudanjiang-2018", start=date(2018, 6, 20), end=date(2018, 7, 20))
    file_plans(cast.planned)
    clock.move_to(datetime(2018, 7, 19, 9, 0, tzinfo=TZ))
    assert (stands(client, cast.office).words, stands(client, cast.office).is_late) == ("未报", False)


def test_each_quarter_has_its_plan_and_the_whole_names_the_one_that_is_missing(client, clock):
    cast = build_planning("fushun-2016", start=date(2016, 1, 22), end=date(2016, 12, 31))
    file_plans(cast.planned)
    clock.move_to(datetime(2016, 5, 9, 9, 0, tzinfo=TZ))
    Plan.objects.create(
        campaign=cast.planned, rules=cast.planned.rule_versions.first(), department=cast.unit, receiver=cast.unit,
        period="2016Q2", state="filed", submitted_on=date(2016, 4, 1), created_by=cast.liaison,
    )  # fmt: skip
    assert board(client, cast.office, period="2016Q2").context["board"].lines[1].plan.words == "已备案"
    whole = {
        line.unit.name: line.plan.words for line in board(client, cast.office, period="all").context["board"].lines
    }
    assert whole["县民政局"] == "2016年第1季度未报"


def test_a_plan_that_the_unit_keeps_is_missing_nowhere(client, clock):
    """F16: 规章制度和工作方案 are drawn up and kept; board and list of plans say so alike."""
    cast = build_planning("fushun-2016", start=date(2016, 1, 22), end=date(2016, 12, 31))
    clock.move_to(datetime(2016, 5, 9, 9, 0, tzinfo=TZ))
    found = board(client, cast.office, period="2016Q2")
    assert {line.plan for line in found.context["board"].lines} == {None}
    assert "未报，" not in found.text
    client.force_login(cast.liaison)
    assert "通知要求制定，由本单位留存，不要求报送" in client.get("/plans/?tab=own").text


def test_a_campaign_that_asks_for_no_plan_says_nothing_of_one(client, cast, clock):
    clock.move_to(datetime(2022, 6, 8, 9, 0, tzinfo=TZ))
    client.force_login(cast.office)
    answer = client.get("/campaigns/QH2022/board/", {"period": "2022-06"})
    assert {line.plan for line in answer.context["board"].lines} == {None}
    assert "plan-state" not in answer.text


@pytest.mark.parametrize("units", [1, 3])
def test_the_board_with_plans_costs_the_same_for_one_and_three(client, cast, units, django_assert_num_queries):
    for unit in Department.objects.filter(region=cast.county, is_approval=True).order_by("-order")[:units]:
        Plan.objects.create(
            campaign=cast.planned, rules=cast.planned.rule_versions.get(), department=unit, receiver=cast.service,
            period="all", state="filed", submitted_on=date(2023, 3, 15), created_by=cast.liaison,
        )  # fmt: skip
    board(client, cast.office)
    client.force_login(cast.office)
    client.get(URL)
    with django_assert_num_queries(18):
        lines = client.get(URL).context["board"].lines
    assert sum(line.plan is not None and line.plan.state == "filed" for line in lines) == units
