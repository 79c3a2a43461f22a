"""Who may compile, and in which part a person acts on scores."""

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign
from reports.enums import ScoreActor


def may_compile(user: User, campaign: Campaign) -> bool:
    """The office of the campaign's own level; offices above it and supervisors read only."""
    return campaign.region_id in scope_of(user).act_regions


def score_actors(user: User, campaign: Campaign, unit_id: int) -> frozenset[str]:
    """The parts the person has in the scores of a unit: its own people (principal, deputies, liaisons), the office of
    the campaign's own level."""
    scope = scope_of(user)
    found = set()
    if unit_id in scope.units:
        found.add(ScoreActor.UNIT)
    if campaign.region_id in scope.act_regions:
        found.add(ScoreActor.OFFICE)
    return frozenset(found)
