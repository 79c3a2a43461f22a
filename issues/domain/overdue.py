"""When an issue is overdue. Pure but for the Q object; both forms are held equal by a test."""

from datetime import date

from django.db.models import F, Q

from issues.enums import CLOSED_STATES, RUNNING_STATES, IssueState


def clock_runs(*, state: str, due_on: date | None, requested_on: date | None) -> bool:
    """True while the date in force still binds somebody.

    It stops in the states in which nothing can be done here (长期挂账, 已转上级), and while a request for closing
    made in time waits for the other side (docs/rules.md section 3, ``closing``).
    """
    if due_on is None or state not in RUNNING_STATES:
        return False
    if state == IssueState.CLOSING:
        return requested_on is None or requested_on > due_on
    return True


def is_overdue(*, state: str, due_on: date | None, requested_on: date | None, today: date) -> bool:
    """True when the clock runs and the date has passed, counted in calendar days to 24:00 local time."""
    if due_on is None or due_on >= today:
        return False
    return clock_runs(state=state, due_on=due_on, requested_on=requested_on)


def clock_runs_q(prefix: str = "") -> Q:
    """The same as ``clock_runs`` for the database, for rows with a date."""
    p = prefix
    running = [state for state in RUNNING_STATES if state != IssueState.CLOSING]
    late_request = Q(**{f"{p}closing_requested_on": None}) | Q(**{f"{p}closing_requested_on__gt": F(f"{p}due_on")})
    return Q(**{f"{p}state__in": running}) | (Q(**{f"{p}state": IssueState.CLOSING}) & late_request)


def overdue_q(today: date, prefix: str = "") -> Q:
    """The same as ``is_overdue`` for the database."""
    return Q(**{f"{prefix}due_on__lt": today}) & clock_runs_q(prefix)


def closed_in_time_q(prefix: str = "") -> Q:
    """Closed, and the accepted request was made on or before the date in force."""
    return Q(**{f"{prefix}state__in": CLOSED_STATES, f"{prefix}closing_requested_on__lte": F(f"{prefix}due_on")})


def days_left(due_on: date | None, today: date) -> int | None:
    """Calendar days to the due date, negative once past; None without a date."""
    return None if due_on is None else (due_on - today).days
