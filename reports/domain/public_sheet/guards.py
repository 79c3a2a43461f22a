"""What must hold before a step of a public sheet. Each guard takes a context and raises in words."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core.exceptions import Refused
from core.transitions import Transition
from reports.models import Publication, PublicSheet

OFF = "本活动没有启用向社会公开。需要公开的，请先在活动设置“督导与通报”中启用。"


@dataclass(frozen=True)
class PublicContext:
    """What a step may look at."""

    sheet: PublicSheet
    row: Transition
    actor: User
    reason: str
    now: datetime


def is_on(campaign: Campaign) -> bool:
    """Whether the rules that hold today let a period of the campaign be released to the public."""
    return rules_of(campaign.pk)[1].oversight.public_sheet


def switched_on(ctx: PublicContext) -> None:
    """Nothing is released once the campaign has switched it off."""
    if not is_on(ctx.sheet.publication.campaign):
        raise Refused(OFF, rule="public.off")


def last_version(ctx: PublicContext) -> None:
    """What a correction has replaced is not released any more; what was released before it stays."""
    mine = ctx.sheet.publication
    later = Publication.objects.filter(campaign=mine.campaign_id, period=mine.period, version__gt=mine.version)
    if later.exists():
        words = f"申请以后本期已更正印发，第 {mine.version} 版不再公开。请“不予公开”，对新的一版另行申请。"
        raise Refused(words, rule="public.corrected")


def reason(ctx: PublicContext) -> None:
    """What ends says why."""
    if not ctx.reason:
        raise Refused("请填写原因。", rule="public.reason", fields={"reason": "请填写原因。"})
