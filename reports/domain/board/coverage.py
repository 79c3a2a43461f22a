"""Coverage: which items must be walked under the rules, how often each was, and those nobody walked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from campaigns.domain.must_walk import LABELS, items_to_cover, pool_visible_to
from campaigns.domain.owed import units_seen
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import CoverageBasis, Provenance
from campaigns.models import Campaign
from campaigns.rules import may_compare_units
from core.periods import whole_period
from reports.domain.board.counts import counted_walks, is_reported
from reports.domain.summary import rate

NOTHING_WALKED, WALKED = "missing", "walked"


@dataclass(frozen=True)
class CoveredItem:
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
    items: list[CoveredItem]
    sees_all: bool

    @property
    def is_asked(self) -> bool:
        return self.basis != CoverageBasis.NONE

    @property
    def covered(self) -> list[CoveredItem]:
        return [one for one in self.items if one.walks >= self.minimum]

    @property
    def missing(self) -> list[CoveredItem]:
        """Items nobody walked."""
        return [one for one in self.items if not one.walks]

    @property
    def rate(self) -> float | None:
        """覆盖率 0–100 (W23: 12/13 = 92.3); None with nothing to cover."""
        return rate(len(self.covered), len(self.items))


def coverage_of(user: User, campaign: Campaign, rules: Rulebook) -> Coverage:
    """Coverage in the person's scope, by reported walks only; a fixed number of queries.

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
    rows = rows.order_by("department__order", "department_id", "order", "pk")
    found = [
        CoveredItem(
            pk,
            name,
            kind,
            unit_id,
            unit,
            walks.get(pk, 0),
            Provenance(provenance[pk]).label if pk in provenance else "",
        )
        for pk, name, kind, unit_id, unit in rows.values_list("pk", "name", "kind", "department_id", "department__name")
    ]
    minimum = rules.coverage.minimum
    found.sort(key=lambda one: (bool(one.walks), one.walks >= minimum))
    return Coverage(rules.coverage.basis, minimum, found, sees_all)


def walks_by_item(user: User, campaign: Campaign) -> Counter:
    """{item id: reported walks (次) the person sees}; one query."""
    whole = whole_period(campaign.starts_on, campaign.ends_on)
    rows = counted_walks(user, campaign, whole).filter(is_reported()).order_by()
    return Counter(dict(rows.values_list("item_id").annotate(total=Count("pk"))))


def pool_rows(user: User, campaign: Campaign) -> list[dict]:
    """The list in unit order, each with ``walks`` (次) reported that the person sees; two queries."""
    walks = walks_by_item(user, campaign)
    fields = ("id", "item_id", "item__name", "item__kind", "item__department__name", "provenance", "note")
    rows = pool_visible_to(user).filter(campaign=campaign)
    rows = rows.order_by("item__department__order", "item__department_id", "item__order", "id").values(*fields)
    return [
        row | {"walks": walks.get(row["item_id"], 0), "provenance_label": LABELS[row["provenance"]]} for row in rows
    ]


def rates_by_provenance(rows: Iterable[dict]) -> list[dict]:
    """For each provenance and in all: {"label", "items" 个, "walked" 个, "rate" 0–100 or None, "note"}."""
    rows = list(rows)
    groups = [(label, [row for row in rows if row["provenance"] == code]) for code, label in Provenance.choices]
    found = []
    for label, group in [("合计", rows), *groups]:
        walked = sum(1 for row in group if row["walks"])
        note = f"已体验 {walked}／{len(group)} 个"
        share = rate(walked, len(group))
        found.append({"label": label, "items": len(group), "walked": walked, "rate": share, "note": note})
    return found
