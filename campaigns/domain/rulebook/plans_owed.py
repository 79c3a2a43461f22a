"""Who owes a plan of walks for which period, by when, to whom: the one place that decides it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from campaigns.domain.rulebook.due_dates import DueDate, due_of, last_walking_day
from campaigns.domain.rulebook.duties import Hotline, Routes, Unit, duties, to_whom
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import DeadlineKind
from core.periods import Period
from core.workdays import WorkCalendar


@dataclass(frozen=True)
class PlanDuty:
    """A plan that a unit hands in for one walking period, by ``due_on`` (None: the notice sets no day).

    ``receivers``: to whom, the leading unit first.
    """

    unit_id: int
    period: Period
    due_on: date | None
    receivers: tuple[int, ...] = ()


def asks_for_plans(rules: Rulebook) -> bool:
    """True when units hand in a plan; one that the unit only keeps (不要求报送) is owed to nobody."""
    return rules.planning.required and rules.planning.filed


def plans_owed(
    rules: Rulebook,
    units: Iterable[Unit],
    due_dates: Iterable[DueDate],
    *,
    today: date,
    calendar: WorkCalendar,
    routes: Callable[[date], Routes] | None = None,
    hotline: Hotline | None = None,
) -> list[PlanDuty]:
    """Every plan owed, in the order of ``duties``.

    Where the rules ask for plans, a unit owes one for each period in which it owes walks, unless it was not bound on
    the day the plan is due: it joined later, had left or was away. ``due_dates``: as shown; the periods are those of
    the walks among them. A plan goes to whoever receives today, or on the nearest day of its period.
    """
    if not asks_for_plans(rules):
        return []
    units, due_dates = list(units), list(due_dates)
    by_id = {unit.id: unit for unit in units}
    shown = {one.period.code: one.due_on for one in due_dates if one.kind == DeadlineKind.PLAN}
    walks = [one for one in due_dates if one.kind == DeadlineKind.WALK]
    found: dict[tuple[int, str], PlanDuty] = {}
    for duty in duties(rules, units, walks, today=today, hotline=hotline):
        unit, period = by_id[duty.unit_id], duty.period
        due_on = shown.get(period.code) or plan_due(rules, period, calendar)
        if due_on is None or unit.is_bound(due_on, today):
            day = min(max(today, period.starts_on), period.ends_on)
            receivers = to_whom(routes(day) if routes else {}, duty.activity_kinds, unit.kind)
            found.setdefault((unit.id, period.code), PlanDuty(unit.id, period, due_on, receivers))
    return list(found.values())


def plan_due(rules: Rulebook, period: Period, calendar: WorkCalendar) -> date | None:
    """By when the plan of a period is due by the rules; None: the notice sets no day."""
    found = due_of(rules.planning.due, period, calendar, last_walk=last_walking_day(rules))
    return found[0] if found else None
