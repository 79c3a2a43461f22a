"""Guards of 回头看: each is removed once, and its proof must fail without it."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction

from accounts.domain.memberships import grant_membership
from core.exceptions import Conflict, DomainError, NotAllowed, Refused
from issues.domain import intake
from issues.domain import lifecycle as issue_lifecycle
from issues.domain.lookback import draws, lifecycle, queries
from issues.models import Issue, LookBack, LookBackDraw
from tests.cast import NOON, covert_walk, open_walk, reported_walk
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten
from walks.domain import lifecycle as walk_lifecycle
from walks.models import Walk

pytestmark = pytest.mark.django_db
LIFE = "issues.domain.lookback.lifecycle"
GUARDS = "issues.domain.lookback.guards"
DRAWS = "issues.domain.lookback.draws"
QUERIES = "issues.domain.lookback.queries"
RULE = "issues.domain.lookback.rule"
THEN = NOON + timedelta(days=31)


def nothing(*_, **__):
    return None


def struck_off(cast, **facts) -> Issue:
    _, [issue] = reported_walk(cast)
    given = {"state": "closed", "responsible_department": cast.second_unit, "closed_on": NOON.date()}
    Issue.objects.filter(pk=issue.pk).update(**(given | {"closed_by": cast.lead} | facts))
    return Issue.objects.select_related("campaign").get(pk=issue.pk)


def bound(cast, issue=None, walk=None, actor=None) -> LookBack:
    issue, walk = issue or struck_off(cast), walk or open_walk(cast, now=THEN)
    made = lifecycle.bind(issue=issue, walk=walk, actor=actor or cast.principal, now=THEN)
    return LookBack.objects.select_related(*lifecycle.NAMED).get(pk=made.pk)


def judged(row, actor, **data) -> LookBack:
    given = {"verdict": "pass", "finding": "已整改到位"} | data
    return lifecycle.perform(look_back=row, action="judge", actor=actor, data=given, now=THEN)


def handed_in(cast, walk) -> None:
    walk.refresh_from_db()
    walk_lifecycle.write_facts(walk=walk, actor=cast.principal, facts={"zero_explained": "对照原问题逐项复走"})
    walk.refresh_from_db()
    intake.record_walk(walk=walk, actor=cast.liaison, now=THEN)
    intake.sign_walk(walk=walk, actor=cast.principal, now=THEN)
    intake.report_walk(walk=walk, actor=cast.liaison, now=THEN)


def the_closer_does_not_walk(cast):
    with pytest.raises(NotAllowed):
        bound(cast, struck_off(cast, closed_by=cast.principal))


def a_walker_who_struck_it_off_is_bound_by_nobody(cast):
    with pytest.raises(NotAllowed):
        bound(cast, struck_off(cast, closed_by=cast.principal), actor=cast.liaison)


def the_responsible_unit_does_not_walk(cast):
    issue = struck_off(cast)
    Issue.objects.filter(pk=issue.pk).update(responsible_department=cast.unit)
    issue.refresh_from_db()
    with pytest.raises(NotAllowed):
        bound(cast, issue)


def nobody_of_the_responsible_unit_judges(cast):
    row = bound(cast)
    grant_membership(user=cast.liaison, department=cast.second_unit, role="liaison")
    cast.liaison.__dict__.pop("_scope", None)
    with pytest.raises(NotAllowed):
        judged(row, cast.liaison)


def nobody_else_works_on_the_binding(cast):
    row = bound(cast)
    with pytest.raises(NotAllowed):
        judged(row, cast.office)


def nobody_binds_the_walk_of_another_unit(cast):
    issue = struck_off(cast)
    with pytest.raises(NotAllowed):
        bound(cast, issue, actor=cast.office)


def a_walk_of_another_item_looks_back_on_nothing(cast):
    issue, walk = struck_off(cast), open_walk(cast, now=THEN)
    walk.item_id = 0
    with pytest.raises(Refused):
        bound(cast, issue, walk)


def what_is_not_struck_off_is_not_looked_back_on(cast):
    with pytest.raises(Conflict):
        bound(cast, struck_off(cast, state="rectifying"))


def two_open_walks_are_not_bound_to_one_issue(cast):
    issue = struck_off(cast)
    bound(cast, issue)
    with pytest.raises(Conflict):
        bound(cast, issue)


def a_covert_binding_stops_nobody(cast):
    issue = struck_off(cast)
    bound(cast, issue, covert_walk(cast))
    assert bound(cast, issue, actor=cast.liaison)


def a_covert_binding_is_seen_by_nobody_else(cast):
    issue = struck_off(cast)
    bound(cast, issue, covert_walk(cast))
    [row] = queries.look_back_rows(queries.look_backs_shown_to(cast.liaison))
    assert (row["arranged_on"], list(queries.look_backs_on(issue, cast.liaison))) == (None, [])


def a_failed_look_back_needs_a_date(cast):
    row = bound(cast)
    with pytest.raises(Refused):
        judged(row, cast.principal, verdict="fail")


def a_walk_is_recorded_with_its_verdicts(cast):
    walk = bound(cast).walk
    walk.refresh_from_db()
    walk_lifecycle.write_facts(walk=walk, actor=cast.principal, facts={"zero_explained": "对照原问题逐项复走"})
    walk.refresh_from_db()
    with pytest.raises(Refused):
        intake.record_walk(walk=walk, actor=cast.liaison, now=THEN)


def the_report_verifies_the_issue(cast):
    row = bound(cast)
    judged(row, cast.principal)
    handed_in(cast, row.walk)
    assert Issue.objects.get(pk=row.issue_id).state == "verified"


def a_walk_not_reported_verifies_nothing(cast):
    row = bound(cast)
    judged(row, cast.principal)
    with pytest.raises(NotAllowed):
        issue_lifecycle.perform(
            issue=Issue.objects.get(pk=row.issue_id), action="look_back_pass", actor=_stranger(cast, row),
            data={"note": "好"}, look_back=row, now=THEN,
        )  # fmt: skip


def _stranger(cast, row):
    """The walker of the binding, who did not find the issue."""
    row.walk.walker = cast.deputy
    return cast.deputy


def a_refused_verdict_leaves_the_report(cast):
    row = bound(cast)
    judged(row, cast.principal)
    issue_lifecycle.perform(issue=row.issue, action="look_back_pass", actor=cast.office, data={"note": "好"}, now=THEN)
    handed_in(cast, row.walk)
    row.refresh_from_db()
    assert (Walk.objects.get(pk=row.walk_id).state, row.state) == ("reported", "look_back_void")


def a_verdict_of_an_earlier_round_says_nothing_of_the_next(cast):
    row = bound(cast)
    judged(row, cast.principal)
    Issue.objects.filter(pk=row.issue_id).update(round=2)
    handed_in(cast, row.walk)
    assert Issue.objects.get(pk=row.issue_id).state == "closed"


def what_was_signed_of_a_look_back_stays(cast):
    row = bound(cast)
    judged(row, cast.principal)
    handed_in(cast, row.walk)
    with pytest.raises(DatabaseError), transaction.atomic():
        LookBack.objects.update(verdict="fail")


def the_office_alone_draws(cast):
    struck_off(cast)
    with pytest.raises(NotAllowed):
        draws.draw(campaign=cast.campaign, actor=cast.liaison, now=THEN)


def no_issue_is_drawn_twice_in_a_round(cast):
    struck_off(cast)
    draws.draw(campaign=cast.campaign, actor=cast.office, now=THEN)
    with pytest.raises(DomainError):
        draws.draw(campaign=cast.campaign, actor=cast.office, now=THEN + timedelta(days=1))


def what_is_due_anyway_is_in_no_draw(cast):
    struck_off(cast, track="on_spot")
    assert draws.pool_of(cast.campaign, THEN) == []


def nothing_is_drawn_before_its_day(cast):
    struck_off(cast)
    assert draws.pool_of(cast.campaign, THEN - timedelta(days=2)) == []


def a_draw_never_changes(cast):
    struck_off(cast)
    draws.draw(campaign=cast.campaign, actor=cast.office, now=THEN)
    with pytest.raises(DatabaseError), transaction.atomic():
        LookBackDraw.objects.update(chosen=[])


def a_unit_reads_no_draw(cast):
    struck_off(cast)
    draws.draw(campaign=cast.campaign, actor=cast.office, now=THEN)
    assert not draws.draws_visible_to(cast.liaison).exists()


CALLED = "require_another(walk.walker, issue)"
OWN_UNIT = "walk.department_id == issue.responsible_department_id"
ROUNDS = "(look_back.issue_id, look_back.round) == (issue.pk, issue.round)"


def _both(guard: str) -> list:
    """``require_another`` without one of its conditions, where it is defined and where binding asks it."""
    [patched] = rewritten(f"{GUARDS}.require_another", guard, "False")()
    return [patched, patch(f"{LIFE}.require_another", patched.new)]


def every_walk(user):
    return Walk.objects.all()


def no_other_office_is_told_of_a_draw(cast):
    struck_off(cast)
    assert queries.campaigns_waiting_for_a_draw(cast.office, THEN.date()) == [cast.campaign]
    assert queries.campaigns_waiting_for_a_draw(cast.office_city, THEN.date()) == []


def a_walk_that_only_verifies_explains_what_was_walked(cast):
    row = judged(bound(cast), cast.principal)
    row.walk.refresh_from_db()
    with pytest.raises(Refused):
        intake.record_walk(walk=row.walk, actor=cast.liaison, now=THEN)


FAULTS = (
    Fault(the_closer_does_not_walk, lambda: _both("issue.closed_by_id == person.pk")),
    Fault(a_walker_who_struck_it_off_is_bound_by_nobody, rewritten(f"{LIFE}._require_bindable", CALLED, "")),
    Fault(
        the_responsible_unit_does_not_walk,
        lambda: [
            *_both("issue.responsible_department_id in scope_of(person).workplaces"),
            *rewritten(f"{LIFE}._require_bindable", OWN_UNIT, "False")(),
        ],
    ),
    Fault(nobody_of_the_responsible_unit_judges, replaced(f"{GUARDS}.another_person", nothing)),
    Fault(
        nobody_else_works_on_the_binding,
        lambda: [
            *replaced(f"{LIFE}.look_back_actors_of", lambda user, row: frozenset({"walking"}))(),
            *replaced(f"{LIFE}.walk_lifecycle.touch", nothing)(),
        ],
    ),
    Fault(nobody_binds_the_walk_of_another_unit, replaced(f"{LIFE}.require_walking", nothing)),
    Fault(
        a_walk_of_another_item_looks_back_on_nothing,
        rewritten(f"{LIFE}._require_bindable", "issue.item_id not in (None, walk.item_id)", "False"),
    ),
    Fault(
        what_is_not_struck_off_is_not_looked_back_on,
        rewritten(f"{LIFE}.require_open", "issue.state != IssueState.CLOSED", "False"),
    ),
    Fault(
        two_open_walks_are_not_bound_to_one_issue,
        replaced(f"{LIFE}.open_ones", lambda issue: LookBack.objects.none()),
    ),
    Fault(a_covert_binding_stops_nobody, rewritten(f"{LIFE}.open_ones", 'not_hidden("walk__"), ', "")),
    Fault(a_covert_binding_is_seen_by_nobody_else, replaced(f"{QUERIES}.walks_visible_to", every_walk)),
    Fault(
        a_failed_look_back_needs_a_date,
        rewritten(f"{GUARDS}.verdict_given", "verdict == LookBackVerdict.FAIL", "False"),
    ),
    Fault(
        a_walk_is_recorded_with_its_verdicts,
        replaced("issues.domain.intake.look_backs.verdict_counts", lambda walk: (0, 0)),
    ),
    Fault(
        a_walk_that_only_verifies_explains_what_was_walked,
        rewritten(f"{LIFE}.verdict_counts", "verdicts.count(LookBackVerdict.FAIL)", "len(verdicts)"),
    ),
    Fault(
        no_other_office_is_told_of_a_draw,
        rewritten(f"{QUERIES}.campaigns_to_draw", ".filter(region_id__in=scope_of(user).act_regions)", ""),
    ),
    Fault(the_report_verifies_the_issue, replaced("issues.domain.intake.look_backs.apply_all", nothing)),
    Fault(
        a_walk_not_reported_verifies_nothing,
        rewritten("issues.domain.lifecycle.re_walker_of", " and look_back.walk.reported_at is not None", ""),
    ),
    Fault(
        a_refused_verdict_leaves_the_report,
        rewritten(f"{LIFE}.apply_all", "except DomainError as error:", "except KeyError as error:"),
    ),
    Fault(
        a_verdict_of_an_earlier_round_says_nothing_of_the_next,
        lambda: [
            *rewritten(f"{LIFE}._apply", "row.round != issue.round", "False")(),
            *rewritten("issues.domain.lifecycle.re_walker_of", ROUNDS, "True")(),
        ],
    ),
    Fault(what_was_signed_of_a_look_back_stays, no_triggers("issues_lookback")),
    Fault(the_office_alone_draws, replaced(f"{DRAWS}.require_office", nothing)),
    Fault(
        no_issue_is_drawn_twice_in_a_round,
        lambda: [
            *rewritten(f"{RULE}.pool_under", " & ~Q(was_drawn())", "")(),
            *replaced(f"{DRAWS}._tickets", nothing)(),
        ],
    ),
    Fault(what_is_due_anyway_is_in_no_draw, rewritten(f"{RULE}.pool_under", " & ~Q(track=Track.ON_SPOT)", "")),
    Fault(
        nothing_is_drawn_before_its_day,
        rewritten(f"{RULE}._by_version", " & Q(closed_on__lte=last)", ""),
    ),
    Fault(a_draw_never_changes, no_triggers("issues_lookbackdraw")),
    Fault(
        a_unit_reads_no_draw,
        rewritten(f"{DRAWS}.draws_visible_to", "campaign__region_id__in=scope_of(user).read_regions", ""),
    ),
)


class TestFaults(FaultTests):
    also = (DomainError,)
