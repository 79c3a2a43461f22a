"""What must hold before a step of a 督办单. Each guard takes a context and raises in words when it does not agree."""

from dataclasses import dataclass

from core.exceptions import Refused
from core.guards import at_step
from issues.domain.step_context import StepContext
from issues.models import Slip


@dataclass(frozen=True, kw_only=True)
class SlipContext(StepContext):
    slip: Slip


@at_step
def reply_given(ctx: SlipContext) -> None:
    """answer: words."""
    if not ctx.text("reply"):
        raise Refused("请写明办理情况。", rule="slip.reply", fields={"reply": "请写明办理情况"})


@at_step
def late_explained(ctx: SlipContext) -> None:
    """answer: after the date, why it is late (F8 未按期原因)."""
    if ctx.today > ctx.slip.reply_by and not ctx.text("late_reason"):
        words = f"反馈期限 {ctx.slip.reply_by} 已过，请写明未按期原因"
        raise Refused(f"{words}。", rule="slip.late", fields={"late_reason": words})


@at_step
def reason(ctx: SlipContext) -> None:
    """return: a reason."""
    if not ctx.text("note"):
        raise Refused("请写明退回原因。", rule="slip.reason", fields={"note": "请写明退回原因"})
