"""What must hold before a step of a need. Each guard takes a context and raises in words when it does not agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.exceptions import Refused
from core.guards import at_step
from core.transitions import Transition
from issues.models import Need

AT_MOST = timedelta(days=365)


@dataclass(frozen=True)
class NeedContext:
    """Everything a step may look at; ``data`` are the fields entered for it."""

    need: Need
    row: Transition
    actor: User | None
    data: Mapping[str, Any]
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    def text(self, name: str) -> str:
        """What was entered in a field, stripped."""
        return str(self.data.get(name) or "").strip()


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
