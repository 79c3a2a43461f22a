"""In which part a person acts on a plan; what each part may do stands in ``plans.domain.transitions``."""

from accounts.models import User
from accounts.scope import Scope, scope_of
from plans.enums import GONE, HANDED_IN, PlanActor
from plans.models import Plan


def actors_of(user: User | None, plan: Plan) -> frozenset[str]:
    """The actors of the table that the person is for this plan; ``user`` None is the system.

    - unit: principal, deputies and liaisons of the unit (报备 too: W23 四 names nobody)
    - receiver: the receiving lead, unless the plan is its own
    - office: the office, on campaigns of its own level
    """
    if user is None:
        return frozenset({PlanActor.SYSTEM})
    scope = scope_of(user)
    actors = set()
    if plan.department_id in scope.units:
        actors.add(PlanActor.UNIT)
    if plan.receiver_id in scope.leads and plan.receiver_id != plan.department_id:
        actors.add(PlanActor.RECEIVER)
    if plan.campaign.region_id in scope.act_regions:
        actors.add(PlanActor.OFFICE)
    return frozenset(actors)


def sees(scope: Scope, plan: Plan) -> bool:
    """Whether a person with that scope may know of the plan: what ``plans_visible_to`` says of rows; a test holds the
    two equal."""
    handed_in = plan.state in HANDED_IN or (plan.state in GONE and plan.submitted_by_id is not None)
    above = plan.receiver_id in scope.leads or plan.department.region_id in scope.read_regions
    return plan.department_id in scope.units or (above and handed_in)
