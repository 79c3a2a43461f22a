"""The working-day calendar: official notices from the `holidays` package, `CalendarDay` rows above them."""

from datetime import date
from functools import cache

import holidays
from django.db import connection

from core.models import CalendarDay
from core.workdays import WorkCalendar

# Statutory holidays of years to come are known by law (《全国年节及纪念日放假办法》), their 调休 is not.
YEARS_AHEAD = 5


@cache
def official_calendar() -> WorkCalendar:
    """What the installed package knows. A year without a notice keeps its statutory days, but is not known."""
    # The package lists a year here only once its notice is out; its other years are computed, not official.
    known_years = frozenset(holidays.China().special_public_holidays)
    china = holidays.China(years=range(min(known_years), max(known_years) + YEARS_AHEAD + 1))
    overrides = dict.fromkeys(china, False) | dict.fromkeys(china.weekend_workdays, True)
    return WorkCalendar(overrides, known_years)


def known_calendar() -> WorkCalendar:
    """The calendar in force, or the official one where no database has been set up yet."""
    is_set_up = CalendarDay._meta.db_table in connection.introspection.table_names()
    return work_calendar() if is_set_up else official_calendar()


def work_calendar() -> WorkCalendar:
    """The calendar in force: one query, never cached, so that an edited day counts at once in every process."""
    rows = dict(CalendarDay.objects.values_list("date", "is_workday"))
    official = official_calendar()
    if not rows:
        return official
    return WorkCalendar({**official.overrides, **rows}, official.known_years | _years_entered(rows))


def year_is_loaded(year: int) -> bool:
    """Whether the official notice for ``year`` is in force here; if not, every date in it is 暂定."""
    if year in official_calendar().known_years:
        return True
    return year in work_calendar().known_years


def _years_entered(rows: dict[date, bool]) -> set[int]:
    """Years of which the office entered the whole notice: every notice names 元旦 first and 国庆节 last."""
    rest_days = {day for day, works in rows.items() if not works}
    return {day.year for day in rest_days if {date(day.year, 1, 1), date(day.year, 10, 1)} <= rest_days}
