"""Guards of 督办单: each is removed once, and its proof must fail without it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.exceptions import DomainError, NotAllowed, Refused, StaleVersion
from issues.domain.slips import lifecycle
from issues.domain.slips.queries import slips_visible_to
from issues.models import Issue, Slip
from tests.cast import NOON, issue_in
from tests.faults.fault import Fault, FaultTests, no_triggers, replaced, rewritten
from tests.faults.test_decision_mutations import joins

pytestmark = pytest.mark.django_db
SLIPS = "issues.domain.slips"


def agree(ctx):
    return None


def signed(cast, actor=None, colour=1, reason="提前督办"):
    issue, who = issue_in(cast, "rectifying"), actor or cast.office
    return lifecycle.sign(issue=issue, colour=colour, demand="请办", jump_reason=reason, actor=who, now=NOON)


def act(slip, action, actor, now=NOON, version=None, **data):
    slip = Slip.objects.select_related(*lifecycle.NAMED).get(pk=slip.pk)
    return lifecycle.perform(slip=slip, action=action, actor=actor, data=data, now=now, version=version)


def the_lead_signs_none(cast):
    with pytest.raises(NotAllowed):
        signed(cast, cast.lead)


def nobody_signs_on_the_own_unit(cast):
    joins(cast.office, cast.unit)
    with pytest.raises(NotAllowed):
        signed(cast)


def a_jump_is_explained(cast):
    with pytest.raises(Refused):
        signed(cast, colour=3, reason="")


def nobody_checks_for_the_own_unit(cast):
    slip = act(signed(cast), "answer", cast.liaison, reply="已办")
    joins(cast.office, cast.unit)
    with pytest.raises(NotAllowed):
        act(slip, "accept", cast.office)


def an_answer_has_words(cast):
    with pytest.raises(Refused):
        act(signed(cast), "answer", cast.liaison)


def a_late_answer_is_explained(cast):
    with pytest.raises(Refused):
        act(signed(cast), "answer", cast.liaison, NOON + timedelta(days=30), reply="已办")


def a_return_has_a_reason(cast):
    slip = act(signed(cast), "answer", cast.liaison, reply="已办")
    with pytest.raises(Refused):
        act(slip, "return", cast.office)


def a_step_over_an_older_version_is_refused(cast):
    slip = act(signed(cast), "answer", cast.liaison, reply="已办")
    with pytest.raises(StaleVersion):
        act(slip, "accept", cast.office, version=slip.version - 1)


def a_signed_slip_never_changes(cast):
    slip = signed(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Slip.objects.filter(pk=slip.pk).update(demand="改")


def a_slip_is_seen_with_its_issue_alone(cast):
    signed(cast)
    assert not slips_visible_to(cast.second_liaison).exists()


FAULTS = (
    Fault(
        the_lead_signs_none,
        rewritten("issues.domain.slips.lifecycle.require_signable", "not may_sign_slip(user, issue)", "False"),
    ),
    Fault(
        nobody_signs_on_the_own_unit,
        rewritten("issues.domain.slips.lifecycle.require_signable", "not may_sign_slip(user, issue)", "False"),
    ),
    Fault(a_jump_is_explained, replaced(f"{SLIPS}.lifecycle.why_reason", lambda *_, **__: "")),
    Fault(
        nobody_checks_for_the_own_unit,
        replaced(f"{SLIPS}.lifecycle.slip_actors_of", lambda user, slip: {"office", "responsible"}),
    ),
    Fault(an_answer_has_words, replaced(f"{SLIPS}.guards.reply_given", agree)),
    Fault(a_late_answer_is_explained, replaced(f"{SLIPS}.guards.late_explained", agree)),
    Fault(a_return_has_a_reason, replaced(f"{SLIPS}.guards.reason", agree)),
    Fault(a_step_over_an_older_version_is_refused, rewritten(f"{SLIPS}.lifecycle.perform", ", version=seen)", ")")),
    Fault(a_signed_slip_never_changes, no_triggers("issues_slip")),
    Fault(
        a_slip_is_seen_with_its_issue_alone,
        replaced(f"{SLIPS}.queries.issues_visible_to", lambda user: Issue.objects.all()),
    ),
)


class TestFaults(FaultTests):
    also = (DomainError, IntegrityError)
