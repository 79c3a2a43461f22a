"""The figures of a period, added up from grouped rows. Pure: unit list and rows in, table and contract out.

The table starts from the unit list: a unit that did nothing keeps its line (零报告), in the order of the list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from core.periods import Period

UNCLASSIFIED = "未分类"
ZERO = "零报告"
LEADERS = ("principal", "deputy")
REDUCTIONS = ("days", "documents", "steps", "trips")
ISSUE_COUNTS = (
    "issues_found",
    "fixed_on_spot",
    "on_ledger",
    "closed",
    "verified",
    "rebounds",
    "not_due",
    "overdue",
    "closed_in_time",
    "judged",
)
Grouped = TypeVar("Grouped", bound=tuple)
# rate → numerator, denominator
RATES = {
    "rectification_rate": ("closed", "issues_found"),
    "on_time_rate": ("closed_in_time", "judged"),
    "on_spot_rate": ("fixed_on_spot", "issues_found"),
    "coverage_rate": ("units_walked", "units_total"),
}
UNIT_RATES = ("rectification_rate", "on_time_rate", "on_spot_rate")


@dataclass(frozen=True)
class Facts:
    """What was counted, grouped by unit.

    - ``units``: (id, name) in the order of the list; ``others``: {id: name} of units that have rows and are not listed
    - ``categories``: the classes of the present rules; ``elsewhere``: those that only other versions of them have
    - ``told``: (unit, item id) of issues on an office's own ledger whose walk is not recorded
    - ``walks``: (unit, activity, item id, 次) · ``short``: (unit, 次) of walks that are 未达标
    - ``participations``: (unit, person id, capacity, 人次)
    - ``issues``: (unit, category, {count: 件}) · ``needs``: (unit, 条, 条 replied)
    - ``measures``: (unit, reduction or "", 条, sum before, sum after); sums are of claims on closed issues only
    """

    units: tuple[tuple[int, str], ...]
    categories: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    walks: tuple[tuple[int, str, int, int], ...] = ()
    short: tuple[tuple[int, int], ...] = ()
    told: tuple[tuple[int, int], ...] = ()
    participations: tuple[tuple[int, int, str, int], ...] = ()
    issues: tuple[tuple[int, str, Mapping[str, int]], ...] = ()
    measures: tuple[tuple[int, str, int, int, int], ...] = ()
    needs: tuple[tuple[int, int, int], ...] = ()
    others: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ZeroReports:
    """The units (id, name) that gave a 零报告 for one reporting period, in the order of the list."""

    period: Period
    units: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class SummaryLine:
    """One unit, or 合计 with ``unit_id`` None. ``silent``: on the list, and no walk that counts was reported. ``zero``:
    its 零报告 in words, "" without one."""

    unit_id: int | None
    name: str
    silent: bool
    activities: tuple[str, ...]
    values: Mapping[str, int | float | None]
    by_category: Mapping[str, int]
    zero: str = ""


@dataclass(frozen=True)
class SummaryTable:
    """A period's figures. ``effects``: {reduction: {"before", "after", "saved"}} in the reduction's own unit.
    ``elsewhere``: classes that only other versions of the rules have, whether they have problems or not. ``zero``: the
    零报告 of each reporting period that has any (``reports.domain.zero_reports``)."""

    lines: tuple[SummaryLine, ...]
    total: SummaryLine
    effects: Mapping[str, Mapping[str, int]]
    elsewhere: tuple[str, ...] = ()
    zero: tuple[ZeroReports, ...] = ()

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(self.total.by_category)


def rate(part: int, whole: int) -> float | None:
    """Per cent with one decimal, half up (13 of 25 → 52.0); None when there is nothing to divide by."""
    if not whole:
        return None
    return float((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def tabulate(facts: Facts) -> SummaryTable:
    """Every unit of the list with its figures, units beyond the list after it, and 合计 over all of them."""
    categories, listed = _categories(facts), {unit for unit, _ in facts.units}
    walks, participations, issues = _by_unit(facts.walks), _by_unit(facts.participations), _by_unit(facts.issues)
    measures, needs, short = _by_unit(facts.measures), _by_unit(facts.needs), _by_unit(facts.short)
    told = _by_unit(facts.told)
    lines = []
    for unit, name in [*facts.units, *sorted(facts.others.items())]:
        own = replace(
            facts,
            walks=walks.get(unit, ()),
            short=short.get(unit, ()),
            told=told.get(unit, ()),
            participations=participations.get(unit, ()),
            issues=issues.get(unit, ()),
            measures=measures.get(unit, ()),
            needs=needs.get(unit, ()),
        )
        line = _line(own, unit, name, categories)
        lines.append(replace(line, silent=unit in listed and not line.values["sessions"]))
    total = _line(facts, None, "合计", categories)
    walked = len({unit for unit, *_ in facts.walks} & listed)
    units = {"units_total": len(listed), "units_walked": walked, "units_not_reported": len(listed) - walked}
    values = {**total.values, **units, "coverage_rate": rate(walked, len(listed))}
    effects = {kind: _effect(facts, kind) for kind in REDUCTIONS}
    return SummaryTable(tuple(lines), replace(total, values=values), effects, facts.elsewhere)


def contract(code: str, period: Period, table: SummaryTable) -> dict:
    """The keys of ``summary --json`` (docs/contract.md), in their order."""
    total = table.total.values
    return {
        "campaign": code,
        "period": period.code,
        "starts_on": period.starts_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
        "units_total": total["units_total"],
        "units_walked": total["units_walked"],
        "units_not_reported": [line.name for line in table.lines if line.silent],
        "zero_reports": [{"period": one.period.code, "units": [name for _, name in one.units]} for one in table.zero],
        **{name: total[name] for name in ("sessions", "person_times", "principal_person_times", "people")},
        **{name: total[name] for name in ("items", "item_walks", "issues_found")},
        "by_category": dict(table.total.by_category),
        **{name: total[name] for name in ("fixed_on_spot", "on_ledger", "closed", "verified", "rebounds")},
        **{name: total[name] for name in ("not_due", "overdue", "measures", *NEEDS)},
        **{name: total[name] for name in ("rectification_rate", "on_time_rate")},
        "effects": {kind: dict(table.effects[kind]) for kind in REDUCTIONS},
        "units": [{"name": line.name} | {name: line.values[name] for name in UNIT_KEYS} for line in table.lines],
    }


NEEDS = ("needs", "needs_replied", "needs_waiting")
UNIT_KEYS = ("sessions", "person_times", "items", "issues_found", "closed", "overdue", "rectification_rate")


def _categories(facts: Facts) -> tuple[str, ...]:
    """The campaign's own classes first, then others that occur, 未分类 last."""
    occurring = {category for _, category, counts in facts.issues if counts["issues_found"]}
    others = sorted(occurring - {*facts.categories, ""})
    return (*facts.categories, *others, *((UNCLASSIFIED,) if "" in occurring else ()))


