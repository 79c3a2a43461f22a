"""What falls due when, from a campaign's rules. Pure: rules and calendar in, dates out.

"N日前" is inclusive, to 24:00 Asia/Shanghai. A date on a rest day stays unless the rules shift it: the notices set
weekend dates themselves (M18: Sunday 2018-07-15, W23: Saturday 2023-04-15).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.domain.rulebook.due_rule import Due
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import DeadlineKind, DueWay, Shift
from core.periods import Period
from core.workdays import WorkCalendar

ORDER = {kind: place for place, kind in enumerate(DeadlineKind.values)}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DueDate:
    """One due date of one period. ``is_provisional`` 暂定: it depends on a year whose notice is not loaded."""

    kind: str
    period: Period
    due_on: date
    is_provisional: bool

    def as_dict(self) -> dict:
        """The form of ``preview_campaign --json`` (contract)."""
        return {
            "period": self.period.code,
            "kind": str(self.kind),
            "due_on": self.due_on.isoformat(),
            "provisional": self.is_provisional,
        }


def deadlines(rules: Rulebook, calendar: WorkCalendar, *, until: date | None = None) -> list[DueDate]:
    """Every due date the rules give for their window, in the order of time; periods begun after ``until`` left out.

    A period counts when its due date lies in the window or the window holds at least half of its days: what a campaign
    that ends on 31 December found in that quarter is still reported in January (F16).
    """
    found = [*_plan(rules, calendar), *_walks(rules, calendar, until), *_reports(rules, calendar, until)]
    return sorted(found, key=in_time)


def in_time(one: DueDate) -> tuple:
    """The order in which due dates are listed: by day, then plan, walk, report, summary."""
    return one.due_on, ORDER[one.kind], one.period.starts_on


def report_due(rules: Rulebook, period: Period, calendar: WorkCalendar) -> tuple[date, bool] | None:
    """(date, 暂定) by which units report ``period``; None when the rules name none."""
    return resolve(rules.reporting.due, period, rules, calendar)


def due_of(due: Due, period: Period, calendar: WorkCalendar, *, last_walk: date) -> tuple[date, bool] | None:
    """(date, 暂定) of one rule for one period; None for 通知未定期限. ``last_walk``: the window's last walking day."""
    after = period.ends_on + ONE_DAY
    match due.way:
        case DueWay.DATE:
            return (due.day, False) if due.day else None
        case DueWay.PERIOD_END:
            return period.ends_on, False
        case DueWay.MONTH_DAY:
            return period.ends_on.replace(day=due.number), False
        case DueWay.NEXT_MONTH_DAY:
            # Of the month after the one the period ends in: with a cut-off the 20th, "after" is still the same month.
            return (period.ends_on.replace(day=1) + timedelta(days=31)).replace(day=due.number), False
        case DueWay.WEEKDAY:
            return period.starts_on + timedelta(days=due.number - 1), False
        case DueWay.NEXT_WEEKDAY:
            return after + timedelta(days=due.number - 1), False
        case DueWay.NEXT_WORKDAYS:
            found = calendar.nth_workday(after, due.number)
            return found, calendar.is_provisional(after, found)
        case DueWay.AFTER_WALKS:
            found = calendar.add_workdays(last_walk, due.number)
            return found, calendar.is_provisional(last_walk, found)
    return None


def resolve(due: Due, period: Period, rules: Rulebook, calendar: WorkCalendar) -> tuple[date, bool] | None:
    """``due_of`` a rule of reporting, moved off a rest day where the rules say so."""
    found = due_of(due, period, calendar, last_walk=last_walking_day(rules))
    if found is None or rules.reporting.shift == Shift.KEEP:
        return found
    day, provisional = found
    earlier = rules.reporting.shift == Shift.EARLIER
    moved = calendar.previous_workday(day) if earlier else calendar.next_workday(day)
    return moved, provisional or calendar.is_provisional(day, moved)


def last_walking_day(rules: Rulebook) -> date:
    """The last day on which a walk is in time: the fixed date of a one-off campaign, else the end of its window."""
    return rules.cadence.due.day or rules.ends_on


def _plan(rules: Rulebook, calendar: WorkCalendar) -> Iterator[DueDate]:
    if not rules.planning.required:
        return
    found = due_of(rules.planning.due, rules.whole, calendar, last_walk=last_walking_day(rules))
    if found:
        yield DueDate(DeadlineKind.PLAN, rules.whole, *found)


def _walks(rules: Rulebook, calendar: WorkCalendar, until: date | None) -> Iterator[DueDate]:
    for period in periods(rules, rules.walk_period_of, until):
        found = due_of(rules.cadence.due, period, calendar, last_walk=last_walking_day(rules))
        if found and holds_half(rules, period):
            yield DueDate(DeadlineKind.WALK, period, *found)


def _reports(rules: Rulebook, calendar: WorkCalendar, until: date | None) -> Iterator[DueDate]:
    pairs = ((DeadlineKind.REPORT, rules.reporting.due), (DeadlineKind.SUMMARY, rules.reporting.summary_due))
    for period in periods(rules, rules.period_of, until):
        for kind, due in pairs:
            found = resolve(due, period, rules, calendar)
            if found and is_reported(rules, period, found[0]):
                yield DueDate(kind, period, *found)


def is_reported(rules: Rulebook, period: Period, due_on: date) -> bool:
    """True when what is due that day for the period is asked of the units: see ``deadlines``."""
    return rules.starts_on <= due_on <= rules.ends_on or holds_half(rules, period)


def first_left_out(rules: Rulebook, calendar: WorkCalendar) -> date | None:
    """The day of the window from which walks fall into no period whose report is asked for: L22 to 31 December cuts off
    its last batch on the 20th. None where every walk is reported."""
    last = rules.period_of(rules.ends_on)
    due = resolve(rules.reporting.due, last, rules, calendar)
    is_cut = last.starts_on > rules.starts_on and due is not None and not is_reported(rules, last, due[0])
    return last.starts_on if is_cut else None


def periods(rules: Rulebook, period_of: Callable[[date], Period], until: date | None = None) -> Iterator[Period]:
    """The periods the window touches, begun by ``until``; ``period_of`` says of which kind."""
    period = period_of(rules.starts_on)
    while period.starts_on <= min(until or rules.ends_on, rules.ends_on):
        yield period
        if period.kind == "whole":
            return
        period = period.next()


def ending_in(rules: Rulebook, period: Period) -> list[Period]:
    """The reporting periods that come to their end within ``period``, the oldest first: the weeks of a month, all of
    them in the whole campaign; one by which units report is its own."""
    if rules.is_handed_in(period):
        return [period]
    found = periods(rules, rules.period_of, min(period.ends_on, rules.ends_on))
    return [one for one in found if period.kind == "whole" or ends_in(one, rules, period)]


def ends_in(one: Period, rules: Rulebook, period: Period) -> bool:
    """Whether a period of the campaign comes to its end within another; the campaign's last day ends every one."""
    return min(one.ends_on, rules.ends_on) in period


def holds_half(rules: Rulebook, period: Period) -> bool:
    """True when at least half of the period's days lie in the window: less than that owes nothing."""
    first, last = max(period.starts_on, rules.starts_on), min(period.ends_on, rules.ends_on)
    return 2 * ((last - first).days + 1) >= (period.ends_on - period.starts_on).days + 1
