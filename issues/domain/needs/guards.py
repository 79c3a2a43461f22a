"""What must hold before a step of a need. Each guard takes a context and raises in words when it does not agree."""

from dataclasses import dataclass
from datetime import timedelta

from core.exceptions import Refused
from core.guards import at_step
from issues.domain.step_context import StepContext
from issues.models import Need

AT_MOST = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class NeedContext(StepContext):
    need: Need


@at_step
def unit_here(ctx: NeedContext) -> None:
    """assign: a unit of the campaign's own region that is not abolished."""
    unit = ctx.data.get("department")
    if unit is None or not unit.is_active or unit.region_id != ctx.need.campaign.region_id:
        raise Refused("请选择本区域在册的回应单位。", rule="need.unit", fields={"department": "请选择回应单位"})


@at_step
def day_to_come(ctx: NeedContext) -> None:
    """assign: a day from today on, within a year."""
    day = ctx.data.get("reply_by")
    if day is None or not ctx.today <= day <= ctx.today + AT_MOST:
        words = "拟回应时间应在今天以后的一年以内"
        raise Refused(f"{words}。", rule="need.day", fields={"reply_by": words})


@at_step
def reply_given(ctx: NeedContext) -> None:
    """reply: words."""
    if not ctx.text("reply"):
        raise Refused("请写明回应情况。", rule="need.reply", fields={"reply": "请写明回应情况"})


@at_step
def reason(ctx: NeedContext) -> None:
    """return_reply: a reason."""
    if not ctx.text("note"):
        raise Refused("请写明退回原因。", rule="need.reason", fields={"note": "请写明退回原因"})
