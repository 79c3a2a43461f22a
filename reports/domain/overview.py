"""进展总览: where a campaign stands today, period by period, unit by unit and class by class."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from campaigns.domain.rulebook.rulebook import Rulebook
from core.periods import Period
from reports.domain.figures import ReportQuery
from reports.domain.summary import SummaryTable
from reports.domain.tally import table_of
from reports.domain.trend import TrendPoint, periods_up_to, trend

PERIODS_SHOWN = 12


@dataclass(frozen=True)
class Overview:
    """``period``: the question about the period that holds the day; ``whole``: about the whole campaign, with the
    table of each. ``points``: the last periods, oldest first."""

    period: ReportQuery
    whole: ReportQuery
    period_table: SummaryTable
    whole_table: SummaryTable
    points: list[TrendPoint]

    def of_period(self, period: Period) -> ReportQuery:
        """The same question about one of the periods."""
        return replace(self.period, period=period)


def overview_of(query: ReportQuery, rules: Rulebook) -> Overview:
    """The overview over what ``query`` (the period that holds its day of judging) reads; 16 queries at most."""
    whole = replace(query, period=rules.whole)
    periods = periods_up_to(query.period, rules.starts_on, PERIODS_SHOWN)
    return Overview(query, whole, table_of(query), table_of(whole), trend(query, periods))


def shade(found: int, most: int) -> int:
    """How dark a cell of unit and class is: 0 for none, 1 to 4 by quarters of the largest."""
    return -(-4 * found // most) if found else 0


def by_category(table: SummaryTable) -> list[tuple[int | None, str, Mapping[str, int]]]:
    """(unit, name, {class: 个 found}) of every unit in which anything was found, in the order of the list."""
    lines = [line for line in table.lines if any(line.by_category.values())]
    return [(line.unit_id, line.name, line.by_category) for line in lines]
