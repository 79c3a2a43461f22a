"""Guards of alike problems and of proofs used twice: each is removed once, and its proof must fail without it."""

import pytest

from core.exceptions import Refused
from issues.domain import lifecycle
from issues.domain.duplicates import likely_of
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


FAULTS = (
    Fault(nothing_unseen_is_offered_as_alike, replaced("issues.domain.duplicates.issues_seen_by", every_issue)),
    Fault(nothing_unseen_is_compared_with_a_proof, replaced("issues.domain.reuse.issues_visible_to", every_issue)),
    Fault(a_proof_used_twice_is_accepted_with_a_reason_only, replaced("issues.domain.guards.reuse_explained", agree)),
)


class TestFaults(FaultTests):
    pass
