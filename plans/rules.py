"""Which actions on a plan a person may take."""

from accounts.scope import scope_of
from plans.models import Plan


def may_edit_plan(user, plan: Plan) -> bool:
    """Principal, deputies and liaisons of the unit write, hand in, adjust and carry out its plan."""
    return plan.department_id in scope_of(user).units


def may_file_plan(user, plan: Plan) -> bool:
    """The receiving lead, unless the plan is its own, and the office: they file or return."""
    scope = scope_of(user)
    by_lead = plan.receiver_id in scope.leads and plan.receiver_id != plan.department_id
    return by_lead or plan.campaign.region_id in scope.act_regions


def may_notice(user, plan: Plan) -> bool:
    """报备 is the liaison's; where the leaders do it themselves they may too (W23 四 names nobody)."""
    return may_edit_plan(user, plan)
