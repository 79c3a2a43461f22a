"""What each rule of a rubric counts, by hand over the county of ``world``; see there for what each issue is."""

from datetime import date, datetime

import pytest
from django.db import connection, transaction

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import User
from campaigns.enums import ScoreRule
from issues.domain import lifecycle as issues
from issues.models import IssueEvent
from reports.domain.compile import period_in
from reports.domain.submissions import lifecycle as submissions
from reports.tests.submitting import on, sent
from reports.tests.world import AS_OF, at
from scoring.domain.asked import asked_of
from scoring.domain.scores import facts_of, scores_of
from scoring.tests.scored import asked_in_june, june, switch_on
from tests.cast import TZ, covert_walk, issue_in

pytestmark = [pytest.mark.both_databases, pytest.mark.clock(datetime(2022, 6, 8, 12, 0, tzinfo=TZ))]
JULY = date(2022, 7, 5)


@pytest.fixture
def scored(world):
    switch_on(world.cast)
    return world


def words_of(world, rule, unit=None, as_of=AS_OF) -> list[str]:
    cast = world.cast
    found = facts_of(asked_in_june(cast.campaign, as_of))
    return [one.words for one in found.get(((unit or cast.unit).pk, rule), [])]


def test_an_issue_whose_date_lies_in_the_period_is_overdue_or_was_closed_late(scored):
    number = {name: issue.number for name, issue in scored.issues.items()}
    assert words_of(scored, ScoreRule.OVERDUE) == [f"{number['overdue']}：整改时限 2022-06-18，逾期 5 个工作日"]
    assert words_of(scored, ScoreRule.CLOSED_LATE) == [f"{number['late']}：整改时限 2022-06-12，逾期 3 个工作日"]


def moved(issue, cast):
    """The issue, handed to another unit long after the day of judging."""
    type(issue).objects.filter(pk=issue.pk).update(responsible_department=cast.lead_unit)
    return issue.number


def test_what_fell_due_is_scored_of_the_unit_in_charge_then(scored, clock):
    cast = scored.cast
    numbers = {name: moved(scored.issues[name], cast) for name in ("overdue", "late", "rebound")}
    clock.move_to(datetime(2022, 7, 20, 10, 0, tzinfo=TZ))
    for rule, name in ((ScoreRule.OVERDUE, "overdue"), (ScoreRule.CLOSED_LATE, "late"), (ScoreRule.REBOUND, "rebound")):
        assert [words[: len(numbers[name])] for words in words_of(scored, rule)] == [numbers[name]], rule
        assert words_of(scored, rule, cast.lead_unit) == []


def test_an_answer_owed_is_that_of_the_unit_it_was_handed_to_whatever_its_name(scored):
    cast = scored.cast
    issue = issue_in(cast, "assigned")
    unit = issue.responsible_department
    type(unit).objects.filter(pk=unit.pk).update(name="改名局")
    number = moved(issue, cast)
    [words] = words_of(scored, ScoreRule.REPLY_LATE, unit)
    assert words.startswith(f"{number}：2022-06-08 交办，未签收")
    assert words_of(scored, ScoreRule.REPLY_LATE, cast.lead_unit) == []


def test_a_round_closed_late_is_that_of_the_unit_in_charge_when_the_look_back_failed(scored):
    cast, issue = scored.cast, scored.issues["late"]
    failed = {"note": "又出现", "due_on": date(2022, 7, 10)}
    issues.perform(issue=issue, action="look_back_fail", actor=cast.office, data=failed, now=at(20))
    number = moved(issue, cast)
    assert words_of(scored, ScoreRule.CLOSED_LATE) == [f"{number}：整改时限 2022-06-12，逾期 3 个工作日"]
    assert words_of(scored, ScoreRule.CLOSED_LATE, cast.lead_unit) == []


def test_a_failed_look_back_is_counted_and_one_in_time_is_not(scored):
    assert words_of(scored, ScoreRule.REBOUND) == [f"{scored.issues['rebound'].number}：2022-06-20 回头看未通过"]
    assert words_of(scored, ScoreRule.CLOSING_RETURNED) == []
    assert words_of(scored, ScoreRule.REPLY_LATE) == []


def test_a_unit_that_walked_nothing_owes_its_walk_and_its_report(scored):
    unit = scored.cast.lead_unit
    assert words_of(scored, ScoreRule.WALK_OWED, unit) == []  # the month is not over yet
    assert words_of(scored, ScoreRule.WALK_OWED, unit, JULY) == [
        "2022年6月应体验 1 次，到 2022-06-30 已体验并报送 0 次"
    ]
    [late] = words_of(scored, ScoreRule.REPORT_LATE, unit)
    assert late == "2022年6月体验材料未报，逾期 4 个工作日（应报 2022-06-20）"
    assert words_of(scored, ScoreRule.WALK_OWED, as_of=JULY) == words_of(scored, ScoreRule.REPORT_LATE) == []


def test_a_zero_report_is_a_report(scored):
    unit = scored.cast.lead_unit
    liaison = User.objects.create(username="reports_nothing", name="测试reports_nothing")
    grant_membership(user=liaison, department=unit, role=Role.LIAISON)
    for sent_on, expected in ((20, []), (22, ["2022年6月零报告，逾期 2 个工作日（应报 2022-06-20）"])):
        with transaction.atomic():
            submissions.send(
                campaign=scored.cast.campaign,
                period=period_in(scored.cast.campaign, "2022-06"),
                unit_id=unit.pk,
                actor=liaison,
                zero=True,
                note="窗口搬迁",
                now=datetime(2022, 6, sent_on, 10, 0, tzinfo=TZ),
            )
            assert words_of(scored, ScoreRule.REPORT_LATE, unit) == expected
            transaction.set_rollback(True)


