"""The working-day calendar: official notices from the `holidays` package, `CalendarDay` rows above them.

The only writer of ``CalendarDay``. What is audited and which due dates follow: `campaigns.domain.work_calendar`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays
from django.db import connection, models

from core.locks import lock_until_commit
from core.models import CalendarDay
from core.workdays import WorkCalendar

# Statutory holidays of years to come are known by law (《全国年节及纪念日放假办法》), their 调休 is not.
YEARS_AHEAD = 5
# The notice for a year is published in the last weeks of the year before.
NEXT_YEAR_FROM = 11
# Any constant will do: it names the calendar among PostgreSQL's advisory locks.
_LOCK = 7_214_022


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
    entered = _years_entered(rows)
    # The days the package predicts for a year are replaced once the notice of that year is entered.
    foretold = entered - official.known_years
    kept = {day: works for day, works in official.overrides.items() if day.year not in foretold}
    return WorkCalendar({**kept, **rows}, official.known_years | entered)


def year_is_loaded(year: int) -> bool:
    """Whether the official notice for ``year`` is in force here; if not, every date in it is 暂定."""
    if year in official_calendar().known_years:
        return True
    return year in work_calendar().known_years


def missing_year(today: date) -> int | None:
    """The year whose notice should be in force here and is not: this one, from 1 November also the next."""
    years = [today.year, today.year + 1] if today.month >= NEXT_YEAR_FROM else [today.year]
    unknown = [year for year in years if year not in official_calendar().known_years]
    # The calendar is read only where the package does not know a year: one query at most.
    known = work_calendar().known_years if unknown else frozenset()
    return next((year for year in unknown if year not in known), None)


class YearState(models.TextChoices):
    OFFICIAL = "official", "官方已公布"
    ENTERED = "entered", "已录入"
    PROVISIONAL = "provisional", "暂定"


def year_states(years: Iterable[int]) -> dict[int, YearState]:
    """The state of each year; one query."""
    official, entered = official_calendar().known_years, work_calendar().known_years
    return {
        year: YearState.OFFICIAL
        if year in official
        else YearState.ENTERED
        if year in entered
        else YearState.PROVISIONAL
        for year in years
    }


@dataclass(frozen=True)
class SpecialDay:
    """A day that differs from Monday to Friday, or is named. ``is_edited``: it is an override."""

    date: date
    is_workday: bool
    name: str = ""
    source: str = ""
    is_edited: bool = False


@cache
def _official_names() -> dict[date, str]:
    years = {day.year for day in official_calendar().overrides}
    return dict(holidays.China(years=years, language="zh_CN"))


def special_days(year: int) -> list[SpecialDay]:
    """The rest days and 调休 working days of a year as they are in force, by date; two queries."""
    rows = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    found = []
    for day, works in work_calendar().overrides.items():
        if day.year != year:
            continue
        row = rows.get(day)
        name = row.name if row else "调休上班" if works else _official_names().get(day, "")
        found.append(SpecialDay(day, works, name, row.source if row else "", row is not None))
    return sorted(found, key=lambda one: one.date)


def write_days(days: Iterable[SpecialDay]) -> int:
    """Set days above the official calendar; returns how many rows are new or differ now."""
    wanted = {one.date: one for one in days}
    have = {row.date: row for row in CalendarDay.objects.filter(date__in=list(wanted))}
    changed = 0
    for day, one in wanted.items():
        values = {"is_workday": one.is_workday, "name": one.name, "source": one.source}
        row = have.get(day)
        if row is None or any(getattr(row, name) != value for name, value in values.items()):
            CalendarDay.objects.update_or_create(date=day, defaults=values)
            changed += 1
    return changed


def edited_rows() -> list[tuple]:
    """Every day set above the official calendar, with what was written, by date; one query."""
    return list(CalendarDay.objects.order_by("date").values_list("date", "is_workday", "name", "source"))


def lock_days() -> None:
    """Hold the edited days until the transaction ends, also while there are none yet."""
    lock_until_commit(_LOCK)


def drop_day(day: date) -> bool:
    """Remove the override of a day; False when there is none."""
    return bool(CalendarDay.objects.filter(date=day).delete()[0])


def _years_entered(rows: dict[date, bool]) -> set[int]:
    """Years of which the office entered the whole notice: every notice names 元旦 first and 国庆节 last."""
    rest_days = {day for day, works in rows.items() if not works}
    return {day.year for day in rest_days if {date(day.year, 1, 1), date(day.year, 10, 1)} <= rest_days}
