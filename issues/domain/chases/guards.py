"""What must hold before 催办. Named by ``issues.domain.transitions`` and found through ``issues.domain.guards``."""

from core.exceptions import NotAllowed, Refused
from core.guards import at_step, before_offer
from issues.domain.chases.records import chased_today, told_already
from issues.domain.context import IssueContext


@before_offer
def not_own_unit(ctx: IssueContext) -> dict[str, str]:
    """chase: the side that watches over it, nobody of the responsible unit."""
    if ctx.issue.responsible_department_id in ctx.actor_departments:
        raise NotAllowed("您属于责任单位，催办由其他单位办理。", rule="issue.chase_own")
    return {}


@at_step
def somebody_to_chase(ctx: IssueContext) -> dict[str, str]:
    """chase: the unit has a responsible person or a liaison who may open the issue."""
    if not ctx.to_chase:
        raise Refused("责任单位没有可以催办的责任人和联络员，请先请该单位明确人员。", rule="issue.chase_nobody")
    return {}


@at_step
def not_chased_today(ctx: IssueContext) -> dict[str, str]:
    """chase: whoever was chased about it today is chased again only when the person who does it knows (``again``)."""
    if ctx.data.get("again"):
        return {}
    found = chased_today([ctx.issue], ctx.today).get(ctx.issue.pk, {})
    words = told_already(row for pk, row in found.items() if pk in ctx.to_chase)
    return {"again": f"{words}，确需再次催办的请勾选"} if words else {}
