"""Which actions on a walk a person may take. Rows are decided in ``domain.queries``; this is about verbs."""

from accounts.enums import LEADER_ROLES, Role
from accounts.scope import scope_of
from walks.enums import EDITABLE_STATES, WalkState
from walks.models import Walk


def may_start(user) -> bool:
    """Principals, deputies and liaisons open walks of their own unit."""
    return bool(scope_of(user).units)


def is_own(user, walk: Walk) -> bool:
    """The walker, whoever opened it, or a principal, deputy or liaison of the unit."""
    scope = scope_of(user)
    if scope.user_id is None:
        return False
    return scope.user_id in (walk.walker_id, walk.created_by_id) or walk.department_id in scope.units


def may_edit(user, walk: Walk) -> bool:
    """The unit's own people, while nothing has been signed."""
    return is_own(user, walk) and walk.state in EDITABLE_STATES


def is_leader(user) -> bool:
    """Principal or deputy of some unit: somebody who walks."""
    scope = scope_of(user)
    return any(scope.holds(role) for role in LEADER_ROLES)


def may_plan_covert(user) -> bool:
    """Principals and deputies plan covert walks, by themselves."""
    return is_leader(user)


def may_begin(user, walk: Walk) -> bool:
    """Only the walker begins, puts off or names readers of a planned covert walk."""
    return walk.walker_id == scope_of(user).user_id and walk.state == WalkState.PLANNED


def may_name_readers(user, walk: Walk) -> bool:
    """Only the walker, as long as the walk is covert."""
    return walk.walker_id == scope_of(user).user_id and walk.is_hidden


def may_record(user, walk: Walk) -> bool:
    return may_edit(user, walk)


def may_sign(user, walk: Walk) -> bool:
    """Only the unit's principal signs."""
    signer = scope_of(user).holds(Role.PRINCIPAL, walk.department_id)
    return signer and walk.state == WalkState.RECORDED


def may_reopen(user, walk: Walk) -> bool:
    """The unit takes a recorded or signed walk back to work on it; the signature falls, which is written down."""
    return walk.department_id in scope_of(user).units and walk.state in (
        WalkState.RECORDED,
        WalkState.SIGNED,
    )


def may_report(user, walk: Walk) -> bool:
    """Principal, deputy or liaison of the unit hand in what was signed."""
    return walk.department_id in scope_of(user).units and walk.state == WalkState.SIGNED


def may_receive(user, walk: Walk) -> bool:
    """The receiving lead unit, unless it is the walking unit itself: then the office takes it in."""
    if walk.state != WalkState.REPORTED:
        return False
    scope = scope_of(user)
    by_lead = walk.receiver_id in scope.leads and walk.receiver_id != walk.department_id
    return by_lead or walk.campaign.region_id in scope.act_regions


def may_cancel(user, walk: Walk) -> bool:
    """As long as it may be edited and was never reported: after that it can only be corrected. A plan: its walker."""
    return (may_edit(user, walk) and walk.reported_at is None) or may_begin(user, walk)
