"""Arithmetic in 工作日. Pure: the calendar is a value, the clock is an argument.

Rest days and 调休 working days come from the yearly notice of 国务院办公厅; `core.calendar` loads them.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are 工作日.

    ``overrides``: date → True (works) or False (rests), where it differs from Monday to Friday.
    ``known_years``: the years whose official notice is in ``overrides``; a result that touches another year is 暂定.
    """

    overrides: Mapping[date, bool]
    known_years: frozenset[int]
    _extra_workdays: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _extra_rest_days: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days = dict(sorted(self.overrides.items()))
        set_field = object.__setattr__
        set_field(self, "overrides", MappingProxyType(days))
        set_field(self, "known_years", frozenset(self.known_years))
        set_field(self, "_extra_workdays", tuple(d for d, works in days.items() if works and d.weekday() >= 5))
        set_field(self, "_extra_rest_days", tuple(d for d, works in days.items() if not works and d.weekday() < 5))

    def is_workday(self, day: date) -> bool:
        works = self.overrides.get(day)
        return day.weekday() < 5 if works is None else works

    def next_workday(self, day: date) -> date:
        """The first working day on or after ``day`` (顺延)."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def previous_workday(self, day: date) -> date:
        """The last working day on or before ``day`` (提前)."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def add_workdays(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``, ``day`` itself not counted; before it when ``n`` < 0.

        ``n`` = 0 gives ``day`` itself, a rest day too. OverflowError beyond the years 1–9999.
        """
        step = ONE_DAY if n > 0 else -ONE_DAY
        for _ in range(abs(n)):
            day += step
            day = self.next_workday(day) if n > 0 else self.previous_workday(day)
        return day

    def nth_workday(self, start: date, n: int) -> date:
        """The ``n``-th working day from ``start`` inclusive: F16's 每季度前5个工作日 is n = 5. ValueError below 1."""
        if n < 1:
            raise ValueError("工作日数应不小于 1")
        return self.add_workdays(self.next_workday(start), n - 1)

    def workdays_between(self, a: date, b: date) -> int:
        """Working days after ``a`` up to and including ``b``; negative when ``b`` is before ``a``.

        Due on ``a`` and handed in on ``b`` is late by this many 工作日.
        """
        if b < a:
            return -self.workdays_between(b, a)
        return (
            _weekdays_until(b)
            - _weekdays_until(a)
            + _count(self._extra_workdays, a, b)
            - _count(self._extra_rest_days, a, b)
        )

    def is_provisional(self, *dates: date) -> bool:
        """True when a date lies in a year without an official notice: show it as 暂定."""
        return any(day.year not in self.known_years for day in dates)


def late_days(due_on: date | None, day: date, calendar: WorkCalendar) -> int | None:
    """By how many 工作日 ``day`` is late; None when it is in time or nothing is due. 0: late, with no working day in
    between. The one measure of lateness: of plans, reports and issues alike."""
    return calendar.workdays_between(due_on, day) if due_on and day > due_on else None


def late_since(today: date, n: int, calendar: WorkCalendar) -> date:
    """The last day such that what was due on it is late by ``n`` 工作日 or more on ``today``; ``n`` at least 1."""
    return calendar.add_workdays(calendar.previous_workday(today), 1 - n) - ONE_DAY


def late_words(due_on: date | None, day: date, calendar: WorkCalendar) -> str:
    """逾期 1 个工作日, or ""."""
    days = late_days(due_on, day, calendar)
    if days is None:
        return ""
    return f"逾期 {days} 个工作日" if days else "逾期（未满 1 个工作日）"


def _weekdays_until(day: date) -> int:
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def _count(days: tuple[date, ...], after: date, until: date) -> int:
    return bisect_right(days, until) - bisect_right(days, after)
