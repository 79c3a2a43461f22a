"""What each unit owes in each period, by when, to whom. Pure: rules, roster and due dates in, duties out.

Walks are owed by the rhythm of the rules (L22: each calendar month), reports by the batch the notice cuts off
(L22: by the 20th), so the two are counted in periods of their own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from accounts.enums import DepartmentKind
from campaigns.domain.due import Deadline
from campaigns.domain.rulebook import Activity, Rulebook
from campaigns.enums import DeadlineKind, UnitList
from core.periods import Period, parse_period

# (activity kind, unit kind or "" for any) → receiving units, the leading one first.
Routes = Mapping[tuple[str, str], tuple[int, ...]]
# duty month (2022-07) → the 跟单处理单位 of its issued list.
Hotline = Mapping[str, frozenset[int]]


@dataclass(frozen=True)
class Unit:
    """A line of the roster: ``lists`` are the UnitLists it stands on, ``left_on`` the day from which it owes nothing
    new; a unit abolished (``is_active`` False) without such a day owes nothing that falls due from today."""

    id: int
    name: str
    kind: str
    lists: frozenset[str]
    left_on: date | None = None
    is_active: bool = True

    def is_bound(self, due_on: date, today: date) -> bool:
        """True when what falls due that day is still this unit's to do."""
        if self.left_on:
            return due_on < self.left_on
        return self.is_active or due_on < today


@dataclass(frozen=True)
class Duty:
    """One thing owed: a plan, ``minimum`` 次 of walks, or a report (DeadlineKind), for one period by ``due_on``.

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


def lists_of(*, kind: str, is_approval: bool, is_enforcement: bool, is_utility: bool) -> frozenset[str]:
    """The UnitLists a unit stands on whatever the month; one unit stands on several (L22: 24 units on two)."""
    named = {
        UnitList.APPROVAL: is_approval,
        UnitList.ENFORCEMENT: is_enforcement,
        UnitList.UTILITY: is_utility,
        UnitList.TOWN: kind == DepartmentKind.TOWN,
    }
    return frozenset({UnitList.ALL, *(one for one, stands in named.items() if stands)})


def duties(
    rules: Rulebook,
    units: Iterable[Unit],
    due_dates: Iterable[Deadline],
    *,
    today: date,
    routes: Routes | None = None,
    hotline: Hotline | None = None,
) -> list[Duty]:
    """Everything owed by the units for the periods of ``due_dates``: the units in their order, each in order of time.

    Plans and reports are owed by whoever takes part in an activity. Walks: the minimum of the rules, fulfilled by any
    activity the unit takes part in (a 处投诉 too unless the rules say otherwise), and one 处投诉 in a month whose
    hotline list names the unit (L22 一（二）). 牵头汇总 is the lead's and not listed.
    """
    wanted = [one for one in due_dates if one.kind != DeadlineKind.SUMMARY]
    found = []
    for unit in units:
        for due in wanted:
            if unit.is_bound(due.due_on, today):
                found += _owed(rules, unit, due, routes or {}, hotline or {})
    return found


def _owed(rules: Rulebook, unit: Unit, due: Deadline, routes: Routes, hotline: Hotline) -> Iterator[Duty]:
    standing = kinds_for(rules, unit.lists)
    listed = _on_hotline(unit, due.period, hotline)
    extra = tuple(kind for kind in kinds_for(rules, {UnitList.HOTLINE}) if kind not in standing) if listed else ()
    if due.kind != DeadlineKind.WALK:
        if standing or extra:
            yield _duty(unit, due, (*standing, *extra), routes)
        return
    if standing:
        kinds = (*standing, *extra) if rules.cadence.complaint_counts else standing
        yield _duty(unit, due, kinds, routes, rules.cadence.minimum)
    if extra:
        yield _duty(unit, due, extra, routes)


def kinds_for(rules: Rulebook, lists: Iterable[str]) -> tuple[str, ...]:
    """The activity kinds in which units on one of these lists take part."""
    return tuple(kind for activity in rules.activities if _takes_part(activity, lists) for kind in activity.kinds)


def to_whom(routes: Routes, kinds: Iterable[str], unit_kind: str) -> tuple[int, ...]:
    """The units that receive these activities from a unit of that kind, each once; the most particular route counts."""
    found = [routes.get((kind, unit_kind)) or routes.get((kind, ""), ()) for kind in kinds]
    return tuple(dict.fromkeys(receiver for one in found for receiver in one))


def _duty(unit: Unit, due: Deadline, kinds: tuple[str, ...], routes: Routes, minimum: int = 1) -> Duty:
    receivers = to_whom(routes, kinds, unit.kind)
    return Duty(unit.id, due.kind, due.period, due.due_on, due.is_provisional, kinds, receivers, minimum)


def _takes_part(activity: Activity, lists: Iterable[str]) -> bool:
    return bool(set(activity.units) & set(lists))


def _on_hotline(unit: Unit, period: Period, hotline: Hotline) -> bool:
    """True when a month that begins in the period names the unit: the batch to 06-20 holds the list of June."""
    return any(unit.id in units and parse_period(month).starts_on in period for month, units in hotline.items())
