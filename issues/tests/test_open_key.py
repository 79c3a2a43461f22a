"""The stored word for open: the same as the list of open states, on both databases."""

import pytest

from issues.enums import OPEN_STATES, IssueState
from issues.models import Issue
from tests.cast import build_cast, reported_walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_open_key_follows_the_state_and_nothing_else():
    _, [issue] = reported_walk(build_cast())
    for state in set(IssueState) - {IssueState.DRAFT}:
        Issue.objects.filter(pk=issue.pk).update(state=state)
        assert Issue.objects.get(pk=issue.pk).open_key == (1 if state in OPEN_STATES else 0), state
