"""The board over a whole campaign: each period by itself, what it owes so far, and the rows a number opens."""

from datetime import datetime
from functools import partial

import pytest
import time_machine

from accounts.models import Department
from campaigns.models import HotlineMonth
from plans.models import Plan, PlanRow
from tests.cast import NOON, TZ, build_cast, open_walk
from tests.cast import reported_walk as any_reported_walk
from tests.database import without_triggers
from walks.domain import lifecycle as walk_lifecycle
from walks.domain import opening
from walks.models import Walk

URL = "/campaigns/QH2022/board/"
AUGUST = datetime(2022, 8, 8, 12, 0, tzinfo=TZ)
reported_walk = partial(any_reported_walk, as_conforming=True)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(AUGUST), pytest.mark.both_databases]
WHOLE = {"period": "all"}


@pytest.fixture
def cast():
    with time_machine.travel(NOON, tick=False):
        return build_cast()


@pytest.fixture
def seen(client, cast):
    def look(unit="县民政局", user=None, **params):
        client.force_login(user or cast.office)
        answer = client.get(URL, WHOLE | params)
        return next(row for row in answer.context["rows"] if row["line"].unit.name == unit)

    return look


def at(month, day):
    return datetime(2022, month, day, 12, 0, tzinfo=TZ)


def test_a_walk_fulfils_its_own_month_and_none_that_has_not_begun(cast, seen):
    reported_walk(cast, now=at(6, 8), with_components=True)
    line = seen()["line"]
    assert (line.fulfilled, line.minimum) == (1, 3)  # June, July, August of a campaign that goes on to the end of 2029


def test_two_walks_of_one_month_do_not_stand_for_the_next(cast, seen, client):
    for day in (8, 9):
        reported_walk(cast, now=at(6, day), with_components=True)
    row = seen()
    assert (row["line"].fulfilled, row["line"].minimum, row["line"].toward) == (1, 3, 2)
    assert client.get(row["urls"]["toward"]).context["page"].total == 2


def test_a_unit_that_left_a_month_out_is_overdue_in_the_whole_though_it_reported_another(cast, seen):
    reported_walk(cast, now=at(6, 8))
    line = seen()["line"]
    assert (line.status, line.missed, line.reported) == ("overdue", 1, 1)
    assert line.late_days == 13  # since 20 July
    line = seen("县公安局")["line"]
    assert (line.status, line.missed, line.late_days) == ("overdue", 2, 35)  # since 20 June


def test_who_reported_every_month_that_is_due_is_not_overdue(cast, seen):
    for month in (6, 7):
        reported_walk(cast, now=at(month, 8))
    assert (seen()["line"].status, seen()["line"].missed) == ("reported", 0)


def test_the_whole_counts_each_unit_once(cast, client):
    for month in (6, 7):
        reported_walk(cast, now=at(month, 8))
    client.force_login(cast.office)
    board = client.get(URL, WHOLE).context["board"]
    assert (len(board.done), len(board.owing), board.rate) == (1, 4, 25.0)


def test_what_was_handed_in_in_time_and_sent_back_is_not_called_overdue(cast, seen):
    walk, _ = reported_walk(cast, now=at(6, 8))
    walk_lifecycle.perform(walk=walk, action="send_back", actor=cast.lead, data={"reason": "缺照片"}, now=at(6, 9))
    row = seen(user=cast.liaison, period="2022-06")
    assert (row["line"].status, row["line"].reported) == ("in_progress", 0)


def test_the_minimum_opens_walks_by_day_whole_and_by_the_principal_only(cast, seen, client):
    reported_walk(cast, now=at(6, 21), with_components=True)  # of June's minimum, of July's batch
    any_reported_walk(cast, now=at(6, 22))  # lacks its 环节
    with time_machine.travel(at(6, 23)):
        open_walk(cast)
        opening.start(
            opening.WalkDraft(
                campaign=cast.campaign,
                department_id=cast.unit.pk,
                item=cast.item,
                mode="in_person",
                delegation_reason="many_items",
            ),
            actor=cast.deputy,
            now=at(6, 23),
        )
    Walk.objects.filter(reported_at=None, walker=cast.principal).update(conforms=True)
    for user, number in ((cast.office, 1), (cast.liaison, 2)):
        for period, toward in (("2022-06", number), ("2022-07", 0), ("all", number)):
            row = seen(user=user, period=period)
            assert row["line"].toward == toward, (user, period)
            assert client.get(row["urls"]["toward"]).context["page"].total == toward
    assert "计入“至少体验”" in client.get(row["urls"]["toward"]).text


