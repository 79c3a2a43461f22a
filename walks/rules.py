"""In which part a person acts on a walk, and who may open one. What each part may do stands in
``walks.domain.transitions``; rows are decided in ``walks.domain.queries``."""

from accounts.enums import LEADER_ROLES, Role
from accounts.models import User
from accounts.scope import Scope, scope_of
from walks.enums import WalkActor
from walks.models import Walk


def actors_of(user: User, walk: Walk) -> frozenset[str]:
    """The actors of the table that the person is for this walk.

    ``unit`` are principal, deputy and liaison of the walking unit, ``principal`` its principal alone. The receiving
    lead unit has no part in a walk of its own: then the office takes it in, which acts on the campaigns of its own
    level only.
    """
    scope = scope_of(user)
    if scope.user_id is None:
        return frozenset()
    held = {
        WalkActor.WALKER: walk.walker_id == scope.user_id and walk.department_id in scope.workplaces,
        WalkActor.OPENER: walk.created_by_id == scope.user_id and walk.department_id in scope.workplaces,
        WalkActor.UNIT: walk.department_id in scope.units,
        WalkActor.PRINCIPAL: scope.holds(Role.PRINCIPAL, walk.department_id),
        WalkActor.RECEIVER: walk.receiver_id in scope.leads and walk.receiver_id != walk.department_id,
        WalkActor.OFFICE: walk.campaign.region_id in scope.act_regions,
    }
    return frozenset(part for part, holds in held.items() if holds)


def sees(scope: Scope, walk: Walk, *, also_received: frozenset[int], is_named: bool) -> bool:
    """Whether a person with that scope may know of the walk: what ``walks_visible_to`` says of rows; a test holds the
    two equal. ``is_named``: holds a clearance that counts; ``also_received``: the leads beside the first."""
    own = scope.user_id in (walk.walker_id, walk.created_by_id) and walk.department_id in scope.workplaces
    received = walk.receiver_id in scope.leads or bool(also_received & scope.leads)
    above = received or walk.department.region_id in scope.read_regions
    by_role = own or walk.department_id in scope.units or (above and walk.reported_at is not None)
    tied = {walk.department_id, walk.receiver_id, walk.campaign.office_id, *also_received} & scope.workplaces
    return (by_role and not walk.is_hidden) or (is_named and bool(tied))


def may_start(user: User) -> bool:
    """Principals, deputies and liaisons open walks of their own unit."""
    return bool(scope_of(user).units)


def is_leader(user: User) -> bool:
    """Principal or deputy of some unit: somebody who walks."""
    scope = scope_of(user)
    return any(scope.holds(role) for role in LEADER_ROLES)


def may_plan_covert(user: User) -> bool:
    """Principals and deputies plan covert walks, by themselves."""
    return is_leader(user)


def may_name_readers(user: User, walk: Walk) -> bool:
    """Only the walker, as long as the walk is covert; its state is no matter."""
    return walk.is_hidden and WalkActor.WALKER in actors_of(user, walk)
