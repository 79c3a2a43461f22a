"""The only writer of ``Campaign.state``: it follows ``transitions.TABLE`` and nothing else does."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.domain import guards
from campaigns.domain.guards import CampaignContext, Unfinished
from campaigns.domain.transitions import TABLE
from campaigns.enums import ENDED_CAMPAIGNS, CampaignActor, CampaignState
from campaigns.models import Campaign
from campaigns.rules import may_set_up
from core import audit
from core.conflicts import archived, wrong_state
from core.exceptions import IllegalTransition
from core.guards import offered, require_guards, require_open_guards, require_row
from core.transitions import Transition

ISSUED, SUMMARISED, ARCHIVED = "campaign.issued", "campaign.summarised", "campaign.archived"
# What the audit calls the step that led into each state; a campaign begins by itself.
ENTRY_OF = {
    CampaignState.ISSUED: ISSUED,
    CampaignState.RUNNING: ISSUED,
    CampaignState.SUMMARISED: SUMMARISED,
    CampaignState.ARCHIVED: ARCHIVED,
}


@transaction.atomic
def finish(
    *,
    campaign: Campaign,
    action: str,
    actor: User,
    unfinished: Unfinished,
    confirmed: str,
    now: datetime | None = None,
) -> Campaign:
    """总结 or 归档. ``unfinished``: what stands open, read in this transaction under ``hold``; ``confirmed``: the token
    of what was on the page.

    Side effects in order: state, with who and when (总结 also what was left open, in words); an audit entry. Raises
    NotAllowed (403), IllegalTransition (409) from a wrong state or before the end, Refused (400).
    """
    row, now = ensure_open(campaign, action, actor, now), now or timezone.now()
    ctx = CampaignContext(campaign, row, actor, now, unfinished, confirmed)
    require_guards(guards, row, ctx)
    if action == "summarise":
        move(campaign, row, left_open=list(unfinished.words), summarised_by=actor, summarised_at=now)
    else:
        move(campaign, row, archived_by=actor, archived_at=now)
    detail = {"left_open": list(unfinished.words)} if unfinished.words else {}
    audit.record(
        actor=actor, action=ENTRY_OF[CampaignState(campaign.state)], object_type="campaign", object_key=campaign.code,
        detail=detail,
    )  # fmt: skip
    return campaign


def move(campaign: Campaign, row: Transition, **changes: object) -> None:
    """Write the state the row leads to, with what changes beside it, by an UPDATE bound to the states it leads from."""
    target = row.target_from(campaign.state)
    if not Campaign.objects.filter(pk=campaign.pk, state__in=row.sources).update(state=target, **changes):
        raise _wrong_state(Campaign.objects.get(pk=campaign.pk), row)
    campaign.state = target
    for name, value in changes.items():
        setattr(campaign, name, value)


def advance(*, today: date) -> int:
    """已印发 → 实施中 on the first day; returns how many campaigns began. Called every morning."""
    row = TABLE.by_action["begin"]
    return Campaign.objects.filter(state__in=row.sources, starts_on__lte=today).update(state=row.target)


def hold(campaign: Campaign) -> Campaign:
    """The campaign as it stands now, locked: whoever records something under it for the first time waits."""
    return Campaign.objects.select_for_update().select_related("region", "office").get(pk=campaign.pk)


def actors_of(user: User, campaign: Campaign) -> frozenset[str]:
    """The actors of the table that the person is for this campaign."""
    return frozenset({CampaignActor.OFFICE} if may_set_up(user, campaign) else ())


def available(user: User, campaign: Campaign, now: datetime | None = None) -> dict[str, Transition]:
    """{action: row} the person could take now, in the table's order; buttons derive from this."""
    actors, now = actors_of(user, campaign), now or timezone.now()
    rows = [row for row in TABLE.from_state(campaign.state) if actors & set(row.actors)]
    return {row.action: row for row in offered(guards, rows, lambda row: CampaignContext(campaign, row, user, now))}


def ensure_open(campaign: Campaign, action: str, actor: User, now: datetime | None = None) -> Transition:
    """The row of ``action`` when its page may be opened; else raises NotAllowed or IllegalTransition."""
    row = require_row(TABLE, action, actors_of(actor, campaign), rule="campaign.action")
    if campaign.state not in row.sources:
        raise _wrong_state(campaign, row)
    require_open_guards(guards, row, CampaignContext(campaign, row, actor, now or timezone.now()))
    return row


def require_before_end(campaign: Campaign) -> None:
    """Raise IllegalTransition once the campaign was summed up: its units, receivers and papers' head stand."""
    if campaign.state in ENDED_CAMPAIGNS:
        raise _wrong_state(campaign, Transition("set_up", "修改设置", (), None, ()))


def hold_writable(campaign_id: int) -> None:
    """Wait for whoever else writes what only one may write at a time in this campaign, to the end of the transaction.
    Raises IllegalTransition once it is archived."""
    found = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
    if found.state == CampaignState.ARCHIVED:
        raise archived()


def require_not_archived(campaign: Campaign) -> None:
    """Raise IllegalTransition once the campaign is archived; asks nothing of the database."""
    if campaign.state == CampaignState.ARCHIVED:
        raise archived()


def _wrong_state(campaign: Campaign, row: Transition) -> IllegalTransition:
    name = ENTRY_OF.get(CampaignState(campaign.state))
    who, at = audit.last_done(name, object_type="campaign", object_key=campaign.code) if name else (None, None)
    state = campaign.get_state_display()
    return wrong_state("本活动", state, row, rule=f"campaign.{row.action}", who=who, at=at)
