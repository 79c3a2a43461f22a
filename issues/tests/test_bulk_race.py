"""Several people who act on the same issues at once (批量办理): each issue is done once, by one of them, and the others
are told of each."""

import pytest

from issues.domain import bulk
from issues.models import BulkChange, Issue, IssueEvent
from notifications.models import Notice
from tests.cast import NOON, build_cast, reported_walk
from tests.race import at_once
from tests.scale import scaled

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True), pytest.mark.clock(NOON)]

ROUNDS, ISSUES, HANDS = scaled(2, 20), scaled(4, 12), scaled(4, 16)


def test_issues_assigned_by_many_at_once_are_each_assigned_once():
    cast = build_cast()
    for _ in range(ROUNDS):
        _, issues = reported_walk(cast, problems=ISSUES, proposed=cast.second_unit)
        people = [(cast.lead, cast.office, cast.office_second)[number % 3] for number in range(HANDS)]
        assert [end for end in at_once(*(pressing(issues, who) for who in people)) if end] == []
        changes = list(BulkChange.objects.order_by("pk"))[-HANDS:]
        done = IssueEvent.objects.filter(change__in=changes, kind="assign")
        assert sorted(done.values_list("issue_id", flat=True)) == sorted(issue.pk for issue in issues)
        refused = [number for change in changes for number, _ in change.refused]
        assert len(refused) + done.count() == HANDS * ISSUES
        assert all("由" in why and "修改或办理" in why for change in changes for _, why in change.refused)
        left = Issue.objects.filter(pk__in=[issue.pk for issue in issues])
        assert set(left.values_list("state", "version")) == {("assigned", issues[0].version + 1)}
        told = Notice.objects.filter(recipient=cast.second_liaison, kind="issue.assign")
        assert told.count() == IssueEvent.objects.filter(kind="assign").count()


def pressing(issues: list[Issue], who):
    """All of them at once, as they were shown."""
    own = list(Issue.objects.select_related("campaign", "walk").filter(pk__in=[issue.pk for issue in issues]))
    chosen = [bulk.Chosen(issue, issue.version, {"department": issue.proposed_department}) for issue in own]
    return lambda: bulk.perform_many(chosen=chosen, action="assign", actor=who, now=NOON)
