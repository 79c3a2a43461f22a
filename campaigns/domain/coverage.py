"""Coverage: which items must be walked under the rules, how often each was, and those nobody walked."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from campaigns.domain.overview import may_compare_units
from campaigns.domain.owed import units_seen
from campaigns.domain.rulebook import Rulebook
from campaigns.domain.walkfigures import WHOLE, counted_walks
from campaigns.enums import REPORTED_STATES, CoverageBasis, Provenance
from campaigns.models import Campaign
from catalogue.models import ItemKind, ServiceItem

NOTHING_WALKED, WALKED = "missing", "walked"


@dataclass(frozen=True)
class Covered:
    """One item with its reported walks (次); ``provenance`` in words when it stands in the must-walk pool."""

    item_id: int
    name: str
    kind: str
    unit_id: int
    unit: str
    walks: int
    provenance: str = ""


@dataclass(frozen=True)
class Coverage:
    """``minimum`` 次 each item is to be walked; ``sees_all`` False: only the items of the units the person follows.

    The items nobody walked come first, then those walked too seldom, each in the order of the unit list.
    """

    basis: str
    minimum: int
    items: list[Covered]
    sees_all: bool

    @property
    def is_asked(self) -> bool:
        return self.basis != CoverageBasis.NONE

    @property
    def covered(self) -> list[Covered]:
        return [one for one in self.items if one.walks >= self.minimum]

    @property
    def missing(self) -> list[Covered]:
        """Items nobody walked."""
        return [one for one in self.items if not one.walks]

    @property
    def rate(self) -> float | None:
        """覆盖率 0–100 (W23: 12/13 = 92.3); None with nothing to cover."""
        return rate_of(len(self.covered), len(self.items))


def coverage_of(user, campaign: Campaign, rules: Rulebook) -> Coverage:
    """Coverage through the person's eyes, by reported walks only; a fixed number of queries.

    Office, supervisors and the region above: every item. A lead or a unit: the items of the units they follow on the
    board, with the walks they see.
    """
    sees_all = may_compare_units(user, campaign)
    units = {unit.id: unit for unit in units_seen(user, campaign, rules)}
    walks = walks_by_item(user, campaign)
    rows = items_to_cover(campaign, rules)
    if not sees_all:
        rows = rows.filter(department_id__in=units)
    provenance = dict(campaign.pool.values_list("item_id", "provenance"))
    fields = ("pk", "name", "kind", "department_id", "department__name")
    found = [
        Covered(*row, walks.get(row[0], 0), Provenance(provenance[row[0]]).label if row[0] in provenance else "")
        for row in rows.order_by("department__order", "department_id", "order", "pk").values_list(*fields)
    ]
    minimum = rules.coverage.minimum
    found.sort(key=lambda one: (bool(one.walks), one.walks >= minimum))
    return Coverage(rules.coverage.basis, minimum, found, sees_all)


def items_to_cover(campaign: Campaign, rules: Rulebook) -> QuerySet:
    """The items in use that the rules ask to be walked; without a demand all items of the roster's units."""
    if rules.coverage.basis == CoverageBasis.POOL:
        return ServiceItem.objects.filter(pools__campaign=campaign)
    bound = campaign.roster.filter(left_on=None, department__is_active=True).values("department_id")
    if rules.coverage.basis == CoverageBasis.EACH_BUNDLE:
        # The office itself may lead a bundle, and it stands on no roster.
        here = ServiceItem.objects.filter(department__region_id=campaign.region_id, department__is_active=True)
        return here.filter(is_active=True, kind=ItemKind.BUNDLE)
    rows = ServiceItem.objects.filter(is_active=True, department_id__in=bound)
    if rules.coverage.basis == CoverageBasis.EACH_ITEM:
        return rows.filter(kind__in=(ItemKind.APPROVAL, ItemKind.PUBLIC_SERVICE))
    return rows


def walks_by_item(user, campaign: Campaign) -> Counter:
    """{item id: reported walks (次) the person sees}; one query."""
    rows = counted_walks(user, campaign, WHOLE).filter(state__in=REPORTED_STATES).order_by()
    return Counter(dict(rows.values_list("item_id").annotate(total=Count("pk"))))


def rate_of(numerator: int, denominator: int) -> float | None:
    """A rate 0–100 with one decimal; None when there is nothing to measure against, shown as —."""
    return round(100 * numerator / denominator, 1) if denominator else None
