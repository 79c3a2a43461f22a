"""Two people who enter the same case at the same moment: it stands on the ledger once."""

import pytest

from core.exceptions import Refused
from issues.domain.incoming import records
from issues.models import Issue
from tests.cast import NOON, build_cast
from tests.race import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True), pytest.mark.clock(NOON)]


def test_a_case_entered_twice_at_once_is_entered_once():
    cast = build_cast()
    case = {"source": "hotline", "source_number": "GD-1", "description": "跑两次", "found_on": NOON.date(), "now": NOON}
    people = (cast.office, cast.office_second)
    ends = at_once(*[lambda who=who: records.enter(campaign=cast.campaign, actor=who, **case) for who in people])
    assert [type(end) for end in ends if end] == [Refused]
    assert Issue.objects.get().source_number == "GD-1"
