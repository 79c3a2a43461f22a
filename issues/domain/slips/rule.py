"""Which colour of 督办单 an overdue issue calls for, and whether one that is chosen needs a reason. Pure."""

from collections.abc import Sequence
from datetime import date

from core.workdays import WorkCalendar, late_days, late_since


def colour_due(late_workdays: int | None, thresholds: Sequence[int]) -> int:
    """The colour by the rule: 1 blue, 2 yellow, 3 red; 0 for an issue that is not overdue so long."""
    return sum(late_workdays is not None and late_workdays >= days for days in thresholds)


def cut_offs(today: date, thresholds: Sequence[int], calendar: WorkCalendar) -> tuple[date, ...]:
    """For each colour the last due date that calls for it today: what ``colour_due`` says, as a condition on dates."""
    return tuple(late_since(today, days, calendar) for days in thresholds)


def late_by(due_on: date | None, today: date, calendar: WorkCalendar) -> int:
    """工作日 overdue, 0 when in time."""
    return late_days(due_on, today, calendar) or 0


def why_reason(colour: int, *, last: int, due: int) -> str:
    """Why a reason is asked for: a colour between ``last``, the highest signed in this round (0 for none), and this one
    is passed over, or the rule does not call for it yet (``due``). "" where none is needed."""
    if colour > due:
        return "逾期天数还没有达到这一颜色"
    return "越过了前面的颜色" if colour > last + 1 else ""
