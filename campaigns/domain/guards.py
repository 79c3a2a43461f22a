"""What must hold before a step on a campaign. Each guard takes a CampaignContext and raises when it does not agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from campaigns.models import Campaign
from core.content_token import content_token
from core.exceptions import IllegalTransition, Refused
from core.guards import at_step, before_offer
from core.templatetags.ui import cndate
from core.transitions import Transition


@dataclass(frozen=True)
class Unfinished:
    """What stands open at the end of a campaign, as the apps above campaigns find it. ``words``: a line each, in fixed
    order; it hinders nothing once it is confirmed. ``whole_version``: the last published version of the whole campaign,
    None while there is none."""

    words: tuple[str, ...] = ()
    whole_version: int | None = None

    @property
    def token(self) -> str:
        """What the office confirms: just these lines; "" without any."""
        return content_token(self.words) if self.words else ""


@dataclass(frozen=True)
class CampaignContext:
    """Everything a step may look at. ``confirmed``: the token of the lines that were on the page."""

    campaign: Campaign
    row: Transition
    actor: User | None
    now: datetime
    unfinished: Unfinished = Unfinished()
    confirmed: str = ""

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()


@before_offer
def ended(ctx: CampaignContext) -> None:
    """The campaign's last day has passed."""
    ends_on = ctx.campaign.ends_on
    if ctx.today <= ends_on:
        first = cndate(ends_on + timedelta(days=1))
        words = f"活动到 {cndate(ends_on)}二十四时才结束，自 {first}起可以{ctx.row.label}。"
        raise IllegalTransition(words, rule="campaign.running")


@at_step
def no_rules_in_writing(ctx: CampaignContext) -> None:
    """No version of the rules is being drafted."""
    if ctx.campaign.rule_versions.filter(issued_at=None).exists():
        words = f"规则正在调整，未{ctx.row.label}。请先印发这次调整，或者放弃它。"
        raise Refused(words, rule="campaign.rules_in_writing")


@at_step
def whole_published(ctx: CampaignContext) -> None:
    """The papers of the whole campaign are published, and so frozen."""
    if ctx.unfinished.whole_version is None:
        words = f"全程汇总还没有印发，未{ctx.row.label}。请先在“汇总”中印发“全程”，材料随之定稿。"
        raise Refused(words, rule="campaign.whole_unpublished")


@at_step
def left_open_confirmed(ctx: CampaignContext) -> None:
    """What is not finished was named on the page and confirmed as it stands."""
    if ctx.unfinished.words and ctx.confirmed != ctx.unfinished.token:
        named: Sequence[str] = ctx.unfinished.words
        words = f"还有未完成的事项，未{ctx.row.label}：{'；'.join(named)}。请核对，确认后再{ctx.row.label}。"
        raise Refused(words, rule="campaign.left_open", fields={"confirmed": "请核对后勾选。"})
