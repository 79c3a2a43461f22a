"""What must hold before a step of an enquiry or of a reply. Each guard takes a context and raises in words when it does
not agree."""

from dataclasses import dataclass

from accounts.domain.units import in_charge
from core.exceptions import Refused
from core.guards import at_step
from issues.domain.step_context import StepContext
from issues.models import Enquiry, EnquiryReply


@dataclass(frozen=True, kw_only=True)
class EnquiryContext(StepContext):
    """``reply`` None: a step of the enquiry itself."""

    enquiry: Enquiry
    reply: EnquiryReply | None = None


@at_step
def reason(ctx: EnquiryContext) -> None:
    """end: a reason."""
    if not ctx.text("note"):
        raise Refused("请写明终止原因。", rule="enquiry.reason", fields={"note": "请写明终止原因"})


@at_step
def problem_told(ctx: EnquiryContext) -> None:
    """found: what was found in the own unit."""
    if not ctx.text("words"):
        words = "请写明本单位存在的问题"
        raise Refused(f"{words}。", rule="enquiry.words", fields={"words": words})


@at_step
def check_told(ctx: EnquiryContext) -> None:
    """none: how it was checked."""
    if not ctx.text("words"):
        raise Refused("请写明怎样排查的。", rule="enquiry.words", fields={"words": "请写明怎样排查的"})


@at_step
def own_item(ctx: EnquiryContext) -> None:
    """found: an item in use of the unit that answers, where one is named."""
    item = ctx.data.get("item")
    if item is not None and ctx.reply is not None and item.department_id != in_charge(ctx.reply.department).pk:
        raise Refused("请选择本单位的事项。", rule="enquiry.item", fields={"item": "请选择本单位的事项"})