def _by_unit(rows: Iterable[Grouped]) -> dict[int, tuple[Grouped, ...]]:
    found: dict[int, list[Grouped]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return {unit: tuple(own) for unit, own in found.items()}


def _line(facts: Facts, unit: int | None, name: str, categories: tuple[str, ...]) -> SummaryLine:
    """One line over all the rows of ``facts``."""
    led = [row for row in facts.participations if row[2] in LEADERS]
    by_category = dict.fromkeys(categories, 0)
    for _, category, counts in facts.issues:
        if counts["issues_found"]:
            by_category[category or UNCLASSIFIED] += counts["issues_found"]
    walks = sum(n for *_, n in facts.walks)
    counted: dict[str, int] = {
        "sessions": walks,
        "person_times": sum(n for *_, n in led),
        "principal_person_times": sum(n for _, _, capacity, n in led if capacity == "principal"),
        "people": len({person for _, person, _, _ in led}),
        "items": len({item for _, _, item, _ in facts.walks} | {item for _, item in facts.told}),
        "item_walks": walks,
        "short": sum(n for _, n in facts.short),
        **_needs(facts),
        "measures": sum(n for _, _, n, _, _ in facts.measures),
        **{count: sum(counts[count] for _, _, counts in facts.issues) for count in ISSUE_COUNTS},
    }
    rates = {key: rate(counted[RATES[key][0]], counted[RATES[key][1]]) for key in UNIT_RATES}
    activities = tuple(dict.fromkeys(activity for _, activity, _, _ in facts.walks))
    return SummaryLine(unit, name, False, activities, {**counted, **rates}, by_category)


def _needs(facts: Facts) -> dict[str, int]:
    all_of_them, replied = (sum(row[place] for row in facts.needs) for place in (1, 2))
    return {"needs": all_of_them, "needs_replied": replied, "needs_waiting": all_of_them - replied}


def _effect(facts: Facts, kind: str) -> dict[str, int]:
    claims = [row for row in facts.measures if row[1] == kind]
    before, after = sum(row[3] for row in claims), sum(row[4] for row in claims)
    return {"before": before, "after": after, "saved": before - after}
