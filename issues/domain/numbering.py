"""Issue numbers: given at registering, never reused, without gaps that could reveal a hidden draft."""

from django.db.models import F

from campaigns.models import Campaign
from issues.models import NumberSequence


def take(campaign: Campaign) -> str:
    """The campaign's next number, e.g. ``QH2022-00001``; call inside the transaction that stores it."""
    return take_many(campaign, 1)[0]


def take_many(campaign: Campaign, count: int) -> list[str]:
    """So many next numbers of the campaign, in order, in two statements.

    The UPDATE holds the row until commit, so two reports at once get different numbers and a rollback leaves no gap.
    """
    if not count:
        return []
    NumberSequence.objects.get_or_create(campaign=campaign)
    NumberSequence.objects.filter(campaign=campaign).update(next_value=F("next_value") + count)
    after = NumberSequence.objects.filter(campaign=campaign).values_list("next_value", flat=True).get()
    return [f"{campaign.code}-{value:05d}" for value in range(after - count, after)]
