"""Who may compile."""

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign


def may_compile(user: User, campaign: Campaign) -> bool:
    """The office of the campaign's own level; offices above it and supervisors read only."""
    return campaign.region_id in scope_of(user).act_regions