def test_once_units_send_packs_the_pack_is_judged_and_not_its_walks(scored):
    """Both units reported their walks in June in time; who then sends its pack late, or never, is late."""
    cast, rule = scored.cast, ScoreRule.REPORT_LATE
    [one] = sent(cast, persona="second_liaison", now=on(22))
    record = facts_of(asked_in_june(cast.campaign, AS_OF))[cast.second_unit.pk, rule]
    assert [(row.kind, row.ref, row.words, row.workdays) for row in record] == [
        ("submission", str(one.public_id), "2022年6月材料，逾期 2 个工作日（应报 2022-06-20）", 2)
    ]
    assert words_of(scored, rule) == ["2022年6月材料未报，逾期 4 个工作日（应报 2022-06-20）"]
    assert words_of(scored, rule, as_of=date(2022, 6, 21)) == []
    sent(cast, now=on(24))
    assert words_of(scored, rule) == ["2022年6月材料，逾期 4 个工作日（应报 2022-06-20）"]


@pytest.mark.clock(datetime(2022, 6, 8, 12, 0, tzinfo=TZ))
def test_a_period_before_the_first_pack_of_the_campaign_is_judged_by_its_walks(scored, clock):
    cast, day = scored.cast, date(2022, 7, 25)
    clock.move_to(datetime(2022, 7, 25, 12, 0, tzinfo=TZ))
    sent(cast, period="2022-07", now=on(20, month=7))
    assert words_of(scored, ScoreRule.REPORT_LATE, as_of=day) == []
    july = asked_of(cast.campaign, period_in(cast.campaign, "2022-07"), day)
    [late] = facts_of(july)[cast.second_unit.pk, ScoreRule.REPORT_LATE]
    assert late.words == "2022年7月材料未报，逾期 3 个工作日（应报 2022-07-20）"


def test_the_score_is_what_is_left_of_each_point(scored):
    scores = scores_of(asked_in_june(scored.cast.campaign, AS_OF))
    lines = {line.point.rule: line for line in scores.unit(scored.cast.unit.pk).lines}
    assert (lines["overdue"].deducted, lines["overdue"].score) == (50, 150)
    # By 工作日: 3 of them, 1 分 each.
    assert (lines["closed_late"].counted_words, lines["closed_late"].score) == ("1 件，计 3 个工作日", 50)
    assert lines["rebound"].score == 50
    assert [unit.name for unit in scores.units] == [
        unit.name for unit in asked_in_june(scored.cast.campaign, AS_OF).units
    ]


def test_a_covert_walk_that_is_not_reported_is_in_nothing(scored):
    before = facts_of(asked_in_june(scored.cast.campaign, JULY))
    covert_walk(scored.cast)
    assert facts_of(asked_in_june(scored.cast.campaign, JULY)) == before


def test_the_rubric_is_the_one_that_holds_when_the_period_ends(world):
    campaign = world.cast.campaign
    assert not asked_in_june(campaign, AS_OF).rules.scoring.on
    switch_on(world.cast)
    assert asked_in_june(campaign, AS_OF).rules.scoring.on
    before = june(campaign).previous()
    assert not asked_of(campaign, before, AS_OF).rules.scoring.on


@pytest.mark.clock(datetime(2022, 8, 8, 12, 0, tzinfo=TZ))
def test_in_the_whole_campaign_only_periods_with_a_rubric_count(world, clock):
    """Switched on in August, scoring takes nothing off for what fell due in June and July."""
    switch_on(world.cast)
    clock.move_to(datetime(2022, 9, 8, 12, 0, tzinfo=TZ))
    campaign, day = world.cast.campaign, date(2022, 9, 8)
    whole = asked_of(campaign, period_in(campaign, "all"), day)
    assert [one.code for one in whole.scored] == ["2022-08", "2022-09"]
    found = facts_of(whole)
    parts = [facts_of(asked_of(campaign, period_in(campaign, code), day)) for code in ("2022-08", "2022-09")]
    kept = {key: rows for key, rows in found.items() if rows}
    assert kept
    assert {key: sum(one.number for one in rows) for key, rows in kept.items()} == {
        key: total for key in kept if (total := sum(one.number for part in parts for one in part.get(key, [])))
    }
    assert not any("2022年6月" in one.words or "2022-06" in one.words for rows in kept.values() for one in rows)


def test_a_campaign_scored_from_its_first_day_counts_everything_in_the_whole(scored):
    whole = asked_of(scored.cast.campaign, period_in(scored.cast.campaign, "all"), JULY)
    assert whole.spans == [(date.min, date.max)]
    assert facts_of(whole)[scored.cast.unit.pk, ScoreRule.OVERDUE]


def test_what_was_sent_back_is_found_by_its_kind_and_day(scored):
    rows = IssueEvent.objects.filter(
        kind__in=["return_closing", "look_back_fail"], at__gte=datetime(2022, 6, 1, tzinfo=TZ)
    )
    # A table this small is read as a whole, or by day alone, when the statistics say so: neither is left to choose.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; DROP INDEX issue_event_order; ANALYZE issues_issueevent")
    assert "issue_event_kind" in rows.order_by().explain()
