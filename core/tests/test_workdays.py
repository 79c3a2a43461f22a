"""工作日 by the official notices: holidays, 调休 and years that are not announced yet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import official_calendar, work_calendar, year_is_loaded
from core.models import CalendarDay
from core.workdays import WorkCalendar

pytestmark = pytest.mark.both_databases

OFFICIAL = official_calendar()
FIRST, LAST = min(OFFICIAL.known_years), max(OFFICIAL.known_years)
DAYS = st.dates(date(FIRST, 2, 1), date(LAST, 11, 30))


@pytest.mark.parametrize(
    ("quarter_begins", "due"),
    [
        (date(2016, 4, 1), date(2016, 4, 8)),
        (date(2016, 7, 1), date(2016, 7, 7)),
        (date(2016, 10, 1), date(2016, 10, 12)),
        (date(2017, 1, 1), date(2017, 1, 9)),
        (date(2024, 4, 1), date(2024, 4, 8)),
        (date(2026, 1, 1), date(2026, 1, 8)),
        (date(2026, 10, 1), date(2026, 10, 13)),
    ],
)
def test_the_first_five_working_days_of_a_quarter_end_where_the_notices_put_them(quarter_begins, due):
    assert OFFICIAL.nth_workday(quarter_begins, 5) == due


def test_a_working_sunday_and_a_resting_weekday_follow_the_notice():
    assert OFFICIAL.is_workday(date(2024, 4, 7))
    assert not OFFICIAL.is_workday(date(2022, 10, 5))


@given(DAYS, st.integers(1, 40))
def test_the_nth_working_day_equals_counting_day_by_day(start, n):
    day, left = start, n
    while True:
        left -= OFFICIAL.is_workday(day)
        if not left:
            break
        day += timedelta(days=1)
    assert OFFICIAL.nth_workday(start, n) == day


@given(DAYS, DAYS)
def test_working_days_between_equal_counting_day_by_day(a, b):
    first, last = min(a, b), max(a, b)
    counted = sum(OFFICIAL.is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    assert OFFICIAL.workdays_between(a, b) == (counted if a <= b else -counted)


@given(DAYS, st.integers(-30, 30))
def test_adding_and_measuring_agree_from_a_working_day(start, n):
    start = OFFICIAL.next_workday(start)
    assert OFFICIAL.workdays_between(start, OFFICIAL.add_workdays(start, n)) == n


def test_handed_in_one_working_day_late_is_late_by_one():
    assert OFFICIAL.workdays_between(date(2016, 10, 12), date(2016, 10, 13)) == 1


def test_a_year_without_a_notice_is_provisional():
    assert OFFICIAL.is_provisional(date(LAST + 1, 3, 1))
    assert not OFFICIAL.is_provisional(date(LAST, 3, 1))
    assert OFFICIAL.is_provisional(date(LAST, 12, 31), date(LAST + 1, 1, 1))


def test_a_calendar_cannot_be_changed_from_outside():
    days = {date(2022, 6, 3): False}
    calendar = WorkCalendar(days, frozenset({2022}))
    days[date(2022, 6, 6)] = False
    assert calendar.is_workday(date(2022, 6, 6))


@pytest.mark.parametrize("n", [0, -1])
def test_a_count_below_one_is_refused(n):
    with pytest.raises(ValueError, match="不小于 1"):
        OFFICIAL.nth_workday(date(2022, 6, 1), n)


@pytest.mark.django_db
def test_the_offices_days_stand_above_the_package(django_assert_num_queries):
    CalendarDay.objects.create(date=date(2022, 6, 8), is_workday=False, name="防汛停工")
    CalendarDay.objects.create(date=date(2022, 6, 11), is_workday=True, name="补班")
    with django_assert_num_queries(1):
        calendar = work_calendar()
    assert not calendar.is_workday(date(2022, 6, 8))
    assert calendar.is_workday(date(2022, 6, 11))
    assert calendar.add_workdays(date(2022, 6, 7), 1) == date(2022, 6, 9)


@pytest.mark.django_db
def test_a_year_is_loaded_once_its_notice_is_entered_from_new_year_to_national_day():
    year = LAST + 1
    assert not year_is_loaded(year)
    CalendarDay.objects.create(date=date(year, 1, 1), is_workday=False)
    assert not year_is_loaded(year)
    CalendarDay.objects.create(date=date(year, 10, 1), is_workday=False)
    assert year_is_loaded(year)
