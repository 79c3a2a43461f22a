"""What each unit owes in each period, by when, to whom. Pure: rules, roster and due dates in, duties out.

Walks are owed by the rhythm of the rules (L22: each calendar month), reports by the batch the notice cuts off
(L22: by the 20th), so the two are counted in periods of their own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from accounts.enums import DepartmentKind
from campaigns.domain.rulebook.due_dates import DueDate
from campaigns.domain.rulebook.rulebook import Activity, Rulebook
from campaigns.enums import DeadlineKind, UnitList
from core.periods import Period, parse_period

# (activity kind, unit kind or "" for any) → receiving units, the leading one first.
Routes = Mapping[tuple[str, str], tuple[int, ...]]
# duty month (2022-07) → the 跟单处理单位 of its issued list.
Hotline = Mapping[str, frozenset[int]]


@dataclass(frozen=True)
class Unit:
    """A line of the roster: ``lists`` are the UnitLists it stands on, ``left_on`` the day from which it owes nothing
    new, ``joined_on`` the day before which it owed nothing, ``away`` the earlier absences (first day off, day it came
    back): nothing that fell due in one of them is owed. A unit abolished (``is_active`` False) without a day on
    which it left owes nothing that falls due from today. ``succeeded_by``: the successor of an abolished one."""

    id: int
    name: str
    kind: str
    lists: frozenset[str]
    left_on: date | None = None
    is_active: bool = True
    joined_on: date | None = None
    away: tuple[tuple[date, date], ...] = ()
    succeeded_by: int | None = None

    def is_bound(self, due_on: date, today: date) -> bool:
        """True when what falls due that day is still this unit's to do."""
        if self.joined_on and due_on < self.joined_on:
            return False
        if any(left_on <= due_on < back_on for left_on, back_on in self.away):
            return False
        if self.left_on:
            return due_on < self.left_on
        return self.is_active or due_on < today


@dataclass(frozen=True)
class Duty:
    """One thing owed: ``minimum`` 次 of walks, or a report (DeadlineKind), for one period by ``due_on``.

    ``activity_kinds``: what fulfils it; ``receivers``: to whom, the leading unit first. ``is_provisional`` 暂定.
    """

    unit_id: int
    kind: str
    period: Period
    due_on: date
    is_provisional: bool
    activity_kinds: tuple[str, ...]
    receivers: tuple[int, ...]
    minimum: int = 1


def lists_of(
    *, kind: str, is_approval: bool, is_enforcement: bool, is_utility: bool, leads_bundle: bool = False
) -> frozenset[str]:
    """The UnitLists a unit stands on whatever the month; one unit stands on several (L22: 24 units on two)."""
    named = {
        UnitList.APPROVAL: is_approval,
        UnitList.ENFORCEMENT: is_enforcement,
        UnitList.UTILITY: is_utility or kind == DepartmentKind.UTILITY,
        UnitList.TOWN: kind == DepartmentKind.TOWN,
        UnitList.BUNDLE_LEAD: leads_bundle,
    }
    return frozenset({UnitList.ALL, *(one for one, stands in named.items() if stands)})


def duties(
    rules: Rulebook,
    units: Iterable[Unit],
    due_dates: Iterable[DueDate],
    *,
    today: date,
    routes: Callable[[date], Routes] | None = None,
    hotline: Hotline | None = None,
) -> list[Duty]:
    """Everything owed by the units for the periods of ``due_dates``: the units in their order, each in order of time.

    Reports are owed by whoever takes part in an activity. Walks: the minimum of the rules, fulfilled by any activity
    the unit takes part in (a 处投诉 too unless the rules say otherwise), and one 处投诉 in a month whose hotline list
    names the unit (L22 一（二）). Plans: ``plans_owed``. 牵头汇总 is the lead's and not listed.

    ``routes``: who receives on a day; a duty goes to whoever receives on the last day of its period, or on the day it
    is due where that comes first.
    """
    wanted = [one for one in due_dates if one.kind in (DeadlineKind.WALK, DeadlineKind.REPORT)]
    hot = kinds_for(rules, {UnitList.HOTLINE})
    months = {parse_period(month).starts_on: units for month, units in (hotline or {}).items()}
    receivers = cache(lambda kinds, unit_kind, day: to_whom(routes(day) if routes else {}, kinds, unit_kind))
    found = []
    for unit in units:
        regular = kinds_for(rules, unit.lists)
        extra = tuple(kind for kind in hot if kind not in regular)
        # The batch to 06-20 holds the list of June: the month that begins in it.
        served = [first for first, listed in months.items() if unit.id in listed]
        for due in wanted:
            if unit.is_bound(due.due_on, today):
                listed = any(first in due.period for first in served)
                found += [
                    Duty(
                        unit.id, due.kind, due.period, due.due_on, due.is_provisional,
                        kinds, receivers(kinds, unit.kind, min(due.due_on, due.period.ends_on)), minimum,
                    )
                    for kinds, minimum in _owed(rules, due, regular, extra if listed else ())
                ]  # fmt: skip
    return found


def _owed(
    rules: Rulebook, due: DueDate, regular: tuple[str, ...], extra: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], int]]:
    """(what fulfils it, minimum) of each duty by that date; ``extra``: the kinds only a hotline list asks for."""
    if due.kind != DeadlineKind.WALK:
        if regular or extra:
            yield (*regular, *extra), 1
        return
    if regular:
        yield (*regular, *extra) if rules.cadence.complaint_counts else regular, rules.cadence.minimum
    if extra:
        yield extra, 1


def kinds_for(rules: Rulebook, lists: Iterable[str]) -> tuple[str, ...]:
    """The activity kinds in which units on one of these lists take part."""
    return tuple(kind for activity in rules.activities if _takes_part(activity, lists) for kind in activity.kinds)


def to_whom(routes: Routes, kinds: Iterable[str], unit_kind: str) -> tuple[int, ...]:
    """The units that receive these activities from a unit of that kind, each once; the most particular route counts."""
    found = [routes.get((kind, unit_kind)) or routes.get((kind, ""), ()) for kind in kinds]
    return tuple(dict.fromkeys(receiver for one in found for receiver in one))


def _takes_part(activity: Activity, lists: Iterable[str]) -> bool:
    return bool(set(activity.units) & set(lists))
