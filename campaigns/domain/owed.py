"""What the roster owes in one period of the board: computed by ``duties`` from the facts of ``duty_facts``."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.duty_facts import WHOLE, due_dates_of, entries_matching, hotline_of, roster_of, unit_of
from campaigns.domain.receivers import history_of
from campaigns.domain.rulebook import duties
from campaigns.domain.rulebook.due_dates import DueDate, ends_in, periods
from campaigns.domain.rulebook.duties import Duty, Hotline, Routes, Unit
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import DeadlineKind, HotlineState
from campaigns.models import Campaign, HotlineRow
from campaigns.rules import may_compare_units
from core.periods import Period


@dataclass(frozen=True)
class Owed:
    """One period: who is bound, to whom things go (``routes``, once for each day from which others receive), every
    shown date of the campaign, and which of them and what duties fall into the period (``wanted``, ``duties``).

    ``walk_period``: the period in which the minimum of walks is owed (L22: the calendar month of the batch). In a
    period of another rhythm than the campaign's (a month of a weekly one) is owed what ends in it.
    """

    rules: Rulebook
    period: Period
    walk_period: Period
    units: list[Unit]
    routes: Sequence[Routes]
    hotline: Hotline
    due_dates: list[DueDate]
    wanted: list[DueDate]
    duties: list[Duty]

    @cached_property
    def _before(self) -> dict[int, list[int]]:
        """{unit that came onto the roster when another one ended: those}."""
        joined = {unit.id: unit.joined_on for unit in self.units if unit.joined_on}
        found: dict[int, list[int]] = defaultdict(list)
        for unit in self.units:
            if unit.succeeded_by in joined and unit.left_on == joined[unit.succeeded_by]:
                found[unit.succeeded_by].append(unit.id)
        return dict(found)

    def fulfilled_by(self, unit_id: int) -> tuple[int, ...]:
        """Whose records of the period fulfil what the unit owes: its own, and those of its predecessors, where it
        came onto the roster in their place. One that stood on it beside them does its own."""
        return (unit_id, *self._before.get(unit_id, ()))

    def of(self, kind: str) -> list[Duty]:
        return [duty for duty in self.duties if duty.kind == kind]

    def by_unit(self, kind: str) -> dict[int, list[Duty]]:
        found: dict[int, list[Duty]] = defaultdict(list)
        for duty in self.of(kind):
            found[duty.unit_id].append(duty)
        return found

    def shown(self, kind: str) -> dict[str, date]:
        """{period: the day it is due} of the whole campaign."""
        return {one.period.code: one.due_on for one in self.due_dates if one.kind == kind}

    def due(self, kind: str) -> tuple[date, bool] | None:
        """(the last date of that kind in the period, 暂定), or None."""
        found = [(one.due_on, one.is_provisional) for one in self.wanted if one.kind == kind]
        return max(found) if found else None


def owed_in(campaign: Campaign, rules: Rulebook, period: Period, *, today: date) -> Owed:
    """What is owed in one reporting period, or in the whole campaign so far: what belongs to a period that has not
    begun by ``today`` is not owed yet. Four queries.
    """
    walk_period = walk_period_of(rules, period)
    due_dates = due_dates_of(campaign)
    wanted = [one for one in due_dates if _belongs(one, rules, period, walk_period)]
    if period.kind == "whole":
        wanted = [one for one in wanted if one.period.starts_on <= max(today, rules.starts_on)]
    units, history, hotline = roster_of(campaign), history_of(campaign), hotline_of(campaign)
    found = duties.duties(rules, units, wanted, today=today, routes=history.ids, hotline=hotline)
    routes = history.during(*_days(rules, period))
    return Owed(rules, period, walk_period, units, routes, hotline, due_dates, wanted, found)


def narrowed_to(owed: Owed, parts: Sequence[Period]) -> Owed:
    """Of what is owed in the whole campaign, what is owed in these of its reporting periods."""
    walks = [(one, walk_period_of(owed.rules, one)) for one in parts]
    return only_due(owed, [one for one in owed.wanted if any(_belongs(one, owed.rules, *pair) for pair in walks)])


def only_due(owed: Owed, wanted: list[DueDate]) -> Owed:
    """Of what is owed, what falls due on these dates."""
    kept = {(one.kind, one.period.code) for one in wanted}
    return replace(owed, wanted=wanted, duties=[one for one in owed.duties if (one.kind, one.period.code) in kept])


def period_choices(rules: Rulebook, today: date) -> list[Period]:
    """The reporting periods begun so far, the newest first, and the whole campaign last."""
    begun = list(periods(rules, rules.period_of, max(today, rules.starts_on)))[::-1]
    return begun if begun[-1].kind == "whole" else [*begun, rules.whole]


def walk_period_of(rules: Rulebook, period: Period) -> Period:
    """The period in which the walks reported in ``period`` are owed; one of another rhythm is that period itself."""
    if period.kind == "whole":
        return rules.whole
    if not rules.is_own(period):
        return period
    return rules.walk_period_of(min(max(period.ends_on, rules.starts_on), rules.ends_on))


def walking_codes(rules: Rulebook, period: Period) -> list[str]:
    """Codes of the walking periods whose walks are owed in ``period``."""
    if rules.is_own(period):
        return [walk_period_of(rules, period).code]
    found = periods(rules, rules.walk_period_of, min(period.ends_on, rules.ends_on))
    return [one.code for one in found if ends_in(one, rules, period)]


def units_seen(user: User, campaign: Campaign, rules: Rulebook) -> list[Unit]:
    """The units of the roster whose doings the person may follow, in their fixed order: every one for office,
    supervisors and the region above, for a lead those whose activities it receives at any time, for a unit itself; two
    queries at most."""
    listed = HotlineRow.objects.filter(
        month__campaign=campaign, month__state=HotlineState.ISSUED, is_listed=True, department=OuterRef("department_id")
    )
    entries = list(entries_matching(Q(campaign=campaign)).annotate(on_hotline=Exists(listed)))
    units = [unit_of(entry) for entry in entries]
    if may_compare_units(user, campaign):
        return units
    routes = history_of(campaign).during(date.min, date.max)
    hotline = {"": frozenset(entry.department_id for entry in entries if entry.on_hotline)}
    return [unit for unit in units if may_follow(user, unit, rules, routes, hotline)]


def may_follow(user: User, unit: Unit, rules: Rulebook, routes: Sequence[Routes], hotline: Hotline) -> bool:
    """True for the person's own unit, and for one whose activities the person receives as a lead, by any of these."""
    scope = scope_of(user)
    return unit.id in scope.units or not scope.leads.isdisjoint(receivers_of(unit, rules, routes, hotline))


def receivers_of(unit: Unit, rules: Rulebook, routes: Sequence[Routes], hotline: Hotline) -> set[int]:
    """The ids of the units that receive its activities by any of these routes."""
    kinds = duties.kinds_for(rules, unit.lists)
    if any(unit.id in units for units in hotline.values()):
        kinds += duties.kinds_for(rules, {"hotline"})
    return {receiver for one in routes for receiver in duties.to_whom(one, kinds, unit.kind)}


def _days(rules: Rulebook, period: Period) -> tuple[date, date]:
    """The first and the last day of a period and of its walking period together."""
    walks = walk_period_of(rules, period)
    return min(period.starts_on, walks.starts_on), max(period.ends_on, walks.ends_on)


def _belongs(one: DueDate, rules: Rulebook, period: Period, walk_period: Period) -> bool:
    if period.kind == "whole":
        return True
    if not rules.is_own(period):
        return ends_in(one.period, rules, period)
    if one.kind in (DeadlineKind.REPORT, DeadlineKind.SUMMARY):
        return one.period.code == period.code
    return one.period.code in (walk_period.code, WHOLE)
