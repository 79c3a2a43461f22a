"""好做法: rectifications that others can learn from, marked on issues that are struck off."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.scope import scope_of
from issues.domain.queries import issues_visible_to
from issues.models import Issue
from issues.rules import work_units

ROW: tuple[str, ...] = ("number", "good_practice", "practice_on", "description", "category", "result", "item__name")
ROW += ("responsible_department__name", "campaign__name")


def practices_visible_to(user: User) -> QuerySet[Issue]:
    """Issues marked as a good practice that the person sees."""
    return issues_visible_to(user).exclude(good_practice="")


def practice_views(user: User, today: date) -> dict[str, Q]:
    """{tab: which of them}; ``mine``: of the person's own units, for people of a unit."""
    units = work_units(scope_of(user))
    return ({"mine": Q(responsible_department_id__in=units)} if units else {}) | {"all": Q()}


def practice_rows(rows: QuerySet[Issue]) -> list[dict[str, Any]]:
    """The rows of a page or a workbook; one query."""
    return [dict(row) for row in rows.values(*ROW)]
