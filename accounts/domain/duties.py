"""Duties that stand in one person's name, and the records of their going over to a successor.

An app that keeps such a duty describes it (``DutyKind``); ``home.domain.handing_over`` gathers them. Everything else a
person has to do follows from a role, and goes over with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import Department, HandOver, User
from accounts.scope import Scope, scope_of


@dataclass(frozen=True)
class HandOverChange:
    """Who takes over from whom in which unit, and who does it."""

    leaver: User
    successor: User
    department: Department
    actor: User
    reason: str
    now: datetime

    @property
    def words(self) -> str:
        """What histories say of it."""
        return f"{self.leaver.label}离任，由{self.successor.label}接续（{self.reason}）"


@dataclass(frozen=True)
class DutyKind:
    """One kind of duty: ``field`` is the foreign key that names the person (``issues.Issue.responsible_person``).

    ``count(leaver id, unit id)``: how many would go over. ``move(change)``: move them, in the caller's transaction, and
    return their keys as text.
    """

    name: str
    label: str
    unit: str
    field: str
    count: Callable[[int, int], int]
    move: Callable[[HandOverChange], list[str]]


def knows_of(scope: Scope, department: Department) -> bool:
    """Who reads what went over: people of the unit, and the office and supervisors above it."""
    return department.pk in scope.workplaces or department.region_id in scope.read_regions


def hand_overs_visible_to(user: User) -> QuerySet[HandOver]:
    """Hand-overs in the units the person works in or reads from above; for the three administrators none: it names
    business records."""
    scope = scope_of(user)
    rows = HandOver.objects.filter(Q(department__in=scope.workplaces) | Q(department__region__in=scope.read_regions))
    return rows.select_related("department", "leaver", "successor", "made_by")
