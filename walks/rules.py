"""Which actions on a walk a person may take. Rows are decided in ``domain.queries``; this is about verbs."""

from accounts.enums import LEADER_ROLES, Role
from accounts.scope import scope_of
from walks.enums import EDITABLE_STATES, SessionState
from walks.models import Session


def may_start(user) -> bool:
    """Principals, deputies and liaisons open walks of their own unit."""
    return bool(scope_of(user).units)


def is_own(user, session: Session) -> bool:
    """The walker, whoever opened it, or a principal, deputy or liaison of the unit."""
    scope = scope_of(user)
    if scope.user_id is None:
        return False
    return scope.user_id in (session.walker_id, session.created_by_id) or session.department_id in scope.units


def may_edit(user, session: Session) -> bool:
    """The unit's own people, while nothing has been signed."""
    return is_own(user, session) and session.state in EDITABLE_STATES


def is_leader(user) -> bool:
    """Principal or deputy of some unit: somebody who walks."""
    scope = scope_of(user)
    return any(scope.holds(role) for role in LEADER_ROLES)


def may_plan_sealed(user) -> bool:
    """Principals and deputies plan covert walks, by themselves."""
    return is_leader(user)


def may_begin(user, session: Session) -> bool:
    """Only the walker begins, puts off or names readers of a planned covert walk."""
    return session.walker_id == scope_of(user).user_id and session.state == SessionState.PLANNED


def may_name_readers(user, session: Session) -> bool:
    """Only the walker, as long as the walk is sealed."""
    return session.walker_id == scope_of(user).user_id and session.is_hidden


def may_record(user, session: Session) -> bool:
    return may_edit(user, session)


def may_sign(user, session: Session) -> bool:
    """Only the unit's principal signs."""
    signer = scope_of(user).holds(Role.PRINCIPAL, session.department_id)
    return signer and session.state == SessionState.RECORDED


def may_reopen(user, session: Session) -> bool:
    """The unit takes a recorded or signed walk back to work on it; the signature falls, which is written down."""
    return session.department_id in scope_of(user).units and session.state in (
        SessionState.RECORDED,
        SessionState.SIGNED,
    )


def may_report(user, session: Session) -> bool:
    """Principal, deputy or liaison of the unit hand in what was signed."""
    return session.department_id in scope_of(user).units and session.state == SessionState.SIGNED


def may_receive(user, session: Session) -> bool:
    """The receiving lead unit, unless it is the walking unit itself: then the office takes it in."""
    if session.state != SessionState.REPORTED:
        return False
    scope = scope_of(user)
    by_lead = session.receiver_id in scope.leads and session.receiver_id != session.department_id
    return by_lead or session.campaign.region_id in scope.act_regions


def may_cancel(user, session: Session) -> bool:
    """As long as it may be edited and was never reported: after that it can only be corrected. A plan: its walker."""
    return (may_edit(user, session) and session.reported_at is None) or may_begin(user, session)
