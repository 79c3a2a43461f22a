"""Mutation tests of scores: as ``test_guard_mutations``, with proofs of their own."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.domain.rulebook import rubric
from core.exceptions import NotAllowed, Refused, StaleVersion
from core.transitions import Table
from issues.models import Issue
from reports.domain.compile import period_in
from scoring.domain import transitions
from scoring.domain.asked import asked_of
from scoring.domain.freeze import freeze, is_intact
from scoring.domain.lifecycle import Answer, note_point, object_to, perform
from scoring.domain.scores import scores_of
from scoring.domain.shown import shown_of
from scoring.enums import ScoreActor
from scoring.models import ScoreSheet
from scoring.tests.scored import JULY, asked_in_june, june, switch_on
from tests.cast import TZ, issue_in, reported_walk
from tests.database import without_triggers
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten
from tests.faults.proofs import browser
from walks.domain import lifecycle as walk_lifecycle

POINT, MANUAL = "按时报送体验材料", "建立健全制度机制"
pytestmark = [pytest.mark.django_db, pytest.mark.clock]


def desk(cast):
    """The scores of June on 5 July: the unit handed in nothing."""
    campaign = switch_on(cast)
    asked = asked_in_june(campaign, JULY.date())
    return SimpleNamespace(asked=asked, scores=scores_of(asked), unit_id=cast.unit.pk, campaign=campaign)


def made(cast, on, seen=None, now=JULY):
    given = {"unit_id": on.unit_id, "point": POINT, "text": "已报", "actor": cast.liaison, "seen": seen}
    return object_to(asked=on.asked, scores=scores_of(on.asked), now=now, **given)


def noted(cast, on, **options):
    given = {"unit_id": on.unit_id, "point": MANUAL, "text": "没有制度", "amount": 10, "actor": cast.office} | options
    return note_point(asked=on.asked, scores=on.scores, now=JULY, **given)


def answered(matter, actor, amount=0, answer="属实", left=20, action="agree"):
    given = {"version": matter.version, "answer": Answer(answer, amount), "left": left}
    return perform(matter=matter, action=action, actor=actor, now=JULY, **given)


def settled(cast, on, now=JULY, **given):
    return freeze(campaign=on.campaign, period=june(on.campaign), actor=cast.office, now=now, **given)


def an_issue_in_time_takes_nothing_off(cast):
    issue = issue_in(cast, "rectifying")
    on = desk(cast)
    Issue.objects.filter(pk=issue.pk).update(
        responsible_department=cast.unit,
        due_on=date(2022, 6, 20),
        closing_requested_on=date(2022, 6, 19),
        state="closing",
    )
    assert scores_of(on.asked).unit(on.unit_id).line_of("按时限完成整改").deducted == 0


def a_manual_point_takes_a_second_person(cast):
    with pytest.raises(NotAllowed):
        answered(noted(cast, desk(cast)), cast.office)


def an_open_note_takes_nothing_off(cast):
    on = desk(cast)
    noted(cast, on)
    assert scores_of(on.asked).unit(on.unit_id).line_of(MANUAL).deducted == 0


def no_more_is_given_back_than_was_taken(cast):
    with pytest.raises(Refused):
        answered(made(cast, desk(cast)), cast.office, amount=21)


def what_is_given_back_already_is_no_matter(cast):
    on = desk(cast)
    answered(made(cast, on), cast.office, amount=20)
    with pytest.raises(Refused):
        made(cast, on)


def nothing_is_added_upon_an_older_reading(cast):
    on = desk(cast)
    settled(cast, on)
    with pytest.raises(StaleVersion):
        made(cast, on, seen=0)


def what_another_noted_meanwhile_is_not_noted_over(cast):
    on = desk(cast)
    noted(cast, on)
    with pytest.raises(StaleVersion):
        noted(cast, on, actor=cast.office_second, seen_note=0)


def nothing_is_objected_to_before_it_has_fallen_due(cast):
    on = desk(cast)
    with pytest.raises(Refused):
        made(cast, on, now=datetime(2022, 6, 30, 23, 59, tzinfo=TZ))


def who_objects_waits_for_who_settles(cast):
    on = desk(cast)
    with CaptureQueriesContext(connection) as captured:
        made(cast, on)
    assert any('FROM "campaigns_campaign"' in one["sql"] for one in captured)


def an_answer_says_why(cast):
    with pytest.raises(Refused):
        answered(made(cast, desk(cast)), cast.office, amount=20, answer="")


def nobody_answers_the_own_units_objection(cast):
    cast.unit.memberships.create(user=cast.office, role="responsible")
    cast.office.__dict__.pop("_scope", None)
    with pytest.raises(NotAllowed):
        answered(made(cast, desk(cast)), cast.office, amount=20)


def nobody_refuses_the_own_units_objection(cast):
    cast.unit.memberships.create(user=cast.office, role="responsible")
    cast.office.__dict__.pop("_scope", None)
    with pytest.raises(NotAllowed):
        answered(made(cast, desk(cast)), cast.office, action="refuse")


def more_than_nothing_is_given_back(cast):
    with pytest.raises(Refused):
        answered(made(cast, desk(cast)), cast.office, amount=0)


def who_made_a_note_does_not_refuse_it(cast):
    with pytest.raises(NotAllowed):
        answered(noted(cast, desk(cast)), cast.office, action="refuse")


def only_who_made_a_note_takes_it_back(cast):
    with pytest.raises(NotAllowed):
        answered(noted(cast, desk(cast)), cast.office_second, action="take_back")


def a_walk_sent_back_after_the_day_of_judging_takes_nothing_off(cast):
    walk, _ = reported_walk(cast)
    on = desk(cast)
    data = {"reason": "缺照片"}
    walk_lifecycle.perform(
        walk=walk, action="send_back", actor=cast.lead, data=data, now=datetime(2022, 6, 19, 10, 0, tzinfo=TZ)
    )
    for day, deducted in ((18, 0), (19, 10)):
        scores = scores_of(asked_in_june(on.campaign, date(2022, 6, day)))
        assert scores.unit(on.unit_id).line_of("报送质量").deducted == deducted


def a_correction_is_judged_on_the_day_of_the_first(cast):
    on = desk(cast)
    first = settled(cast, on)
    answered(made(cast, on), cast.office, amount=20)
    second = settled(cast, on, now=JULY + timedelta(days=10), reason="申诉采纳")
    assert (second.version, second.as_of) == (2, first.as_of)


def a_changed_sheet_is_told(cast):
    sheet = settled(cast, desk(cast))
    assert is_intact(sheet)
    with without_triggers("scoring_scoresheet"):
        ScoreSheet.objects.filter(pk=sheet.pk).update(data={})
    assert not is_intact(ScoreSheet.objects.get(pk=sheet.pk))


def a_unit_does_not_read_another_units_score(cast):
    desk(cast)
    a_unit_does_not_read_another_unit(cast)


def a_unit_does_not_read_another_unit(cast):
    address = reverse("score_sheet", args=["QH2022", "2022-06", cast.second_unit.pk])
    assert browser(cast.liaison).get(address).status_code == 404


def a_unit_does_not_read_another_units_settled_score(cast):
    settled(cast, desk(cast))
    a_unit_does_not_read_another_unit(cast)


def nothing_is_scored_while_scoring_is_off(cast):
    assert browser(cast.office).get(reverse("scores", args=["QH2022", "2022-06"])).status_code == 404


def the_whole_campaign_counts_no_period_before_the_rubric(cast):
    """Switched on on 1 August, in the period that ends on the 20th: June and July are not scored."""
    with time_machine.travel(datetime(2022, 8, 1, 12, 0, tzinfo=TZ), tick=False):
        campaign = switch_on(cast)
        asked = asked_of(campaign, period_in(campaign, "all"), date(2022, 9, 8))
        assert {one.period.code for one in asked.owed.of("report")} == {"2022-08", "2022-09"}
        assert not asked.holds(date(2022, 6, 20))


def a_rate_is_no_rule(cast):
    assert rubric.forbidden("rectification_rate")
    point = rubric.ScorePoint("一", "整改率", "overdue", 10, 1)
    assert list(rubric.faults_of(point))


def a_settled_sheet_cannot_be_changed(cast):
    on = desk(cast)
    settled(cast, on)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE scoring_scoresheet SET reason = 'x'")


def nothing_is_settled_while_somebody_waits(cast):
    on = desk(cast)
    made(cast, on)
    with pytest.raises(Refused):
        settled(cast, on)


def scores_that_changed_after_they_were_shown_are_not_settled(cast):
    on = desk(cast)
    shown = shown_of(on.scores.units)
    note = noted(cast, on)
    answered(note, cast.office_second)
    with pytest.raises(StaleVersion, match="县民政局"):
        settled(cast, on, shown=shown)


def anybody_of_the_office() -> list:
    rows = [replace(row, actors=(ScoreActor.OFFICE, *row.actors)) for row in transitions.NOTE]
    return replaced("scoring.domain.lifecycle.NOTE", Table(tuple(rows)))()


def no_other_hand_to_refuse() -> list:
    rows = [replace(row, guards=("answer",)) if row.action == "refuse" else row for row in transitions.OBJECTION]
    return replaced("scoring.domain.lifecycle.OBJECTION", Table(tuple(rows)))()


def agree(name: str):
    return replaced(f"scoring.domain.guards.{name}", lambda ctx: None)


LIFE = "scoring.domain"
FAULTS = (
    Fault(
        an_issue_in_time_takes_nothing_off, replaced(f"{LIFE}.issue_facts.overdue_q", lambda day, prefix: ~Q(pk=None))
    ),
    Fault(a_manual_point_takes_a_second_person, anybody_of_the_office),
    Fault(
        an_open_note_takes_nothing_off,
        replaced(f"{LIFE}.scores.ScoreState", SimpleNamespace(AGREED="open")),
    ),
    Fault(no_more_is_given_back_than_was_taken, agree("amount_within_deduction")),
    Fault(
        what_is_given_back_already_is_no_matter,
        replaced(f"{LIFE}.sheet.ScoreLine.left", property(lambda line: line.deducted)),
    ),
    Fault(nothing_is_added_upon_an_older_reading, replaced(f"{LIFE}.lifecycle.require_seen", lambda *given: None)),
    Fault(
        what_another_noted_meanwhile_is_not_noted_over,
        replaced(f"{LIFE}.lifecycle._require_no_other_note", lambda *given: None),
    ),
    Fault(
        nothing_is_objected_to_before_it_has_fallen_due,
        replaced(f"{LIFE}.lifecycle.require_due", lambda asked, today: None),
    ),
    Fault(who_objects_waits_for_who_settles, replaced(f"{LIFE}.lifecycle.take", lambda pk: None)),
    Fault(an_answer_says_why, agree("answer")),
    Fault(nobody_answers_the_own_units_objection, agree("another_person")),
    Fault(nobody_refuses_the_own_units_objection, no_other_hand_to_refuse),
    Fault(
        more_than_nothing_is_given_back,
        rewritten(f"{LIFE}.guards.amount_within_deduction", "0 < ctx.amount", "ctx.amount"),
    ),
    Fault(who_made_a_note_does_not_refuse_it, anybody_of_the_office),
    Fault(
        only_who_made_a_note_takes_it_back,
        rewritten(f"{LIFE}.lifecycle.actors_of", "if matter.made_by_id == user.pk:", "if True:"),
    ),
    Fault(
        a_walk_sent_back_after_the_day_of_judging_takes_nothing_off,
        rewritten(f"{LIFE}.asked.ScoreQuery.moments", "min(last, self.as_of)", "last"),
    ),
    Fault(
        a_correction_is_judged_on_the_day_of_the_first,
        rewritten("tests.faults.test_score_mutations.freeze", "last.as_of if last else today", "today"),
    ),
    Fault(
        a_changed_sheet_is_told,
        rewritten("tests.faults.test_score_mutations.is_intact", "audit.digest(sheet.data) == sheet.digest", "True"),
    ),
    Fault(a_unit_does_not_read_another_units_score, replaced(f"{LIFE}.scores.may_follow", lambda *given: True)),
    Fault(
        a_unit_does_not_read_another_units_settled_score,
        replaced(f"{LIFE}.settled.scope_of", lambda user: SimpleNamespace(leads=(), units={*range(100)})),
    ),
    Fault(
        scores_that_changed_after_they_were_shown_are_not_settled,
        replaced(f"{LIFE}.freeze.require_as_shown", lambda units, shown: None),
    ),
    Fault(nothing_is_scored_while_scoring_is_off, replaced("scoring.views.score_query.is_on", lambda asked: True)),
    Fault(
        the_whole_campaign_counts_no_period_before_the_rubric,
        replaced(f"{LIFE}.asked.Rubrics.is_on", lambda self, period, as_of: True),
    ),
    Fault(a_rate_is_no_rule, replaced("campaigns.domain.rulebook.rubric._FORBIDDEN", ())),
    Fault(a_settled_sheet_cannot_be_changed, no_triggers("scoring_scoresheet")),
    Fault(nothing_is_settled_while_somebody_waits, replaced(f"{LIFE}.freeze.waiting", lambda asked: [])),
)


class TestFaults(FaultTests):
    pass
