"""Which actions on a campaign a person may take. Rows are decided in ``domain.queries``."""

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign


def may_draft(user: User) -> bool:
    """A coordinating office draws up campaigns for its own region."""
    return bool(scope_of(user).act_regions)


def may_set_up(user: User, campaign: Campaign) -> bool:
    """Only an office of the campaign's own region edits, issues and amends it; one above reads."""
    return campaign.region_id in scope_of(user).act_regions


def may_compare_units(user: User, campaign: Campaign) -> bool:
    """Offices and supervisors see what every unit did; a unit would learn of its neighbours, so it does not."""
    return campaign.region_id in scope_of(user).read_regions
