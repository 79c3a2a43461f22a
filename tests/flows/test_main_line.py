"""The main line of the product through the domain, without pages."""

from datetime import date, timedelta

import pytest

from core import audit
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from evidence.domain.store import accept_photo
from issues.domain import intake, lifecycle
from issues.domain.effects import attach
from issues.domain.ledger import waiting_for
from issues.domain.overdue import is_overdue
from issues.domain.queries import issues_visible_to
from issues.enums import IssueState
from tests.access.world import photo
from tests.cast import NOON, issue_in, open_walk, reported_walk
from walks.domain import lifecycle as walk_lifecycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_a_reported_walk_puts_its_problems_on_the_ledger_with_consecutive_numbers(cast):
    walk, issues = reported_walk(cast, problems=2)
    assert walk.state == "reported"
    assert [issue.number for issue in issues] == ["QH2022-00001", "QH2022-00002"]
    assert {issue.state for issue in issues} == {IssueState.REGISTERED}
    assert {issue.period for issue in issues} == {"2022-06"}


def test_every_state_of_the_table_is_reached_by_the_hands_it_names(cast):
    for state in (
        "assigned",
        "disputed",
        "planning",
        "rectifying",
        "deferred",
        "referred",
        "closing",
        "closed",
        "verified",
    ):
        issue = issue_in(cast, state)
        assert issue.state == state
        assert issue.events.count() >= 2


def test_the_requester_cannot_strike_off_and_another_person_can(cast):
    issue = issue_in(cast, "closing")
    with pytest.raises(NotAllowed):
        lifecycle.perform(issue=issue, action="approve_closing", actor=cast.liaison, now=NOON)
    lifecycle.perform(issue=issue, action="approve_closing", actor=cast.lead, now=NOON)
    assert issue.state == IssueState.CLOSED
    assert issue.closed_on == date(2022, 6, 8)


def test_each_missing_part_of_the_four_is_named(cast):
    issue = issue_in(cast, "planning")
    with pytest.raises(Refused) as refused:
        lifecycle.perform(issue=issue, action="plan", actor=cast.liaison, data={}, now=NOON)
    assert set(refused.value.fields) == {"responsible_name", "measures", "due_on"}
    assert issue.state == IssueState.PLANNING


def test_a_stale_version_names_who_changed_it(cast):
    issue = issue_in(cast, "closing")
    seen = issue.version
    lifecycle.perform(issue=issue, action="return_closing", actor=cast.lead, data={"note": "照片看不清"}, now=NOON)
    with pytest.raises(StaleVersion) as stale:
        lifecycle.perform(issue=issue, action="approve_closing", actor=cast.office, version=seen, now=NOON)
    assert cast.lead.name in stale.value.message


def test_a_step_from_the_wrong_state_names_the_rule(cast):
    issue = issue_in(cast, "registered")
    with pytest.raises(IllegalTransition) as refused:
        lifecycle.perform(issue=issue, action="accept", actor=cast.liaison, now=NOON)
    assert refused.value.rule == "issue.accept"


def test_a_walk_without_problems_asks_for_an_explained_zero(cast):
    from_domain = open_walk(cast)
    with pytest.raises(Refused) as refused:
        intake.record_walk(walk=from_domain, actor=cast.liaison, now=NOON)
    assert "zero_explained" in refused.value.fields


def test_overdue_counts_from_the_day_after_the_due_date(cast):
    issue = issue_in(cast, "rectifying")
    for day, expected in ((28, False), (29, True)):
        assert (
            is_overdue(state=issue.state, due_on=issue.due_on, requested_on=None, today=date(2022, 6, day)) is expected
        )


def test_the_signature_covers_steps_problems_and_their_photos(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    walk = open_walk(cast, problems=1)
    digests = [intake.content_digest(walk)]
    step, draft = walk.steps.get(), walk.issues.get()
    for change in (
        lambda: attach(draft, cast.principal, [accept_photo(upload=photo(), actor=cast.principal)], "found"),
        lambda: type(draft).objects.filter(pk=draft.pk).update(description="另一句话"),
        lambda: type(step).objects.filter(pk=step.pk).update(note="另一段经过"),
        lambda: type(walk).objects.filter(pk=walk.pk).update(zero_explained="改过的说明"),
    ):
        change()
        digests.append(intake.content_digest(walk))
    assert len(set(digests)) == len(digests)


def test_every_action_is_recorded_in_the_audit_chain(cast):
    issue = issue_in(cast, "closed")
    recorded = AuditEntry.objects.filter(object_type="issue", object_key=issue.number).values_list("action", flat=True)
    assert list(recorded) == [f"issue.{kind}" for kind in issue.events.values_list("kind", flat=True)]
    assert audit.verify().ok


def test_a_proposed_dismissal_waits_for_the_second_person_only(cast):
    issue = issue_in(cast, "registered")
    lifecycle.perform(issue=issue, action="propose_dismissal", actor=cast.office, data={"note": "重复"})
    waiting = {p: waiting_for(cast.people[p], issues_visible_to(cast.people[p])) for p in ("office", "office_second")}
    assert not waiting["office"].exists()
    assert list(waiting["office_second"]) == [issue]


def test_a_date_that_passed_before_there_was_a_plan_stays_and_the_issue_can_still_be_worked_on(cast):
    issue = issue_in(cast, "assigned")
    late = NOON + timedelta(days=40)
    lifecycle.perform(issue=issue, action="accept", actor=cast.second_liaison, now=late)
    due = issue.due_on
    for other in (due - timedelta(days=1), late.date()):
        plan = {"responsible_name": "张三", "measures": "改", "due_on": other}
        with pytest.raises(Refused) as refused:
            lifecycle.perform(issue=issue, action="plan", actor=cast.second_liaison, data=plan, now=late)
        assert set(refused.value.fields) == {"due_on"}
    plan = {"responsible_name": "张三", "measures": "改", "due_on": due}
    lifecycle.perform(issue=issue, action="plan", actor=cast.second_liaison, data=plan, now=late)
    assert (issue.state, issue.due_on) == ("rectifying", due)
    assert is_overdue(state=issue.state, due_on=due, requested_on=None, today=late.date())


def test_a_stale_walk_names_who_changed_it(cast):
    walk = open_walk(cast)
    seen = walk.version
    walk_lifecycle.write_facts(walk=walk, actor=cast.liaison, facts={"place": "民政窗口"})
    walk.refresh_from_db()
    with pytest.raises(StaleVersion) as stale:
        walk_lifecycle.require_version(walk, seen)
    assert cast.liaison.name in stale.value.message
