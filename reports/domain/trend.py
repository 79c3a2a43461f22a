"""How a campaign went from period to period, counted in two queries whatever their number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from core.periods import Period
from reports.domain import figures
from reports.domain.figures import FIGURES, ReportQuery

OF_ISSUES = ("issues_found", "closed", "overdue", "rebounds")
SHOWN = ("sessions", *OF_ISSUES)


@dataclass(frozen=True)
class TrendPoint:
    """One period and its figures by key: 次 of walks, 个 of issues found in it, judged on the day of the question."""

    period: Period
    values: dict[str, int]


def trend(query: ReportQuery, periods: Sequence[Period]) -> list[TrendPoint]:
    """A point for each of the periods, which follow one another; 2 queries.

    Each number is what ``FIGURES[key].rows`` counts with ``query.period`` set to the period.
    """
    if not periods:
        return []
    asked = replace(query, period=replace(periods[0], ends_on=periods[-1].ends_on))
    conditions = {key: Count("pk", filter=FIGURES[key].condition(asked)) for key in OF_ISSUES}
    walks = _by_day(figures.walks(asked), F("walk_date"), {"sessions": Count("pk")})
    issues = _by_day(figures.issues(asked), Coalesce("walk__walk_date", "found_on"), conditions)
    return [
        TrendPoint(period, _sum(walks, ("sessions",), period) | _sum(issues, OF_ISSUES, period)) for period in periods
    ]


def _by_day(rows: QuerySet, day: F | Coalesce, counts: dict[str, Count]) -> list[tuple[date, tuple[int, ...]]]:
    counted = rows.order_by().annotate(trend_day=day).values_list("trend_day")
    # No field of the model has such a name.
    found = counted.annotate(**{f"n_{key}": count for key, count in counts.items()})
    return [(on, tuple(numbers)) for on, *numbers in found]


def _sum(rows: Iterable[tuple[date, tuple[int, ...]]], keys: tuple[str, ...], period: Period) -> dict[str, int]:
    within = [numbers for day, numbers in rows if day in period]
    return {key: sum(numbers[place] for numbers in within) for place, key in enumerate(keys)}


def periods_up_to(last: Period, first_day: date, most: int) -> list[Period]:
    """At most ``most`` periods that follow one another and end with ``last``, none of which ends before
    ``first_day``; one for a campaign that is a single period."""
    found = [last]
    while last.kind != "whole" and len(found) < most and found[0].starts_on > first_day:
        found.insert(0, found[0].previous())
    return found
