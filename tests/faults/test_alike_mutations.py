"""Guards of alike problems and of proofs used twice: each is removed once, and its proof must fail without it."""

from datetime import timedelta

import pytest

from core.exceptions import NotAllowed, Refused
from issues.domain import lifecycle
from issues.domain.duplicates import likely_of
from issues.domain.measure_progress import MeasureNote
from issues.domain.practices import practices_visible_to
from issues.domain.reuse import reuse_in
from issues.models import Issue
from tests.cast import NOON, issue_in, stored_file
from tests.faults.fault import Fault, FaultTests, replaced

pytestmark = pytest.mark.django_db


def agree(ctx):
    return {}


def every_issue(user):
    return Issue.objects.exclude(number=None)


def proved_twice(cast) -> tuple[Issue, Issue]:
    """Two issues whose closing is asked for with one photo."""
    found = []
    for _ in range(2):
        data = {"result": "已改", "files": [stored_file(cast.responsible)]}
        issue = issue_in(cast, "rectifying")
        found.append(
            lifecycle.perform(issue=issue, action="request_closing", actor=cast.responsible, data=data, now=NOON)
        )
    return found[0], found[1]


def nothing_unseen_is_offered_as_alike(cast):
    hidden, issue = issue_in(cast, "registered"), issue_in(cast, "registered")
    Issue.objects.filter(pk=hidden.pk).update(lead_department=cast.second_unit)
    assert likely_of(cast.lead, issue) == []


def nothing_unseen_is_compared_with_a_proof(cast):
    hidden, issue = proved_twice(cast)
    Issue.objects.filter(pk=hidden.pk).update(lead_department=cast.second_unit)
    assert reuse_in([issue], cast.lead) == {}


def a_proof_used_twice_is_accepted_with_a_reason_only(cast):
    _, issue = proved_twice(cast)
    with pytest.raises(Refused):
        lifecycle.perform(issue=issue, action="approve_closing", actor=cast.lead, data={}, now=NOON)


def only_a_helping_unit_notes_help(cast):
    issue = issue_in(cast, "rectifying")
    with pytest.raises(NotAllowed):
        lifecycle.perform(issue=issue, action="note_help", actor=cast.lead, data={"note": "已配合"}, now=NOON)


def a_class_is_one_of_the_campaigns(cast):
    issue = issue_in(cast, "registered")
    data = {"category": "没有这一类", "note": "改"}
    with pytest.raises(Refused):
        lifecycle.perform(issue=issue, action="reclassify", actor=cast.lead, data=data, now=NOON)


def no_measure_ends_after_the_issue(cast):
    issue = issue_in(cast, "rectifying")
    notes = {issue.measures.get().pk: MeasureNote("", issue.due_on + timedelta(days=1), "")}
    with pytest.raises(Refused):
        lifecycle.perform(issue=issue, action="track_measures", actor=cast.responsible, data={"notes": notes}, now=NOON)


def a_good_practice_is_listed_with_its_issue_alone(cast):
    issue = issue_in(cast, "closed")
    lifecycle.perform(issue=issue, action="mark_practice", actor=cast.lead, data={"note": "上墙"}, now=NOON)
    assert not practices_visible_to(cast.second_liaison).exists()


FAULTS = (
    Fault(nothing_unseen_is_offered_as_alike, replaced("issues.domain.duplicates.issues_seen_by", every_issue)),
    Fault(nothing_unseen_is_compared_with_a_proof, replaced("issues.domain.reuse.issues_visible_to", every_issue)),
    Fault(a_proof_used_twice_is_accepted_with_a_reason_only, replaced("issues.domain.guards.reuse_explained", agree)),
    Fault(only_a_helping_unit_notes_help, replaced("issues.domain.lifecycle.helps", lambda user, issue: True)),
    Fault(a_class_is_one_of_the_campaigns, replaced("issues.domain.guards.new_class", agree)),
    Fault(no_measure_ends_after_the_issue, replaced("issues.domain.guards.measures_noted", agree)),
    Fault(
        a_good_practice_is_listed_with_its_issue_alone,
        replaced("issues.domain.practices.issues_visible_to", every_issue),
    ),
)


class TestFaults(FaultTests):
    pass
