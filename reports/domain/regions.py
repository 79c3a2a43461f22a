"""地区汇总: the campaigns of a region and of the regions below it, counted together for one period.

Every campaign has the period by its own rules (a cut-off or none). A region's number is the sum of its campaigns' and
of the regions below it, so that the parent is the sum of its children whatever is walked in two campaigns.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from accounts.models import Region, User
from accounts.scope import scope_of
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.versions import rulebooks_on
from campaigns.models import Campaign
from reports.domain.figures import ReportQuery
from reports.domain.queries import ReportScope
from reports.domain.summary import RATES, rate
from reports.domain.tally import tables_of

COUNTS = (
    "units_total", "units_walked", "sessions", "person_times", "principal_person_times", "items", "needs",
    "issues_found", "fixed_on_spot", "closed", "closed_in_time", "judged", "not_due", "overdue", "rebounds", "measures",
)  # fmt: skip
RATE_KEYS = ("coverage_rate", "rectification_rate", "on_time_rate")


@dataclass(frozen=True)
class RegionLine:
    """One campaign (``query`` is its question) or a region with all below it (``region``); ``values`` by the keys of
    ``COUNTS`` and ``RATE_KEYS``."""

    name: str
    values: Mapping[str, int | float | None]
    region: Region | None = None
    query: ReportQuery | None = None


@dataclass(frozen=True)
class RegionReport:
    """``lines``: the campaigns of the region itself, then the regions right below it that have any. ``above``: the
    regions from the top one the person reads down to this one. ``left_out``: campaigns the period cannot be asked of,
    each with the reason."""

    region: Region
    above: list[Region]
    lines: list[RegionLine]
    total: RegionLine
    left_out: list[tuple[Campaign, str]]


def region_report(tree: "RegionTree", region: Region, code: str, as_of: date) -> RegionReport:
    """The period with that code in the campaigns of the region and below; 8 queries whatever their number, one more
    when a unit beyond a list has rows.

    ``region``: one of ``tree.with_campaigns``.
    """
    campaigns = [one for one in tree.campaigns if region.pk in tree.path(one.region_id)]
    asked, left_out = _asked(tree.user, campaigns, code, as_of)
    tables = tables_of(replace(asked[0], joined=tuple(asked))) if asked else {}
    own: list[RegionLine] = []
    below: dict[int, list[RegionLine]] = defaultdict(list)
    for query in asked:
        values = {key: tables[query.campaign.pk].total.values[key] for key in COUNTS}
        line = RegionLine(query.campaign.name, values | _rates(values), query=query)
        path = tree.path(query.campaign.region_id)
        place = path.index(region.pk)
        (below[path[place + 1]] if place + 1 < len(path) else own).append(line)
    lines = own + [_sum(child, below[child.pk]) for child in tree.ordered(below)]
    above = [tree.regions[pk] for pk in tree.path(region.pk)]
    return RegionReport(region, above, lines, _sum(region, lines), left_out)


def _asked(
    user: User, campaigns: list[Campaign], code: str, as_of: date
) -> tuple[list[ReportQuery], list[tuple[Campaign, str]]]:
    books = rulebooks_on(as_of, [campaign.pk for campaign in campaigns])
    asked, left_out = [], []
    for campaign in campaigns:
        scope = ReportScope("all", campaign.region.name, user)
        try:
            asked.append(ReportQuery(campaign, books[campaign.pk].period(code), as_of, scope))
        except ValueError as error:
            left_out.append((campaign, str(error)))
    return asked, left_out


def _sum(region: Region, lines: Iterable[RegionLine]) -> RegionLine:
    lines = list(lines)
    values = {key: sum(int(line.values[key] or 0) for line in lines) for key in COUNTS}
    return RegionLine(region.name, values | _rates(values), region=region)


def _rates(values: Mapping) -> dict[str, float | None]:
    return {key: rate(values[RATES[key][0]], values[RATES[key][1]]) for key in RATE_KEYS}


class RegionTree:
    """The regions a person reads from above, each reached from the top one of them, and the issued campaigns in them,
    the newest first; two queries."""

    def __init__(self, user: User):
        self.user, read = user, scope_of(user).read_regions
        self.regions = {region.pk: region for region in Region.objects.filter(pk__in=read).order_by("order", "id")}
        rows = campaigns_visible_to(user).filter(region_id__in=read).select_related("region")
        self.campaigns = list(rows.order_by("-starts_on", "id"))

    def path(self, pk: int) -> list[int]:
        """From the top region the person reads down to this one."""
        found: list[int] = []
        step: int | None = pk
        while step in self.regions:
            found.insert(0, step)
            step = self.regions[step].parent_id
        return found

    @property
    def with_campaigns(self) -> list[Region]:
        """Regions with a campaign in them or below, each before those below it."""
        return self.ordered({above for one in self.campaigns for above in self.path(one.region_id)})

    def ordered(self, ids: Iterable[int]) -> list[Region]:
        """Each region before those below it, neighbours in their fixed order."""
        places = {pk: place for place, pk in enumerate(self.regions)}
        wanted = sorted(ids, key=lambda pk: [places[step] for step in self.path(pk)])
        return [self.regions[pk] for pk in wanted]
