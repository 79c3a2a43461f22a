"""Guards of 催办: each is removed once, and its proof must fail without it."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.exceptions import DomainError, NotAllowed, Refused, StaleVersion
from issues.domain import lifecycle
from issues.domain.chases.queries import chases_visible_to
from issues.models import Chase, Issue
from tests.cast import NOON, issue_in
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten
from tests.faults.test_decision_mutations import joins

pytestmark = pytest.mark.django_db
GUARDS = "issues.domain.guards"


def agree(ctx):
    return {}


def chased(cast, actor, issue=None):
    issue = issue or issue_in(cast, "rectifying")
    return lifecycle.perform(issue=issue, action="chase", actor=actor, data={}, now=NOON)


def nobody_chases_the_own_unit(cast):
    joins(cast.lead, cast.unit)
    with pytest.raises(NotAllowed):
        chased(cast, cast.lead)


def nobody_is_chased_where_nobody_works(cast):
    issue = issue_in(cast, "assigned")
    type(cast.second_liaison).objects.filter(pk=cast.second_liaison.pk).update(is_active=False)
    with pytest.raises(Refused):
        chased(cast, cast.office, issue)


def nobody_is_chased_twice_a_day_unknowingly(cast):
    issue = chased(cast, cast.lead)
    with pytest.raises(Refused):
        chased(cast, cast.office, issue)


def of_two_at_the_same_moment_one_chases(cast):
    issue = issue_in(cast, "rectifying")
    stale = Issue.objects.select_related("campaign", "walk").get(pk=issue.pk)
    chased(cast, cast.lead, issue)
    with pytest.raises(StaleVersion):
        chased(cast, cast.office, stale)


def a_chase_that_was_made_never_changes(cast):
    chased(cast, cast.office)
    with pytest.raises(DatabaseError), transaction.atomic():
        Chase.objects.update(words="改")


def a_chase_is_seen_with_its_issue_alone(cast):
    chased(cast, cast.office)
    assert not chases_visible_to(cast.second_liaison).exists()


FAULTS = (
    Fault(nobody_chases_the_own_unit, replaced(f"{GUARDS}.not_own_unit", agree)),
    Fault(nobody_is_chased_where_nobody_works, replaced(f"{GUARDS}.somebody_to_chase", agree)),
    Fault(nobody_is_chased_twice_a_day_unknowingly, replaced(f"{GUARDS}.not_chased_today", agree)),
    Fault(
        of_two_at_the_same_moment_one_chases,
        rewritten("issues.domain.chases.records.record", ", chases=issue.chases)", ")"),
    ),
    Fault(a_chase_that_was_made_never_changes, no_triggers("issues_chase")),
    Fault(
        a_chase_is_seen_with_its_issue_alone,
        replaced("issues.domain.chases.queries.issues_visible_to", lambda user: Issue.objects.all()),
    ),
)


class TestFaults(FaultTests):
    also = (DomainError, IntegrityError)