def test_a_complaint_counts_only_in_the_month_whose_list_names_the_unit(cast, seen, client):
    month = HotlineMonth.objects.create(campaign=cast.campaign, month="2022-06", duty_month="2022-07", cut=1)
    month.rows.create(department=cast.unit, tickets=30, is_listed=True)
    HotlineMonth.objects.filter(pk=month.pk).update(state="issued", issued_at=NOON)
    for when in (at(6, 8), at(7, 8)):
        walk, _ = reported_walk(cast, now=when, with_components=True)
        with without_triggers("walks_walk"):
            Walk.objects.filter(pk=walk.pk).update(activity_kind="complaint_handling", conforms=True)
    row = seen()
    assert row["line"].toward == 1
    assert client.get(row["urls"]["toward"]).context["page"].total == 1


def test_any_period_of_the_campaign_may_be_asked_and_one_that_cannot_be_is_said(cast, client):
    reported_walk(cast, now=at(6, 8))
    client.force_login(cast.office)
    url = "/campaigns/QH2022/board/walks/"
    for period in ("2022-06", "2022Q2", "2022-W23"):  # W23 ends nothing, so nothing is owed in it
        answer = client.get(url, {"period": period})
        assert (answer.context["period"].code, answer.context["page"].total) == (period, 1)
    assert client.get(url, {"period": "2022Q2", "figure": "toward"}).context["page"].total == 1
    for period, words in (("2031-01", "还没有开始"), ("2021-01", "不在活动时间"), ("六月", "无法识别")):
        answer = client.get(url, {"period": period})
        assert words in answer.text
        assert answer.context["period"].code == "2022-08"


def test_a_quarter_owes_what_ends_in_it_and_counts_by_the_day_of_the_walk(cast, seen):
    reported_walk(cast, now=at(6, 25))  # of July's batch, which ends in the third quarter
    second, third = seen(period="2022Q2")["line"], seen(period="2022Q3")["line"]
    assert (second.walked, second.status, second.missed) == (1, "overdue", 1)  # June's batch is left out
    assert (third.walked, third.missed) == (0, 0)  # July's was handed in, whatever the day of the walk
    assert (second.fulfilled, second.minimum) == (1, 1)
    assert seen(period="2022-W24")["line"].owes is False  # nothing ends in it


def test_a_walk_that_is_short_counts_in_no_figure_but_its_own(cast, seen, client):
    any_reported_walk(cast, now=at(6, 8), problems=0)
    row = seen(period="2022-06")
    line = row["line"]
    assert (line.short, line.walked, line.principal, line.reported, line.zero, line.toward) == (1, 0, 0, 0, 0, 0)
    assert (line.status, line.missed, line.walkers) == ("short", 0, [])  # it was handed in, so nothing is missing
    opened = client.get(row["urls"]["short"])
    assert [one["lacked"] for one in opened.context["page"].rows] == [Walk.objects.get().shortfall]
    assert client.get(row["urls"]["walked"]).context["page"].total == 0


def test_a_covert_walk_counts_towards_no_minimum_before_it_is_reported(cast, seen):
    walk = opening.plan_covert(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode="in_person"),
        actor=cast.principal,
        planned_on=AUGUST.date(),
        named=[cast.office.pk],
        now=AUGUST,
    )
    walk_lifecycle.perform(walk=walk, action="begin", actor=cast.principal, now=AUGUST)
    Walk.objects.filter(pk=walk.pk).update(conforms=True)
    for user in (cast.principal, cast.liaison, cast.office):
        assert seen(user=user)["line"].toward == 0


def planned(cast, *days, state="filed", period="2022-07", **changes):
    plan = Plan.objects.create(
        campaign=cast.campaign, rules=cast.campaign.rule_versions.get(), department=cast.unit, receiver=cast.lead_unit,
        period=period, state=state, created_by=cast.liaison, submitted_on=NOON.date(),
    )  # fmt: skip
    return [
        PlanRow.objects.create(
            plan=plan, order=order, item=cast.item, activity_kind="process_walkthrough", mode="in_person",
            walker=cast.principal, planned_on=day and at(*day).date(), **changes,
        )
        for order, day in enumerate(days, start=1)
    ]  # fmt: skip


