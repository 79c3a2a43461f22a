"""Count a period in a fixed number of queries: the sources of the figures, grouped by campaign and unit."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Case, Count, QuerySet, Sum, Value, When

from accounts.domain.queries import unit_names
from campaigns.domain.versions import categories_of, rulebooks_on
from campaigns.enums import ActivityKind
from reports.domain import figures
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.summary import ISSUE_COUNTS, Facts, SummaryTable, tabulate
from walks.domain.queries import falls_short

# In place of an activity: what a ledger alone tells.
TOLD = "ledger"
# {campaign id: its grouped rows}.
Split = dict[int, tuple[tuple, ...]]


def table_of(query: ReportQuery) -> SummaryTable:
    """The figures of a period through one scope; 7 queries, one more when a unit beyond the list has rows."""
    return tables_of(query)[query.campaign.pk]


def tables_of(query: ReportQuery) -> dict[int, SummaryTable]:
    """{campaign id: its figures} of every campaign asked of, in as many queries as for one."""
    bound, (categories, elsewhere) = figures.bound_by_campaign(query), _categories(query)
    counted, short, told = _walks(query)
    groups = {
        "walks": counted,
        "short": short,
        "told": told,
        "participations": _grouped(figures.participants(query), "walk__", "walk__department_id", "user_id", "capacity"),
        "issues": _issues(query),
        "measures": _measures(query),
        "needs": _needs(query),
    }
    known = {unit.id: unit.name for units in bound.values() for unit in units}
    beyond = {row[0] for split in groups.values() for rows in split.values() for row in rows} - set(known)
    known |= unit_names(beyond)
    found = {}
    for campaign, units in bound.items():
        own = {name: split.get(campaign, ()) for name, split in groups.items()}
        listed = tuple((unit.id, query.names.unit(unit.id, unit.name)) for unit in units)
        others = {row[0] for rows in own.values() for row in rows} - {pk for pk, _ in listed}
        named = {pk: query.names.unit(pk, known[pk]) for pk in others}
        found[campaign] = tabulate(
            Facts(listed, categories[campaign], elsewhere.get(campaign, ()), others=named, **own)
        )
    return found


def effect_of(query: ReportQuery, kind: str) -> dict[str, int]:
    """{"before", "after", "saved"} of one reduction over the rows that its figure opens; one query."""
    sums = {name: Sum(name, default=0) for name in ("before", "after")}
    found = FIGURES[f"effect_{kind}"].rows(query).aggregate(**sums)
    return found | {"saved": found["before"] - found["after"]}


def _categories(query: ReportQuery) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[str, ...]]]:
    """The classes of problems of each campaign under its present rules, and where one campaign is asked of those that
    only other versions of its rules have; one query."""
    if not query.joined:
        pk = query.campaign.pk
        present, elsewhere = categories_of(pk)
        return {pk: present}, {pk: elsewhere}
    books = rulebooks_on(query.as_of, [part.campaign.pk for part in query.parts])
    return {pk: rules.rectification.categories for pk, rules in books.items()}, {}


def _split(rows: Iterable[tuple]) -> Split:
    """Rows that begin with the id of their campaign, by it and without it."""
    found: dict[int, list[tuple]] = defaultdict(list)
    for campaign, *row in rows:
        found[campaign].append(tuple(row))
    return {campaign: tuple(own) for campaign, own in found.items()}


def _grouped(rows: QuerySet, walk: str, *fields: str) -> Split:
    """The rows by these fields, the first of which is the unit, each with its number. ``walk``: the way from a row to
    its walk."""
    asked = (f"{walk}campaign_id", *fields)
    return _split(rows.order_by(*asked).values_list(*asked).annotate(n=Count("pk")))


def _walks(query: ReportQuery) -> tuple[Split, Split, Split]:
    """(walks that count, by unit, activity and item; those that are 未达标, by unit; items that a ledger alone tells,
    by unit); one query."""
    order = {kind: place for place, kind in enumerate(ActivityKind.values)}
    rows = figures.reported_walks(query).annotate(is_short=Case(When(falls_short(), then=1), default=0))
    fields = ("campaign_id", "department_id", "activity_kind", "item_id", "is_short")
    of_ledger = figures.told_by_ledger(query).annotate(activity=Value(TOLD), is_short=Value(0))
    told_fields = ("campaign_id", "discovering_department_id", "activity", "item_id", "is_short")
    both = [
        grouped.order_by().values_list(*asked).annotate(n=Count("pk"))
        for grouped, asked in ((rows, fields), (of_ledger, told_fields))
    ]
    counted, short, told = {}, {}, {}
    for campaign, found in _split(both[0].union(both[1], all=True)).items():
        walked = [row for row in found if row[1] != TOLD]
        good = [(unit, activity, item, n) for unit, activity, item, is_short, n in walked if not is_short]
        counted[campaign] = tuple(sorted(good, key=lambda row: (order[row[1]], row)))
        short[campaign] = tuple((unit, n) for unit, _, _, is_short, n in sorted(walked) if is_short)
        told[campaign] = tuple(sorted((row[0], row[2]) for row in found if row[1] == TOLD))
    return counted, short, told


def _issues(query: ReportQuery) -> Split:
    counts = {f"n_{key}": Count("pk", filter=FIGURES[key].condition(query)) for key in ISSUE_COUNTS}
    fields = ("campaign_id", "discovering_department_id", "category")
    rows = figures.issues(query).order_by(*fields).values_list(*fields).annotate(**counts)
    return _split(
        (campaign, unit, category, dict(zip(ISSUE_COUNTS, numbers, strict=True)))
        for campaign, unit, category, *numbers in rows
    )


def _needs(query: ReportQuery) -> Split:
    replied = Count("pk", filter=FIGURES["needs_replied"].condition(query))
    fields = ("walk__campaign_id", "walk__department_id")
    return _split(figures.needs(query).order_by(*fields).values_list(*fields).annotate(n=Count("pk"), replied=replied))


def _measures(query: ReportQuery) -> Split:
    fields = ("issue__campaign_id", "issue__discovering_department_id", "reduction")
    sums = {f"sum_{name}": Sum(name, filter=figures.claims(query), default=0) for name in ("before", "after")}
    return _split(figures.measures(query).order_by(*fields).values_list(*fields).annotate(n=Count("pk"), **sums))
