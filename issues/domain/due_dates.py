"""Where 整改时限 is moved: how far ahead it may lie, who confirms a distant one and who stops its clock, and what
changes of an issue when it is set, confirmed, extended, or runs again after a pause (docs/rules.md section 4).

Counted in calendar days from the day on which the date is set. The campaign's end does not bound it: rectification
lasts beyond the window.
"""

from datetime import date, timedelta

from accounts.models import User
from core.workdays import WorkCalendar
from issues.enums import Actor
from issues.models import Issue

FREE_DAYS = 90
LONGEST_DAYS = 365
NOTHING_PROPOSED: dict[str, object] = {"due_proposed_on": None, "due_proposed_by": None}


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


def changed_to(
    issue: Issue, due: date, *, today: date, calendar: WorkCalendar, actor: User | None, confirms: bool
) -> dict[str, object]:
    """What changes when the date is set: in force at once, or proposed, with the longest free one in force until it is
    confirmed. ``confirms``: whether who sets it is who would confirm it."""
    if due == issue.due_on:
        return {}
    if not needs_confirmation(due, today) or confirms:
        return {**_in_force(issue, due, today, calendar), **NOTHING_PROPOSED}
    proposed = {"due_proposed_on": due, "due_proposed_by": actor}
    return {**_in_force(issue, longest_free(today), today, calendar), **proposed}


def confirmed(issue: Issue, *, today: date, calendar: WorkCalendar) -> dict[str, object]:
    """What changes when a distant date is confirmed."""
    dates = [day for day in (issue.due_proposed_on, issue.due_on) if day]
    # A pause may meanwhile have moved the date in force beyond it: confirming never takes time away.
    return {**_in_force(issue, max(dates), today, calendar), **NOTHING_PROPOSED}


def due_after_pause(issue: Issue, today: date, calendar: WorkCalendar) -> date | None:
    """The date in force once the clock runs again today: the old one and as many 工作日 as it stood still, in 长期挂账
    and 已转上级 alike. It never stands still beyond the review date, whenever the system or the office comes to it."""
    if issue.due_on is None or issue.clock_stopped_on is None:
        return issue.due_on
    until = min(today, issue.review_on) if issue.review_on else today
    return calendar.add_workdays(issue.due_on, calendar.workdays_between(issue.clock_stopped_on, until))


def resumed(issue: Issue, *, today: date, calendar: WorkCalendar) -> dict[str, object]:
    """What changes of the date when the clock runs again; the first date stays as it was."""
    due = due_after_pause(issue, today, calendar)
    return _in_force(issue, due, today, calendar) if due and due != issue.due_on else {}


def extended_to(*, asked: date, old: date, due_on: date, calendar: WorkCalendar) -> date:
    """The date in force once more time is granted: the one asked for while ``old`` was in force, and the 工作日 by
    which pauses have moved the date since. So a pause before the decision and one after it come to the same; granting
    never takes time away."""
    paused = max(0, calendar.workdays_between(old, due_on))
    return max(calendar.add_workdays(asked, paused), due_on)


def extended(issue: Issue, due: date, *, today: date, calendar: WorkCalendar) -> dict[str, object]:
    """What changes when more time is granted, to the date of ``extended_to``; the first date stays as it was."""
    return _in_force(issue, due, today, calendar)


def _in_force(issue: Issue, due: date, today: date, calendar: WorkCalendar) -> dict[str, object]:
    return {
        "due_on": due,
        "first_due_on": issue.first_due_on or due,
        "due_set_on": today,
        "due_provisional": calendar.is_provisional(due),
    }
