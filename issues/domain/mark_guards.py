"""What must hold before an issue is classed anew, marked or explained. Named by ``issues.domain.transitions`` and found
through ``issues.domain.guards``."""

from core.exceptions import Conflict
from core.guards import at_step, before_offer
from issues.domain.context import IssueContext
from issues.domain.marks import marks_of
from issues.enums import MARKS, CauseDepth


@at_step
def new_class(ctx: IssueContext) -> dict[str, str]:
    """reclassify: another class of the campaign's scheme."""
    wanted = ctx.data.get("category")
    if wanted not in ctx.rules.rectification.categories:
        return {"category": "请选择本活动的问题分类"}
    return {"category": f"现在就是“{wanted}”"} if wanted == ctx.issue.category else {}


@at_step
def marks_changed(ctx: IssueContext) -> dict[str, str]:
    """set_marks: other marks than it has."""
    wanted = {name: bool(ctx.data.get(name)) for name in MARKS}
    return {MARKS[0]: "标记没有变化"} if wanted == marks_of(ctx.issue) else {}


@at_step
def cause_told(ctx: IssueContext) -> dict[str, str]:
    """note_cause: the cause in words, and how far it reaches."""
    missing = {} if str(ctx.data.get("cause") or "").strip() else {"cause": "请写明原因"}
    if ctx.data.get("cause_depth") not in CauseDepth.values:
        missing["cause_depth"] = "请选择问题层次"
    return missing


@at_step
def practice_told(ctx: IssueContext) -> dict[str, str]:
    """mark_practice: what was done well, in words."""
    return {} if str(ctx.data.get("note") or "").strip() else {"note": "请写明做法"}


@before_offer
def is_practice(ctx: IssueContext) -> dict[str, str]:
    """unmark_practice: it is marked as a good practice."""
    if not ctx.issue.good_practice:
        raise Conflict("该问题没有标为好做法。", rule="issue.unmark_practice")
    return {}
