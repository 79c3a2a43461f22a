"""Several people who enter the same case at the same moment: it stands on the ledger once."""

from functools import partial

import pytest

from core.exceptions import Refused
from issues.domain.incoming import records
from issues.models import Issue
from tests.cast import NOON, build_cast
from tests.race import at_once
from tests.scale import scaled

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True), pytest.mark.clock(NOON)]


ROUNDS, HANDS = scaled(2, 40), scaled(4, 20)


def test_a_case_entered_by_many_at_once_is_entered_once():
    cast = build_cast()
    case = {"source": "hotline", "description": "跑两次", "found_on": NOON.date(), "now": NOON}
    people = [(cast.office, cast.office_second)[number % 2] for number in range(HANDS)]
    for number in range(ROUNDS):
        entering = partial(records.enter, campaign=cast.campaign, source_number=f"GD-{number}", **case)
        ends = at_once(*[partial(entering, actor=who) for who in people])
        assert [type(end) for end in ends if end] == [Refused] * (HANDS - 1)
    numbers = Issue.objects.order_by("number").values_list("source_number", "number")
    assert [number for number, _ in numbers] == [f"GD-{number}" for number in range(ROUNDS)]
    assert [int(number[-5:]) for _, number in numbers] == list(range(1, ROUNDS + 1)), "no number is lost or given twice"
