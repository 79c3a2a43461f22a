"""In which part a person acts on the scores of a unit."""

from accounts.models import User
from accounts.scope import Scope, scope_of
from campaigns.models import Campaign
from scoring.enums import ScoreActor


def score_actors(user: User, campaign: Campaign, unit_id: int) -> frozenset[str]:
    """The parts the person has in the scores of a unit."""
    return score_parts(scope_of(user), campaign, unit_id)


def score_parts(scope: Scope, campaign: Campaign, unit_id: int) -> frozenset[str]:
    """What a scope is in the scores of a unit: its own people (principal, deputies, liaisons), the office of the
    campaign's own level."""
    found = set()
    if unit_id in scope.units:
        found.add(ScoreActor.UNIT)
    if campaign.region_id in scope.act_regions:
        found.add(ScoreActor.OFFICE)
    return frozenset(found)
