"""What differs between frozen versions: two of them side by side, and what later periods tell of the earlier ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from core.periods import Period, label_of
from reports.domain.counted_rows import COUNTERS, KINDS, RowChange, Rows, differences, in_both, snapshot
from reports.domain.figures import FIGURES, Figure, ReportQuery
from reports.domain.names import UNIT, Names
from reports.domain.queries import SYSTEM
from reports.domain.summary import contract
from reports.domain.zero_reports import table_with_zero
from reports.models import Publication

# The figures of a publication, in the order of its page.
FROZEN = (
    *("units_total", "units_walked", "units_not_reported"),
    *("sessions", "person_times", "principal_person_times", "people", "items", "item_walks"),
    *("issues_found", "fixed_on_spot", "on_ledger", "closed", "verified", "rebounds", "not_due", "overdue"),
    *("measures", "needs", "needs_replied", "needs_waiting"),
)
OF_A_UNIT = ("sessions", "person_times", "items", "issues_found", "closed", "overdue")


@dataclass(frozen=True)
class FigureChange:
    """One figure on both sides; ``unit_name`` "" is the total. None: the unit stands on the other side only."""

    figure: Figure
    before: int | None
    after: int | None
    unit_name: str = ""

    @property
    def step(self) -> str:
        """How much more or less the second side says, with its sign; 持平 when both say the same."""
        if self.before is None or self.after is None:
            return "仅前者有" if self.after is None else "仅后者有"
        return f"{self.after - self.before:+d}" if self.after != self.before else "持平"


@dataclass(frozen=True)
class Comparison:
    """``figures``: every total; ``units``, ``rows`` and ``papers`` (keys): only what differs. ``papers`` is None where
    one side was never written down as papers.

    Two periods count rows of their own and have papers of their own: between them ``papers`` is None, ``rows`` holds
    what differs in the rows that both count (a month and its quarter), and ``alone`` says how many rows only one side
    counts."""

    figures: list[FigureChange]
    units: list[FigureChange]
    rows: list[RowChange]
    papers: list[str] | None
    alone: str = ""


def frozen_figures(data: dict) -> list[tuple[Figure, int]]:
    """(figure, its published value) in fixed order."""
    counted = data | {"units_not_reported": len(data["units_not_reported"])}
    return [(FIGURES[key], counted[key]) for key in FROZEN]


def frozen_zero(data: dict) -> list[tuple[str, list[str]]]:
    """(label, units) of each reporting period with 零报告, as it was published."""
    return [(label_of(one["period"]), one["units"]) for one in data["zero_reports"]]


@dataclass(frozen=True)
class ComparedSide:
    """One side of a comparison: what is compared, in ``words``, of which ``period``, with its day of judging, figures
    and rows; ``files``: {paper: SHA-256} of a published version."""

    words: str
    period: str
    as_of: date
    data: dict
    rows: Rows
    files: Mapping[str, str] | None = None


def frozen_side(row: Publication) -> ComparedSide:
    """A version as it was published."""
    files = dict(row.files.values_list("paper", "sha256"))
    return ComparedSide(
        f"{row.asked.label}第 {row.version} 版", row.period, row.summary.as_of, row.summary.data, row.rows, files
    )


def present_side(row: Publication, today: date) -> ComparedSide:
    """The period of a publication as the ledger says it today: beside the frozen side this is 期后变动."""
    query = ReportQuery(row.campaign, row.asked, today, SYSTEM, names=Names(row.names))
    return ComparedSide(
        "现在的台账", row.period, today, contract(row.campaign.code, row.asked, table_with_zero(query)), snapshot(query)
    )


def compare(before: ComparedSide, after: ComparedSide) -> Comparison:
    """Two sides of one campaign beside each other; no query.

    A unit is known by the name it was published with. Rows that only one side counts are one line each, unless the
    sides are of two periods: see ``Comparison``.
    """
    sides = zip(frozen_figures(before.data), frozen_figures(after.data), strict=True)
    figures = [FigureChange(figure, then, now) for (figure, then), (_, now) in sides]
    units = list(_unit_changes(before, after))
    if before.period != after.period:
        shared = in_both(before.rows, after.rows)
        return Comparison(figures, units, differences(*shared), None, _alone(before.rows, after.rows, shared[0]))
    papers = None
    if before.files is not None and after.files is not None:
        keys = {**before.files, **after.files}
        papers = [key for key in keys if before.files.get(key) != after.files.get(key)]
    return Comparison(figures, units, differences(before.rows, after.rows), papers)


def _alone(before: Rows, after: Rows, shared: Rows) -> str:
    """仅前者计入体验 3 次、问题 9 个，仅后者计入…，两者都计入…."""
    parts = []
    for words, rows, less in (
        ("仅前者计入", before, shared),
        ("仅后者计入", after, shared),
        ("两者都计入", shared, {}),
    ):
        numbers = {kind: len(rows.get(kind, {})) - len(less.get(kind, {})) for kind in KINDS}
        parts.append(words + "、".join(f"{KINDS[kind]} {number} {COUNTERS[kind]}" for kind, number in numbers.items()))
    return "，".join(parts)


def _unit_changes(before: ComparedSide, after: ComparedSide) -> Iterable[FigureChange]:
    one, other = ({unit["name"]: unit for unit in side.data["units"]} for side in (before, after))
    for name in {**one, **other}:
        for key in OF_A_UNIT:
            then, now = one.get(name, {}).get(key), other.get(name, {}).get(key)
            if then != now and (then or now):
                yield FigureChange(FIGURES[key], then, now, name)


def changed_earlier(query: ReportQuery) -> list[str]:
    """期后变动: what has changed, by the day of judging, in the rows of the periods published before this one; what an
    earlier publication of the campaign told already is left out. 3 queries at most, whatever the number of periods.
    """
    earlier = _earlier(query)
    if not earlier:
        return []
    periods = [(one.asked.starts_on, one.asked.ends_on) for one in earlier]
    range_of_days = replace(query.period, starts_on=min(periods)[0], ends_on=max(ends for _, ends in periods))
    names = Names()
    now = _of_periods(snapshot(replace(query, period=range_of_days, names=names)), periods)
    now["issues"] |= _called_as_published(now["issues"], earlier, names)
    then: Rows = {kind: {} for kind in KINDS}
    for one in earlier:
        for kind in KINDS:
            then[kind] |= one.rows.get(kind, {})
    told = {line for one in earlier for line in one.changed_earlier}
    return [change.words for change in differences(then, now) if change.words not in told]


def _called_as_published(issues: dict, earlier: list[Publication], names: Names) -> dict:
    """The issues that were published, their units called as they were then: a new name is no change of the issue."""
    found = {}
    for one in earlier:
        kept = one.names.get(UNIT, {})
        then = {name: kept[pk] for pk, name in names.used.get(UNIT, {}).items() if pk in kept}
        for number in one.rows.get("issues", {}):
            if values := issues.get(number):
                found[number] = values | {"unit": then.get(values["unit"], values["unit"])}
    return found


def _earlier(query: ReportQuery) -> list[Publication]:
    """The last published version of each period of this kind that ended before this one began."""
    if query.period.kind == "whole":
        return []
    kept: dict[str, Publication] = {}
    rows = Publication.objects.filter(campaign=query.campaign).select_related("summary").order_by("version")
    for row in rows:
        if is_earlier(row, query.period):
            kept[row.period] = row
    return list(kept.values())


def is_earlier(row: Publication, period: Period) -> bool:
    """Whether the publication is of a period of the same kind that lies wholly before ``period``."""
    return row.asked.ends_on < period.starts_on and row.asked.kind == period.kind


def _of_periods(rows: Rows, periods: list[tuple[date, date]]) -> Rows:
    """The rows whose day lies in one of the periods."""
    return {
        kind: {
            key: values
            for key, values in found.items()
            if any(first.isoformat() <= values["day"] <= last.isoformat() for first, last in periods)
        }
        for kind, found in rows.items()
    }