def test_plans_are_counted_in_the_days_of_the_batch_that_the_page_head_names(cast, seen, client):
    planned(cast, (7, 5), (7, 20), (7, 21), (7, 30))
    for period, number in (("2022-07", 2), ("2022-08", 2), ("2022-06", 0), ("all", 4)):
        row = seen(period=period)
        assert row["line"].planned == number, period
        opened = client.get(row["urls"]["planned"]).context["page"]
        assert opened.total == len(opened.rows) == number


def test_a_row_without_a_day_stands_in_the_month_of_its_plan(cast, seen):
    planned(cast, None)
    assert [seen(period=period)["line"].planned for period in ("2022-06", "2022-07", "2022-08")] == [0, 1, 0]


def test_the_rows_tell_item_walker_day_and_how_far_they_are_and_lead_to_their_plan(cast, seen, client):
    first, second, third = planned(cast, (7, 5), (7, 6), (7, 7))
    PlanRow.objects.filter(pk=first.pk).update(walk=open_walk(cast))
    PlanRow.objects.filter(pk=second.pk).update(walk=reported_walk(cast, now=at(7, 6))[0])
    row = seen(period="2022-07")
    assert (row["line"].planned, row["line"].begun) == (3, 1)
    answer = client.get(row["urls"]["planned"])
    assert [one["begun"] for one in answer.context["rows"]] == ["in_progress", "reported", ""]
    assert all(word in answer.text for word in ("结婚登记", "测试principal", "2022-07-05", f"/plans/{third.plan_id}/"))
    opened = client.get(row["urls"]["begun"]).context
    assert [one["id"] for one in opened["rows"]] == [first.pk]
    assert [tab["count"] for tab in opened["tabs"]] == [3, 1]


def test_a_covert_walk_leaves_no_trace_among_the_rows(cast, seen, client):
    (row,) = planned(cast, (7, 5))
    walk = open_walk(cast)
    Walk.objects.filter(pk=walk.pk).update(is_covert=True)
    PlanRow.objects.filter(pk=row.pk).update(walk=walk)
    for user in (cast.principal, cast.office):
        found = seen(user=user, period="2022-07")
        assert client.get(found["urls"]["planned"]).context["rows"][0]["begun"] == ""
        assert client.get(found["urls"]["begun"]).context["rows"] == []


def test_only_filed_plans_are_listed_and_a_neighbours_never(cast, client):
    planned(cast, (7, 5), state="submitted")
    address = URL + "plans/"
    client.force_login(cast.liaison)
    assert client.get(address, WHOLE).context["rows"] == []
    Plan.objects.update(state="filed")
    assert len(client.get(address, WHOLE).context["rows"]) == 1
    client.force_login(cast.second_liaison)
    answer = client.get(address, WHOLE | {"department": cast.unit.pk})
    assert answer.context["rows"] == []
    assert "没有找到所选单位" in answer.text


@pytest.mark.parametrize("units", [1, 3])
def test_the_rows_cost_the_same_for_one_and_three(cast, client, units, django_assert_num_queries):
    planned(cast, *[(7, day) for day in range(1, units + 1)])
    client.force_login(cast.office)
    client.get(URL + "plans/", WHOLE)
    with django_assert_num_queries(12):
        assert len(client.get(URL + "plans/", WHOLE).context["rows"]) == units


@pytest.mark.parametrize("walks", [1, 3])
def test_what_the_minimum_opens_costs_the_same_for_one_and_three(cast, client, walks, django_assert_num_queries):
    for day in range(walks):
        reported_walk(cast, now=at(6, 8 + day), with_components=True)
        Department.objects.create(region=cast.county, name=f"县{day}局", order=50 + day, is_approval=True)
    client.force_login(cast.office)
    url, asked = "/campaigns/QH2022/board/walks/", {"figure": "toward", "period": "all"}
    client.get(url, asked)
    with django_assert_num_queries(15):
        assert client.get(url, asked).context["page"].total == walks
