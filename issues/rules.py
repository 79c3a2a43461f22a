"""In which part a person acts on an issue, and whether one may know of it."""

from dataclasses import dataclass

from accounts.enums import UNIT_ROLES, Role
from accounts.models import User
from accounts.scope import Scope, scope_of
from issues.enums import Actor, EnquiryActor, LookBackActor, NeedActor, NeedState
from issues.models import Enquiry, EnquiryReply, Issue, LookBack, Need, Slip
from walks.domain.transitions import OWN_SIDE
from walks.rules import actors_of as walk_actors_of

WORK_ROLES = (*UNIT_ROLES, Role.RESPONSIBLE)


def actors_of(user: User | None, issue: Issue) -> frozenset[str]:
    """The actors of the table that the person is for this issue; ``user`` None is the system.

    The office reads its subtree but acts only on the campaigns of its own level. A lead that is itself the responsible
    unit keeps its part here: the guard ``another_person`` refuses it.
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
    walk = issue.walk
    if walk is not None and walk.walker_id == scope.user_id and walk.department_id in scope.workplaces:
        actors.add(Actor.WALKER)
    return frozenset(actors)


def work_units(scope: Scope) -> frozenset[int]:
    """Departments in which the person works on issues: being lead staff, office or supervisor there is not enough."""
    return frozenset(department for role, department in scope.roles if role in WORK_ROLES)


@dataclass(frozen=True)
class Parties:
    """Who has to do with an issue on the ledger: ids of departments, of its region and of the walker."""

    responsible: int | None
    discovering: int
    lead: int
    region: int
    reported_by: int | None
    cooperating: frozenset[int] = frozenset()


def sees(scope: Scope, parties: Parties) -> bool:
    """Whether a person with that scope may know of the issue: what ``issues_visible_to`` says of rows; a test holds the
    two equal."""
    work = work_units(scope)
    return (
        parties.responsible in work
        or bool(parties.cooperating & work)
        or parties.discovering in scope.units
        or parties.lead in scope.leads
        or parties.region in scope.read_regions
        or (parties.reported_by == scope.user_id and parties.discovering in scope.workplaces)
    )


def need_actors_of(user: User | None, need: Need) -> frozenset[str]:
    """The actors of the table of needs that the person is for this one; ``user`` None is the system.

    A lead that is itself to answer sets no date for itself: the office does (docs/rules.md section 2, rule 4).
    """
    if user is None:
        return frozenset({NeedActor.SYSTEM})
    scope = scope_of(user)
    actors = set()
    if need.department_id in scope.units:
        actors.add(NeedActor.RESPONSIBLE)
    if need.walk.receiver_id in scope.leads and need.walk.receiver_id != need.department_id:
        actors.add(NeedActor.LEAD)
    if need.campaign.region_id in scope.act_regions:
        actors.add(NeedActor.OFFICE)
    return frozenset(actors)


def slip_actors_of(user: User | None, slip: Slip) -> frozenset[str]:
    """The actors of the table of 督办单 that the person is for this one; ``user`` None is the system. Nobody of the
    responsible unit checks its answer."""
    if user is None:
        return frozenset({Actor.SYSTEM})
    scope = scope_of(user)
    actors = set()
    if slip.department_id in work_units(scope):
        actors.add(Actor.RESPONSIBLE)
    if slip.campaign.region_id in scope.act_regions and slip.department_id not in scope.workplaces:
        actors.add(Actor.OFFICE)
    return frozenset(actors)


def signs_slips(user: User) -> bool:
    """Whether the person works in an office, which alone signs 督办单."""
    return bool(scope_of(user).act_regions)


def may_sign_slip(user: User, issue: Issue) -> bool:
    """Whether the person signs 督办单 on the issue: the office of the campaign's own level, nobody of the responsible
    unit."""
    scope = scope_of(user)
    own = issue.responsible_department_id in scope.workplaces
    return issue.campaign.region_id in scope.act_regions and not own


def sees_need(scope: Scope, need: Need) -> bool:
    """Whether a person with that scope may know of the need by the unit, the receiver or the region: what
    ``needs_visible_to`` says of rows."""
    if need.state == NeedState.NOTED:
        return False
    return (
        bool(scope.units & {need.department_id, need.walk.department_id})
        or need.walk.receiver_id in scope.leads
        or need.campaign.region_id in scope.read_regions
    )


def enquiry_sender(user: User, issue: Issue) -> int | None:
    """The unit on whose behalf the person sends an enquiry from the issue: the office of the campaign's own level, else
    the lead; None for anybody else."""
    scope = scope_of(user)
    if issue.campaign.region_id in scope.act_regions:
        return issue.campaign.office_id
    return issue.lead_department_id if issue.lead_department_id in scope.leads else None


def enquiry_actors_of(user: User | None, enquiry: Enquiry) -> frozenset[str]:
    """The actors of the table of enquiries that the person is for this one; ``user`` None is the system. Whoever works
    for the unit that sent it stands in for the person who did."""
    if user is None:
        return frozenset({EnquiryActor.SYSTEM})
    scope, sender = scope_of(user), enquiry.department_id
    by_office = sender == enquiry.campaign.office_id and enquiry.campaign.region_id in scope.act_regions
    return frozenset({EnquiryActor.SENDER} if by_office or sender in scope.leads else ())


def reply_actors_of(user: User | None, reply: EnquiryReply) -> frozenset[str]:
    """The actors of the table of replies that the person is for this one; ``user`` None is the system."""
    if user is None:
        return frozenset({EnquiryActor.SYSTEM})
    return frozenset({EnquiryActor.ASKED} if reply.department_id in scope_of(user).units else ())


def re_walker_of(user: User | None, issue: Issue, look_back: LookBack | None) -> frozenset[str]:
    """The walker of a walk that is bound to the issue in its present round, once that walk is reported."""
    if user is None or look_back is None:
        return frozenset()
    bound = (look_back.issue_id, look_back.round) == (issue.pk, issue.round)
    walked = look_back.walk.walker_id == user.pk and look_back.walk.reported_at is not None
    return frozenset({Actor.RE_WALKER} if bound and walked else ())


def look_back_actors_of(user: User | None, look_back: LookBack) -> frozenset[str]:
    """The actors of the table of bound walks that the person is for this one; ``user`` None is the system."""
    if user is None:
        return frozenset({LookBackActor.SYSTEM})
    held = walk_actors_of(user, look_back.walk) & set(OWN_SIDE)
    return frozenset({LookBackActor.WALKING} if held else ())
