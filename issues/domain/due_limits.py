"""How far ahead 整改时限 may lie, who confirms a distant one and who stops its clock (docs/rules.md section 4). Pure.

Counted in calendar days from the day on which the date is set. The campaign's end does not bound it: rectification
outlives the window.
"""

from datetime import date, timedelta

from issues.enums import Actor

FREE_DAYS = 90
LONGEST_DAYS = 365


def longest_free(today: date) -> date:
    """The last day that may be set without anybody's confirmation."""
    return today + timedelta(days=FREE_DAYS)


def longest(today: date) -> date:
    """The last day that may be set at all."""
    return today + timedelta(days=LONGEST_DAYS)


def needs_confirmation(due_on: date, today: date) -> bool:
    """Whether the date counts only once it is confirmed with a reason."""
    return due_on > longest_free(today)


def may_confirm(due_on: date | None, today: date) -> bool:
    """Whether a distant date may still be confirmed; ``due_on`` is in force until then. Once it has passed the issue is
    overdue, and confirming would take that away."""
    return due_on is None or today <= due_on


def confirmed_by(*, lead_id: int, responsible_id: int | None) -> Actor:
    """Who confirms: the lead, and the office where the lead is itself the responsible unit."""
    return Actor.OFFICE if lead_id == responsible_id else Actor.LEAD


def stopped_by(*, office_id: int, responsible_id: int | None) -> Actor:
    """Who stops the clock and lets it run again: the office, and the lead where the office is itself responsible."""
    return Actor.LEAD if office_id == responsible_id else Actor.OFFICE
