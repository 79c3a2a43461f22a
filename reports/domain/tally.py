"""Count a period in a fixed number of queries: the sources of the figures, grouped by unit."""

from django.db.models import Case, Count, QuerySet, Sum, When

from accounts.models import Department
from campaigns.domain.versions import categories_of
from campaigns.enums import ActivityKind
from reports.domain import figures
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.summary import ISSUE_COUNTS, Facts, SummaryTable, tabulate
from walks.domain.queries import falls_short


def table_of(query: ReportQuery) -> SummaryTable:
    """The figures of a period through one scope; 7 queries, one more when a unit beyond the list has rows."""
    return tabulate(facts_of(query))


def facts_of(query: ReportQuery) -> Facts:
    """The grouped rows behind the figures; ``unit_id`` and ``category`` of ``query`` narrow them as they do a list."""
    names = query.names
    units = tuple((unit.id, names.unit(unit.id, unit.name)) for unit in figures.units_bound(query))
    categories, elsewhere = categories_of(query.campaign.pk)
    counted, short = _walks(query)
    groups = {
        "walks": counted,
        "short": short,
        "participations": _grouped(figures.participants(query), "walk__department_id", "user_id", "capacity"),
        "issues": _issues(query),
        "measures": _measures(query),
        "needs": _grouped(figures.needs(query), "walk__department_id"),
    }
    beyond = {row[0] for rows in groups.values() for row in rows} - {unit for unit, _ in units}
    found = Department.objects.filter(pk__in=beyond).values_list("pk", "name") if beyond else ()
    others = {pk: names.unit(pk, name) for pk, name in found}
    return Facts(units=units, categories=categories, elsewhere=elsewhere, others=others, **groups)


def _grouped(rows: QuerySet, *fields: str) -> tuple[tuple, ...]:
    counted = rows.order_by(*fields).values_list(*fields).annotate(n=Count("pk"))
    return tuple(counted)


def _walks(query: ReportQuery) -> tuple[tuple[tuple, ...], tuple[tuple, ...]]:
    """(walks that count, by unit, activity and item; those that are 未达标, by unit); one query."""
    order = {kind: place for place, kind in enumerate(ActivityKind.values)}
    rows = figures.reported_walks(query).annotate(is_short=Case(When(falls_short(), then=True), default=False))
    found = _grouped(rows, "department_id", "activity_kind", "item_id", "is_short")
    counted = [(unit, activity, item, n) for unit, activity, item, is_short, n in found if not is_short]
    short = tuple((unit, n) for unit, _, _, is_short, n in found if is_short)
    return tuple(sorted(counted, key=lambda row: (order[row[1]], row))), short


def _issues(query: ReportQuery) -> tuple[tuple, ...]:
    counts = {f"n_{key}": Count("pk", filter=FIGURES[key].condition(query)) for key in ISSUE_COUNTS}
    fields = ("discovering_department_id", "category")
    rows = figures.issues(query).order_by(*fields).values_list(*fields).annotate(**counts)
    return tuple((unit, category, dict(zip(ISSUE_COUNTS, numbers, strict=True))) for unit, category, *numbers in rows)


def _measures(query: ReportQuery) -> tuple[tuple, ...]:
    fields = ("issue__discovering_department_id", "reduction")
    sums = {f"sum_{name}": Sum(name, filter=figures.claims(query), default=0) for name in ("before", "after")}
    return tuple(figures.measures(query).order_by(*fields).values_list(*fields).annotate(n=Count("pk"), **sums))
