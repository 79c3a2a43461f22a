"""Plan against done: what each unit of the roster owes, did, handed in, and who really walked."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import Department, User
from campaigns.domain.lifecycle import enrol
from campaigns.domain.versions import rules_of
from campaigns.models import Deadline, HotlineMonth, RosterEntry
from core.calendar import official_calendar
from core.models import CalendarDay
from plans.models import Plan, PlanRow
from reports.domain.board.counts import FIGURES
from reports.models import Submission
from reports.tests.submitting import on, sent
from tests.cast import NOON, TZ, open_walk
from tests.cast import reported_walk as any_reported_walk
from walks.domain import lifecycle as walk_lifecycle
from walks.domain import opening
from walks.models import Walk

reported_walk = partial(any_reported_walk, as_conforming=True)
pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
URL = "/campaigns/QH2022/board/"
JUNE = {"period": "2022-06"}


def lines(answer):
    return {line.unit.name: line for line in answer.context["board"].lines}


def states(answer):
    return {line.unit.name: line.status for line in answer.context["board"].lines}


def seen_by(client, user, **params):
    client.force_login(user)
    return client.get(URL, JUNE | params)


def delegated_walk(cast, now=NOON):
    return opening.start(
        opening.WalkDraft(
            campaign=cast.campaign,
            department_id=cast.unit.pk,
            item=cast.item,
            mode="in_person",
            delegation_reason="many_items",
        ),
        actor=cast.deputy,
        now=now,
    )


def test_every_unit_stands_in_roster_order_the_silent_ones_too(client, cast):
    reported_walk(cast)
    answer = seen_by(client, cast.office)
    assert [line.unit.name for line in answer.context["board"].lines] == [
        "县公安局", "县民政局", "县司法局", "县行政审批局",
    ]  # fmt: skip
    assert states(answer) == {
        "县公安局": "not_started", "县民政局": "reported", "县司法局": "not_started", "县行政审批局": "not_started",
    }  # fmt: skip


def test_the_rate_is_told_with_numerator_denominator_definition_and_what_it_leaves_out(client, cast, clock):
    reported_walk(cast)
    answer = seen_by(client, cast.office)
    assert "25.0%" in answer.text
    assert "已报送 1 个单位／应开展 4 个单位" in answer.text
    assert "每个单位只计一次" in answer.text
    assert "不反映是否按期、次数是否足够、计划是否报送和问题整改情况" in answer.text
    assert "逾期情形" not in answer.text
    clock.move_to(NOON.replace(day=25))
    assert "应开展 4 个单位，另有逾期情形 3 个单位" in seen_by(client, cast.office).text


def test_a_campaign_that_asks_nothing_of_anybody_has_no_rate(client, cast):
    Department.objects.update(is_approval=False)
    answer = seen_by(client, cast.office)
    assert answer.context["board"].rate is None
    assert set(states(answer).values()) == {"free"}
    assert "—" in answer.text


def test_the_batch_is_counted_to_the_20th_and_the_minimum_by_the_calendar_month(client, cast, clock):
    reported_walk(cast, now=NOON.replace(day=21), with_components=True)
    june, july = seen_by(client, cast.office), client.get(URL, {"period": "2022-07"})
    assert (lines(june)["县民政局"].walked, lines(june)["县民政局"].fulfilled) == (0, 1)
    assert july.context["board"].period.code == "2022-06"  # July's batch has not begun on 8 June
    clock.move_to(NOON.replace(day=25))
    july = seen_by(client, cast.office, period="2022-07")
    assert (lines(july)["县民政局"].walked, lines(july)["县民政局"].fulfilled) == (1, 0)


def test_it_is_told_who_really_walked_and_a_delegated_walk_is_marked(client, cast):
    open_walk(cast)
    delegated_walk(cast)
    answer = seen_by(client, cast.liaison)
    line = lines(answer)["县民政局"]
    assert (line.walked, line.principal) == (2, 1)
    assert "测试deputy（委托）、测试principal" in answer.text


def test_the_office_counts_a_walk_from_the_moment_it_is_reported(client, cast):
    open_walk(cast)
    assert lines(seen_by(client, cast.liaison))["县民政局"].walked == 1
    assert lines(seen_by(client, cast.office))["县民政局"].walked == 0
    reported_walk(cast)
    line = lines(seen_by(client, cast.office))["县民政局"]
    assert (line.walked, line.reported) == (1, 1)


def test_a_covert_walk_is_counted_for_nobody_before_it_is_reported(client, cast):
    walk = opening.plan_covert(
        opening.WalkDraft(campaign=cast.campaign, department_id=cast.unit.pk, item=cast.item, mode="in_person"),
        actor=cast.principal,
        planned_on=NOON.date(),
        named=[cast.office.pk],
        now=NOON,
    )
    walk_lifecycle.perform(walk=walk, action="begin", actor=cast.principal, now=NOON)
    for persona in (cast.principal, cast.liaison, cast.office, cast.lead):
        assert lines(seen_by(client, persona))["县民政局"].walked == 0
        listed = client.get(f"{URL}walks/", JUNE | {"figure": "walked"})
        assert listed.context["page"].rows == []


def test_a_report_after_the_20th_is_late_by_working_days(client, cast, clock):
    walk = open_walk(cast)
    handed_in = datetime(2022, 6, 22, 9, 0, tzinfo=TZ)
    clock.move_to(handed_in)
    Walk.objects.filter(pk=walk.pk).update(state="signed", zero_explained="顺畅", version=1)
    walk.refresh_from_db()
    walk_lifecycle.perform(walk=walk, action="report", actor=cast.liaison, now=handed_in)
    answer = seen_by(client, cast.office)
    line = lines(answer)["县民政局"]
    assert (line.status, line.late, line.late_days, line.zero) == ("late", 1, 2, 1)
    assert "逾期 2 个工作日" in answer.text


def test_what_was_sent_back_and_handed_in_again_is_judged_by_the_first_time(client, cast, clock):
    walk, _ = reported_walk(cast)
    walk_lifecycle.perform(walk=walk, action="send_back", actor=cast.lead, data={"reason": "缺照片"}, now=NOON)
    later = datetime(2022, 6, 23, 9, 0, tzinfo=TZ)
    clock.move_to(later)
    Walk.objects.filter(pk=walk.pk).update(state="signed")
    walk.refresh_from_db()
    walk_lifecycle.perform(walk=walk, action="report", actor=cast.liaison, now=later)
    line = lines(seen_by(client, cast.office))["县民政局"]
    assert (line.reported, line.late) == (1, 0)


def test_a_silent_unit_is_overdue_the_day_after_and_counted_in_working_days(client, cast, clock):
    clock.move_to(datetime(2022, 6, 20, 23, 59, tzinfo=TZ))
    assert states(seen_by(client, cast.office))["县公安局"] == "not_started"
    clock.move_to(datetime(2022, 6, 21, 0, 1, tzinfo=TZ))
    line = lines(seen_by(client, cast.office))["县公安局"]
    assert (line.status, line.late_days) == ("overdue", 1)


def test_a_walk_that_found_nothing_and_says_so_is_a_zero_report(client, cast):
    reported_walk(cast, problems=0)
    line = lines(seen_by(client, cast.office))["县民政局"]
    assert (line.status, line.zero) == ("zero", 1)


def test_a_unit_that_gave_a_zero_report_in_place_of_a_walk_is_not_overdue(client, cast, clock):
    """As on the page of 报送情况 (docs/rules.md section 4); sent back, it owes again."""
    clock.move_to(on(20))
    sent(cast, zero=True, note="窗口搬迁")
    clock.move_to(on(24))
    line = lines(seen_by(client, cast.office))["县民政局"]
    assert (line.status, line.is_silent, line.zero) == ("zero", True, 0)
    Submission.objects.filter(department=cast.unit).update(state="returned")
    assert lines(seen_by(client, cast.office))["县民政局"].status == "overdue"


def test_an_explanation_left_over_beside_a_problem_is_no_zero_report(client, cast):
    walk, _ = reported_walk(cast, problems=1)
    # As an old register brought it in: what is signed cannot be changed any more.
    for values in ({"state": "returned"}, {"zero_explained": "先前写的"}, {"state": "reported"}):
        Walk.objects.filter(pk=walk.pk).update(**values)
    assert lines(seen_by(client, cast.office))["县民政局"].zero == 0


def test_each_number_opens_exactly_the_walks_it_counts(client, cast):
    reported_walk(cast, problems=0)
    reported_walk(cast)
    open_walk(cast)
    delegated_walk(cast)
    for persona in (cast.liaison, cast.office):
        answer = seen_by(client, persona)
        row = next(row for row in answer.context["rows"] if row["line"].unit.name == "县民政局")
        for figure in FIGURES:
            opened = client.get(row["urls"][figure]).context
            assert opened["page"].total == getattr(row["line"], figure), (persona, figure)
            assert opened["asked"].unit.name == "县民政局"


def test_rows_of_filed_plans_are_planned_and_an_open_walk_of_theirs_is_told_as_begun(client, cast):
    plan = _plan(cast, "filed")
    PlanRow.objects.filter(plan=plan, order=1).update(walk=open_walk(cast))
    line = lines(seen_by(client, cast.office))["县民政局"]
    assert (line.planned, line.begun, line.walked, line.status) == (2, 1, 0, "in_progress")


def test_a_plan_not_filed_and_a_covert_walk_leave_no_trace_on_the_board(client, cast):
    plan = _plan(cast, "submitted")
    assert lines(seen_by(client, cast.office))["县民政局"].planned == 0
    Plan.objects.filter(pk=plan.pk).update(state="filed")
    walk = open_walk(cast)
    Walk.objects.filter(pk=walk.pk).update(is_covert=True)
    PlanRow.objects.filter(plan=plan, order=1).update(walk=walk)
    line = lines(seen_by(client, cast.office))["县民政局"]
    assert (line.planned, line.begun, line.status) == (2, 0, "not_started")


@pytest.mark.parametrize("persona", ["office", "supervisor", "office_city"])
def test_those_above_see_every_unit(client, cast, persona):
    assert len(lines(seen_by(client, cast.people[persona]))) == 4


def test_a_unit_sees_its_own_line_alone(client, cast):
    reported_walk(cast)
    assert list(lines(seen_by(client, cast.second_liaison))) == ["县公安局"]
    assert "县民政局" not in client.get(URL, JUNE).text


def test_a_lead_sees_the_units_whose_activities_it_receives(client, cast):
    justice = Department.objects.get(name="县司法局", region=cast.county)
    reader = User.objects.create(username="justice_lead", name="司法牵头")
    grant_membership(user=reader, department=justice, role=Role.LEAD)
    Department.objects.filter(pk=cast.second_unit.pk).update(is_enforcement=True)
    reported_walk(cast)
    assert list(lines(seen_by(client, reader))) == ["县公安局"]
    assert len(lines(seen_by(client, cast.lead))) == 4
    assert lines(client.get(URL, JUNE))["县民政局"].reported == 1


def test_who_has_no_line_is_told_so(client, cast):
    assert "没有您可以查看的单位" in seen_by(client, cast.responsible).text


@pytest.mark.parametrize("persona", ["namesake", "office_other_county", "sysadmin", "auditor"])
def test_for_outsiders_the_board_does_not_exist(client, cast, persona):
    assert seen_by(client, cast.people[persona]).status_code == 404


def test_a_unit_that_left_keeps_its_records_and_owes_nothing_new(client, cast, clock):
    reported_walk(cast)
    RosterEntry.objects.filter(department__in=[cast.unit, cast.second_unit]).update(left_on=NOON.date())
    found = lines(seen_by(client, cast.office))
    assert "县公安局" not in found
    assert (found["县民政局"].owes, found["县民政局"].reported) == (False, 1)
    assert client.get(URL, JUNE).context["board"].rate == 0.0


def test_an_abolished_unit_is_not_called_overdue_and_its_walks_still_open(client, cast):
    reported_walk(cast)
    Department.objects.filter(pk=cast.unit.pk).update(is_active=False)
    answer = seen_by(client, cast.office)
    row = next(row for row in answer.context["rows"] if row["line"].unit.name == "县民政局")
    assert not row["line"].owes
    assert client.get(row["urls"]["reported"]).context["page"].total == 1


def test_a_unit_on_the_issued_hotline_list_owes_a_complaint(client, cast):
    Department.objects.filter(pk=cast.second_unit.pk).update(is_approval=False)
    assert states(seen_by(client, cast.office))["县公安局"] == "free"
    month = HotlineMonth.objects.create(campaign=cast.campaign, month="2022-05", duty_month="2022-06", cut=1)
    month.rows.create(department=cast.second_unit, tickets=30, is_listed=True)
    assert states(client.get(URL, JUNE))["县公安局"] == "free"
    HotlineMonth.objects.filter(pk=month.pk).update(state="issued", issued_at=NOON)
    line = lines(client.get(URL, JUNE))["县公安局"]
    assert (line.status, line.minimum) == ("not_started", 1)


def test_parts_narrow_the_table_to_what_a_count_stands_for(client, cast):
    reported_walk(cast)
    answer = seen_by(client, cast.office, part="silent")
    assert [row["line"].unit.name for row in answer.context["rows"]] == ["县公安局", "县司法局", "县行政审批局"]
    assert {tab["label"]: tab["count"] for tab in answer.context["tabs"]}["未报送"] == 3
    assert "没有这种情况的单位" in client.get(URL, JUNE | {"part": "late"}).text


def test_a_period_outside_the_campaign_is_said_and_the_newest_shown(client, cast):
    answer = seen_by(client, cast.office, period="1999-01")
    assert answer.context["board"].period.code == "2022-06"
    assert "不在活动时间（2022-05-25 至 2032-12-31）内" in answer.text


def test_a_provisional_date_carries_its_badge_and_why(client, cast):
    assert "暂定" not in seen_by(client, cast.office).text
    Deadline.objects.filter(kind="report", period="2022-06").update(is_provisional=True)
    answer = client.get(URL, JUNE)
    assert "暂定" in answer.text
    assert "尚未公布放假安排" in answer.text


def test_lateness_follows_the_edited_calendar(client, cast, clock):
    CalendarDay.objects.create(date=NOON.date().replace(day=21), is_workday=False, name="防汛停工")
    clock.move_to(datetime(2022, 6, 22, 9, 0, tzinfo=TZ))
    assert lines(seen_by(client, cast.office))["县公安局"].late_days == 1


@pytest.mark.parametrize("units", [1, 3])
def test_the_board_costs_the_same_for_one_unit_more_and_three(client, cast, units, django_assert_num_queries):
    for n in range(units):
        Department.objects.create(region=cast.county, name=f"县{n}局", order=50 + n, is_approval=True)
        reported_walk(cast)
    enrol(campaign=cast.campaign, rules=rules_of(cast.campaign.pk)[1])
    client.force_login(cast.office)
    client.get(URL, JUNE)
    with django_assert_num_queries(17):
        assert len(lines(client.get(URL, JUNE))) == 4 + units


def _plan(cast, state):
    plan = Plan.objects.create(
        campaign=cast.campaign, rules=cast.campaign.rule_versions.get(), department=cast.unit, receiver=cast.lead_unit,
        period="2022-06", state=state, created_by=cast.liaison, submitted_on=NOON.date() - timedelta(days=3),
    )  # fmt: skip
    for order in (1, 2):
        PlanRow.objects.create(
            plan=plan, order=order, item=cast.item, activity_kind="process_walkthrough", mode="in_person",
            walker=cast.principal,
        )  # fmt: skip
    return plan


def test_the_offices_campaign_page_says_which_year_is_missing(client, cast, clock):
    client.force_login(cast.office)
    assert "放假安排尚未录入" not in client.get("/campaigns/QH2022/").text
    last = max(official_calendar().known_years)
    clock.move_to(datetime(last, 11, 1, 9, 0, tzinfo=TZ))
    client.force_login(cast.office)
    assert f"{last + 1} 年放假安排尚未录入，按工作日推算的该年期限" in client.get("/campaigns/QH2022/").text
    client.force_login(cast.liaison)
    assert "放假安排尚未录入" not in client.get("/campaigns/QH2022/").text


def test_an_address_that_names_no_figure_or_period_is_said_and_hidden_campaigns_stay_hidden(client, cast):
    reported_walk(cast)
    client.force_login(cast.office)
    url = f"{URL}walks/"
    answer = client.get(url, {"period": "2022-13", "figure": "secrets", "item": "x", "department": "0"})
    assert answer.status_code == 200
    assert len(answer.context["notes"]) == 4
    client.force_login(cast.namesake)
    assert client.get(url).status_code == 404
