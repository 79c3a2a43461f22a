"""Two people at the same moment: one step is taken, the other person is told."""

import pytest

from core.exceptions import Conflict
from issues.domain import lifecycle
from issues.models import Issue, IssueEvent
from notifications.models import Notice
from tests.cast import NOON, build_cast, issue_in
from tests.race import at_once
from tests.scale import scaled

pytestmark = pytest.mark.both_databases

ROUNDS, PAIRS = scaled(5, 40), scaled(1, 25)


@pytest.mark.django_db(transaction=True)
def test_approve_and_return_at_once_take_exactly_one_step():
    cast = build_cast()
    winners = []
    for _ in range(ROUNDS):
        issue = issue_in(cast, "closing")
        ends = race(issue, (("approve_closing", cast.lead), ("return_closing", cast.office)) * PAIRS)
        steps = IssueEvent.objects.filter(issue=issue, kind__in=["approve_closing", "return_closing"])
        [step] = steps
        [winner] = [action for action, end in ends if end is None]
        assert step.kind == winner
        assert [end for _, end in ends if end is not None and not isinstance(end, Conflict)] == []
        assert Issue.objects.get(pk=issue.pk).version == issue.version + 1
        told = Notice.objects.filter(dedupe_key__contains=f"issue:{issue.pk}:")
        assert not told.exclude(kind__in=[f"issue.{winner}", "issue.request_closing"]).exists()
        winners.append(winner)
    assert len(winners) == ROUNDS


def race(issue: Issue, attempts) -> list[tuple]:
    """(action, None or the error) of several people who saw the same version and press at the same moment."""

    def press(action, actor):
        own = Issue.objects.select_related("campaign").get(pk=issue.pk)
        given = {"data": {"note": "照片看不清"}, "version": own.version, "now": NOON}
        return lambda: lifecycle.perform(issue=own, action=action, actor=actor, **given)

    ends = at_once(*(press(*attempt) for attempt in attempts))
    return [(action, end) for (action, _), end in zip(attempts, ends, strict=True)]
