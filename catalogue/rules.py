"""Who keeps the service items of a region."""

from accounts.models import User
from accounts.scope import scope_of


def may_keep_items(user: User) -> bool:
    """The coordinating office (统筹办), for its own region: offices above read only."""
    return bool(scope_of(user).act_regions)
