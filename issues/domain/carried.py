"""上期结转: issues of earlier campaigns that are still open, listed beside a campaign that goes on from them.

They stay where they are: number, campaign, dates and hands are those of their own campaign, and they are in no figure
of the one they are listed beside.
"""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from accounts.models import User
from campaigns.models import Campaign
from issues.domain.queries import issues_visible_to
from issues.models import Issue


def earlier_of(campaign_id: int, follows: Mapping[int, int | None]) -> list[int]:
    """The campaigns it goes on from, the last first; ``follows``: {campaign: the one it goes on from}. Pure."""
    found: list[int] = []
    before = follows.get(campaign_id)
    while before is not None and before not in found:
        found.append(before)
        before = follows.get(before)
    return found


def carried_q(earlier: Iterable[int]) -> Q:
    """Which issues are carried over from these campaigns: those still open now."""
    return Q(campaign_id__in=list(earlier), open_key=1)


def carried_over(user: User, campaign: Campaign) -> QuerySet[Issue]:
    """The issues carried over into the campaign, as far as the person sees them; none where it goes on from nothing."""
    if campaign.follows_id is None:
        return Issue.objects.none()
    rows = Campaign.objects.filter(region_id=campaign.region_id, follows__isnull=False)
    earlier = earlier_of(campaign.pk, dict(rows.values_list("pk", "follows_id")))
    return issues_visible_to(user).filter(carried_q(earlier))
