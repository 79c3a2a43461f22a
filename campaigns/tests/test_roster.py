"""The roster over time: who leaves, who joins, who comes back, and what each owes for which day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.owed import roster_of
from campaigns.domain.roster import set_roster, token_of_roster
from tests.scale import scaled

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FIRST, DAYS = date(2022, 6, 1), 120
changes = st.lists(st.tuples(st.integers(0, DAYS - 1), st.booleans()), max_size=8)


def put(cast, stands, day):
    units = set(cast.campaign.roster.filter(left_on=None).values_list("department_id", flat=True))
    wanted = units | {cast.unit.pk} if stands else units - {cast.unit.pk}
    seen = token_of_roster(cast.campaign)
    set_roster(campaign=cast.campaign, unit_ids=wanted, actor=cast.office, seen=seen, today=day)


def days_owed(cast):
    unit = next((one for one in roster_of(cast.campaign) if one.id == cast.unit.pk), None)
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    return [] if unit is None else [day for day in days if unit.is_bound(day, FIRST + timedelta(days=DAYS))]


def test_a_unit_owes_what_falls_due_while_it_stands_on_the_roster_and_nothing_else(cast):
    @settings(max_examples=scaled(20, 400))
    @given(changes, st.booleans())
    def holds(drawn, from_the_start):
        cast.campaign.roster.filter(department=cast.unit).delete()
        if from_the_start:
            cast.campaign.roster.create(department=cast.unit, order=5)
        ordered = sorted(drawn, key=lambda change: change[0])
        for n, stands in ordered:
            put(cast, stands, FIRST + timedelta(days=n))
        in_force = dict(ordered)
        expected, stood = [], from_the_start
        for n in range(DAYS):
            stood = in_force.get(n, stood)
            expected += [FIRST + timedelta(days=n)] if stood else []
        assert days_owed(cast) == expected

    holds()


def test_a_unit_that_comes_back_has_one_place_in_the_order_and_its_first_stay_stands(cast):
    put(cast, False, date(2022, 6, 10))
    put(cast, True, date(2022, 8, 1))
    assert [unit.name for unit in roster_of(cast.campaign)] == ["县公安局", "县民政局", "县司法局", "县行政审批局"]
    owed = days_owed(cast)
    assert (date(2022, 6, 9) in owed, date(2022, 6, 10) in owed) == (True, False)
    assert (date(2022, 7, 31) in owed, date(2022, 8, 1) in owed) == (False, True)
