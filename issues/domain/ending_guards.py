"""What must hold before an issue ends: struck off, merged, not adopted. Named by ``issues.domain.transitions`` and
found through ``issues.domain.guards``."""

from core.exceptions import Conflict, NotAllowed
from core.guards import at_step, before_offer
from issues.domain.context import IssueContext


@at_step
def reuse_explained(ctx: IssueContext) -> dict[str, str]:
    """approve_closing: whoever strikes off although a photo or the text stands at another issue too says why."""
    if not ctx.reuse or str(ctx.data.get("reuse_reason") or "").strip():
        return {}
    numbers = "、".join(dict.fromkeys(one.number for one in ctx.reuse))
    return {"reuse_reason": f"佐证与 {numbers} 重复，仍予销号的请写明理由"}


@at_step
def merge_target(ctx: IssueContext) -> dict[str, str]:
    """merge: another issue of the same campaign that is on the ledger, and that the person sees."""
    target = ctx.merge_target
    if target is None:
        return {"target": "请选择并入哪一件问题"}
    if target.pk == ctx.issue.pk:
        return {"target": "不能并入自身"}
    if target.campaign_id != ctx.issue.campaign_id or target.state in ("draft", "merged", "dismissed"):
        return {"target": "只能并入同一活动中尚在台账上的问题"}
    return {}


@before_offer
def not_yet_proposed(ctx: IssueContext) -> dict[str, str]:
    """不予采纳 is proposed once; what is left to do is the confirmation by another person."""
    if ctx.issue.dismissal_proposed_by_id is not None:
        raise Conflict("该问题已提请不予采纳，须由统筹办另一人确认。", rule="issue.propose_dismissal")
    return {}


@before_offer
def second_person(ctx: IssueContext) -> dict[str, str]:
    """不予采纳 needs two people of the office: one proposes with a reason, another confirms."""
    if ctx.issue.dismissal_proposed_by_id is None:
        raise Conflict("请先由一人提请不予采纳并写明理由，再由另一人确认。", rule="issue.dismiss")
    if ctx.issue.dismissal_proposed_by_id == ctx.person.pk:
        raise NotAllowed("您是提请人，须由统筹办另一人确认。", rule="issue.dismiss")
    return {}
