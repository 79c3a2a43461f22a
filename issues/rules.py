"""In which part a person acts on an issue."""

from accounts.enums import UNIT_ROLES, Role
from accounts.models import User
from accounts.scope import Scope, scope_of
from issues.enums import Actor
from issues.models import Issue

WORK_ROLES = (*UNIT_ROLES, Role.RESPONSIBLE)


def actors_of(user: User | None, issue: Issue) -> frozenset[str]:
    """The actors of the table that the person is for this issue; ``user`` None is the system.

    The office reads its subtree but acts only on the campaigns of its own level. A lead that is itself the responsible
    unit keeps its part here: the guard ``another_hand`` refuses it.
    """
    if user is None:
        return frozenset({Actor.SYSTEM})
    scope = scope_of(user)
    actors = set()
    if issue.discovering_department_id in scope.units:
        actors.add(Actor.DISCOVERING)
    if issue.responsible_department_id in work_units(scope):
        actors.add(Actor.RESPONSIBLE)
    if issue.lead_department_id in scope.leads:
        actors.add(Actor.LEAD)
    if issue.campaign.region_id in scope.act_regions:
        actors.add(Actor.OFFICE)
    if issue.walk is not None and issue.walk.walker_id == scope.user_id:
        actors.add(Actor.WALKER)
    return frozenset(actors)


def work_units(scope: Scope) -> frozenset[int]:
    """Departments in which the person works on issues: being lead staff, office or supervisor there is not enough."""
    return frozenset(department for role, department in scope.roles if role in WORK_ROLES)
