"""Which version of a campaign's rules holds on a day."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.models import Campaign, RuleVersion
from core.periods import Period


def versions_in_force(
    campaign: Campaign, *, drafted_from: date | None = None
) -> list[tuple[RuleVersion, Rulebook, date, date]]:
    """Issued versions, the oldest first, each with the day from which it holds and the day it holds no more; with
    ``drafted_from`` also the one being drafted, as if it were issued that day."""
    versions = list(RuleVersion.objects.filter(campaign=campaign).order_by("number"))
    if drafted_from is None:
        versions = [version for version in versions if version.issued_at]
    since = [date.min, *(_holds_from(version, drafted_from) for version in versions[1:])]
    until = [*since[1:], date.max]
    return [
        (version, Rulebook.from_data(version.data), first, last)
        for version, first, last in zip(versions, since, until, strict=True)
    ]


def _holds_from(version: RuleVersion, issued_on: date | None) -> date:
    if version.issued_at or issued_on is None:
        return version.effective_on
    return max(version.effective_on, issued_on)


def rules_of(campaign_id: int, day: date | None = None) -> tuple[RuleVersion, Rulebook]:
    """The rule version that holds on ``day`` (default: today) and its rulebook; before the first one holds, the first.

    A version being drafted never holds; of a campaign that was never issued the draft is read.
    """
    version = _on(day or timezone.localdate(), _held(campaign_id))
    return version, Rulebook.from_data(version.data)


def categories_of(campaign_id: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The classes of problems of the rules that hold today, and those that only other issued versions have, in the
    order of the versions; one query."""
    versions = _held(campaign_id)
    present = Rulebook.from_data(_on(timezone.localdate(), versions).data).rectification.categories
    found = (name for one in versions for name in Rulebook.from_data(one.data).rectification.categories)
    return present, tuple(name for name in dict.fromkeys(found) if name not in present)


def _held(campaign_id: int) -> list[RuleVersion]:
    """The issued versions, the oldest first; of a campaign that was never issued its draft."""
    versions = list(RuleVersion.objects.filter(campaign_id=campaign_id).order_by("number"))
    return [version for version in versions if version.issued_at] or versions[:1]


def _on(day: date, versions: list[RuleVersion]) -> RuleVersion:
    return ([one for one in versions if one.effective_on <= day] or versions[:1])[-1]


def rules_for(campaign_id: int, period: Period, today: date | None = None) -> tuple[RuleVersion, Rulebook]:
    """The version and the rulebook by which a period is judged: those that hold on its last day, or today (default: the
    present day) while it still runs. A version that holds from a later day judges no period that has ended."""
    return rules_of(campaign_id, min(period.ends_on, today or timezone.localdate()))


def rulebooks_for(asked: Iterable[tuple[int, Period]], today: date) -> dict[tuple[int, str], Rulebook]:
    """{(campaign id, period code): the rulebook by which that period is judged} of issued campaigns, as ``rules_for``
    says it; one query."""
    days = {(campaign, period.code): (campaign, min(period.ends_on, today)) for campaign, period in asked}
    books = rulebooks_at(days.values())
    return {key: books[on] for key, on in days.items()}


def rulebooks_at(asked: Iterable[tuple[int, date]]) -> dict[tuple[int, date], Rulebook]:
    """{(campaign id, day): the rulebook that holds on that day} of issued campaigns, as ``rules_of`` says it; one
    query."""
    days = set(asked)
    versions = _issued_versions({campaign for campaign, _ in days})
    return {(campaign, day): Rulebook.from_data(_in_force(versions[campaign], day)) for campaign, day in days}


def rulebooks_on(day: date, campaign_ids: Iterable[int]) -> dict[int, Rulebook]:
    """{campaign id: the rulebook that holds on ``day``} of issued campaigns, as ``rules_of`` says it; one query."""
    return {
        campaign: Rulebook.from_data(_in_force(versions, day))
        for campaign, versions in _issued_versions(campaign_ids).items()
    }


def _issued_versions(campaign_ids: Iterable[int]) -> dict[int, list[tuple[date, dict]]]:
    """{campaign id: (the day from which it holds, its data) of each issued version, the oldest first}; one query."""
    rows = RuleVersion.objects.filter(campaign_id__in=list(campaign_ids), issued_at__isnull=False)
    found: dict[int, list[tuple[date, dict]]] = {}
    for campaign, since, data in rows.order_by("campaign_id", "number").values_list(
        "campaign_id", "effective_on", "data"
    ):
        found.setdefault(campaign, []).append((since, data))
    return found


def _in_force(versions: list[tuple[date, dict]], day: date) -> dict:
    return ([data for since, data in versions if since <= day] or [versions[0][1]])[-1]


def rulebooks(campaign_ids: Iterable[int] | None = None) -> dict[int, Rulebook]:
    """{campaign id: the rulebook issued last} of the given campaigns, or of all issued ones, in one query."""
    versions = RuleVersion.objects.filter(issued_at__isnull=False).order_by("campaign_id", "number")
    if campaign_ids is not None:
        versions = versions.filter(campaign_id__in=list(campaign_ids))
    latest = dict(versions.values_list("campaign_id", "data"))
    return {campaign_id: Rulebook.from_data(data) for campaign_id, data in latest.items()}
