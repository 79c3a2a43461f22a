"""Roles begin and end on their days."""

from datetime import date

from accounts.domain.memberships import end_due
from accounts.domain.role_requests import give_due


def apply_days(today: date) -> tuple[int, int]:
    """(roles given, roles taken away) because their day has come; those that end first, so that a role may be granted
    anew from the day after. Safe to run twice."""
    ended = end_due(today)
    return give_due(today), ended
