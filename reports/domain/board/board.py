"""Planned and done: every unit of the roster in its fixed order, also without any walk, with what it owes and did."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max
from django.utils import timezone

from accounts.models import User
from campaigns.domain.owed import Owed, may_follow, owed_in
from campaigns.domain.rulebook.duties import Duty, Unit
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import DeadlineKind
from campaigns.models import Campaign
from campaigns.rules import may_compare_units
from core.calendar import work_calendar
from core.periods import Period
from core.workdays import WorkCalendar, late_days
from plans.domain.progress import PlanStatus, plan_statuses, planned_by_unit
from reports.domain.board import counts
from reports.domain.board.counts import BY_PRINCIPAL, LATE, REPORTED, SHORT, WALKED, ZERO
from reports.domain.board.minimum import walks_toward
from reports.domain.submissions.queries import submissions_visible_to
from reports.domain.summary import rate
from reports.enums import WITH_UNIT, SubmissionContent
from walks.enums import Capacity

# State of a line → its words; the order is that of the filter above the table.
STATES = {
    "overdue": "逾期未报",
    "late": "逾期报送",
    "not_started": "未开展",
    "in_progress": "体验中",
    "reported": "已报送",
    "zero": "零报告",
    "short": "未达标",
    "left": "已退出",
    "free": "不承担",
}


@dataclass(frozen=True)
class Walker:
    """Who actually walked, and how often (次); ``capacity`` tells a delegated walk from the principal's own."""

    name: str
    capacity: str
    times: int

    @property
    def words(self) -> str:
        """张三（委托，2次）."""
        others: dict[str, str] = {Capacity.DEPUTY: "委托", Capacity.OTHER: "其他人员"}
        words = [word for word in (others.get(self.capacity, ""), f"{self.times}次" if self.times > 1 else "") if word]
        return f"{self.name}（{'，'.join(words)}）" if words else self.name


@dataclass
class BoardLine:
    """One unit. Counts are walks (次) of the reporting period, ``planned`` rows (项) of filed plans, of which ``begun``
    are being walked; ``short`` walks lack a 环节 the notice asks for and count in no other figure. ``lacks``: the
    one activity kind that alone fulfils what is still owed (处投诉 of a 跟单处理单位). ``minimum``: what the
    principal owes, each walking period by itself, of which ``fulfilled`` is done; ``toward``: the walks counted for it.
    ``missed``: periods (期) whose report is overdue; ``late_days`` 工作日, the longest of them, due on ``late_since``.
    ``plan``: None where no plan is asked for. ``is_explained``: the unit gave a 零报告 in place of a walk. ``before``:
    walks (次) reported by its predecessors, which count in no figure of its own but fulfil what it owes.
    """

    unit: Unit
    planned: int = 0
    begun: int = 0
    walked: int = 0
    principal: int = 0
    short: int = 0
    reported: int = 0
    late: int = 0
    zero: int = 0
    late_days: int = 0
    late_since: date | None = None
    walkers: list[Walker] = field(default_factory=list)
    minimum: int = 0
    lacks: list[str] = field(default_factory=list)
    fulfilled: int = 0
    toward: int = 0
    missed: int = 0
    plan: PlanStatus | None = None
    owes: bool = False
    status: str = ""
    is_explained: bool = False
    before: int = 0

    @property
    def is_done(self) -> bool:
        """A walk was reported, by the unit or by a predecessor."""
        return bool(self.reported or self.before)

    @property
    def is_silent(self) -> bool:
        """It owes something and reported no walk."""
        return bool(self.owes and not self.is_done)

    @property
    def has_records(self) -> bool:
        return bool(self.walked or self.short or self.planned)

    @property
    def is_late(self) -> bool:
        """A report or a plan is overdue or came late."""
        return self.status in ("late", "overdue") or bool(self.plan and self.plan.is_late)


@dataclass(frozen=True)
class Board:
    """``walk_period``: the period in which the minimum of walks is owed (L22: the calendar month of the batch).

    ``report_due``, ``summary_due`` and ``walk_due``: (date, 暂定) or None. ``sees_all``: every unit of
    the roster, not only some.
    """

    period: Period
    walk_period: Period
    report_due: tuple[date, bool] | None
    summary_due: tuple[date, bool] | None
    walk_due: tuple[date, bool] | None
    lines: list[BoardLine]
    sees_all: bool

    @property
    def owing(self) -> list[BoardLine]:
        """The distinct units every rate is measured against."""
        return [line for line in self.lines if line.owes]

    @property
    def done(self) -> list[BoardLine]:
        return [line for line in self.owing if line.is_done]

    @property
    def silent(self) -> list[BoardLine]:
        """Units that owe something and reported no walk."""
        return [line for line in self.lines if line.is_silent]

    @property
    def late(self) -> list[BoardLine]:
        """Units that owe and are overdue or came late: 开展率 says nothing of them, so they stand beside it."""
        return [line for line in self.owing if line.is_late]

    @property
    def rate(self) -> float | None:
        """开展率 0–100; None without a unit that owes anything. Whether, not when or how often."""
        return rate(len(self.done), len(self.owing))

    def count(self, *states: str) -> int:
        return sum(line.status in states for line in self.lines)


def board_of(user: User, campaign: Campaign, rules: Rulebook, *, period: Period, today: date) -> Board:
    """The board of one reporting period in the person's scope; a fixed number of queries.

    Office, supervisors and the region above see every unit, a lead those whose activities it receives, a unit itself.
    """
    owed = owed_in(campaign, rules, period, today=today)
    sees_all = may_compare_units(user, campaign)
    seen = [one for one in owed.units if sees_all or may_follow(user, one, rules, owed.routes, owed.hotline)]
    lines = {unit.id: BoardLine(unit) for unit in seen}
    calendar = work_calendar()
    _count_plans(user, campaign, owed, lines, today, calendar)
    _count_walks(user, campaign, owed, lines, calendar)
    _count_minimum(user, campaign, owed, lines)
    walks, reports = owed.by_unit(DeadlineKind.WALK), owed.by_unit(DeadlineKind.REPORT)
    given, explained = _handed_in(user, campaign, owed), _explained(user, campaign, owed)
    for unit, line in lines.items():
        line.owes, line.is_explained = bool(walks[unit] or reports[unit]), bool(explained[unit])
        line.before = sum(lines[one].reported for one in owed.fulfilled_by(unit)[1:] if one in lines)
        answered = set().union(*(given[one] | explained[one] for one in owed.fulfilled_by(unit)))
        _judge(line, _missed(reports[unit] or walks[unit], answered, rules, today), today, calendar)
    kept = [line for line in lines.values() if line.owes or line.has_records or _stands(line.unit)]
    return Board(
        period=period,
        walk_period=owed.walk_period,
        report_due=owed.due(DeadlineKind.REPORT),
        summary_due=owed.due(DeadlineKind.SUMMARY),
        walk_due=owed.due(DeadlineKind.WALK),
        lines=kept,
        sees_all=sees_all,
    )


def _count_plans(
    user: User, campaign: Campaign, owed: Owed, lines: dict[int, BoardLine], today: date, calendar: WorkCalendar
) -> None:
    planned = planned_by_unit(user, campaign, owed.rules, owed.period)
    stands = plan_statuses(campaign, owed, today=today, calendar=calendar)
    for unit, line in lines.items():
        line.planned, line.begun = planned.get(unit, (0, 0))
        line.plan = stands.get(unit)


def _count_walks(
    user: User, campaign: Campaign, owed: Owed, lines: dict[int, BoardLine], calendar: WorkCalendar
) -> None:
    """Fill in the counts; one grouped query, a line a unit, period and walker, so that names and lateness stand with
    the counts."""
    due_on = owed.shown(DeadlineKind.REPORT)
    which = counts.conditions(campaign, due_on)
    rows = counts.counted_walks(user, campaign, owed.period).order_by()
    grouped = rows.values("department_id", "period", "walker_id", "walker__label", "walker_capacity").annotate(
        n_walked=Count("pk", filter=which[WALKED]),
        n_principal=Count("pk", filter=which[BY_PRINCIPAL]),
        n_short=Count("pk", filter=which[SHORT]),
        n_reported=Count("pk", filter=which[REPORTED]),
        n_late=Count("pk", filter=which[LATE]),
        n_zero=Count("pk", filter=which[ZERO]),
        last_late=Max("first_reported", filter=which[LATE]),
    )
    times: dict[int, dict] = defaultdict(lambda: defaultdict(int))
    for row in grouped.order_by("walker_capacity", "walker__label", "walker_id"):
        line = lines.get(row["department_id"])
        if line is None:
            continue
        line.walked += row["n_walked"]
        line.principal += row["n_principal"]
        line.short += row["n_short"]
        line.reported += row["n_reported"]
        line.late += row["n_late"]
        line.zero += row["n_zero"]
        if row["last_late"]:
            handed_in_on = timezone.localtime(row["last_late"]).date()
            line.late_days = max(line.late_days, late_days(due_on.get(row["period"]), handed_in_on, calendar) or 0)
        if row["n_walked"]:
            times[line.unit.id][(row["walker__label"], row["walker_capacity"])] += row["n_walked"]
    for unit, walkers in times.items():
        lines[unit].walkers = [Walker(name, capacity, number) for (name, capacity), number in walkers.items()]


def _handed_in(user: User, campaign: Campaign, owed: Owed) -> dict[int, set[str]]:
    """{unit: reporting periods of which something was handed in} of those in which something is owed; one query."""
    codes = {_reporting_code(duty, owed.rules) for duty in owed.duties}
    found: dict[int, set[str]] = defaultdict(set)
    for unit, code in counts.handed_in(user, campaign, codes):
        found[unit].add(code)
    return found


def _explained(user: User, campaign: Campaign, owed: Owed) -> dict[int, set[str]]:
    """{unit: reporting periods of which it walked nothing and gave a 零报告 that was not sent back}; one query."""
    codes = {_reporting_code(duty, owed.rules) for duty in owed.duties}
    rows = submissions_visible_to(user).filter(campaign=campaign, period__in=codes, content=SubmissionContent.ZERO)
    found: dict[int, set[str]] = defaultdict(set)
    for unit, code in rows.exclude(state__in=WITH_UNIT).values_list("department_id", "period").distinct():
        found[unit].add(code)
    return found


def _reporting_code(duty: Duty, rules: Rulebook) -> str:
    """Code of the reporting period in which a duty comes to its end."""
    return rules.period_of(min(duty.period.ends_on, rules.ends_on)).code


def _count_minimum(user: User, campaign: Campaign, owed: Owed, lines: dict[int, BoardLine]) -> None:
    """One query."""
    toward, duties = walks_toward(user, campaign, owed), owed.by_unit(DeadlineKind.WALK)
    for unit, line in lines.items():
        line.toward = toward.own(unit, duties[unit])
        line.minimum = sum(duty.minimum for duty in duties[unit])
        line.fulfilled = sum(min(duty.minimum, toward.done(duty)) for duty in duties[unit])
        unmet = [duty.activity_kinds for duty in duties[unit] if toward.done(duty) < duty.minimum]
        line.lacks = list(dict.fromkeys(kinds[0] for kinds in unmet if len(kinds) == 1))


def _missed(owed: list[Duty], reported: set[str], rules: Rulebook, today: date) -> dict[str, date]:
    """{reporting period: the day on which something was due in it that nobody reported}."""
    past = [duty for duty in owed if duty.due_on < today]
    due_on = {_reporting_code(duty, rules): duty.due_on for duty in past}
    return {code: day for code, day in due_on.items() if code not in reported}


def _judge(line: BoardLine, missed: dict[str, date], today: date, calendar: WorkCalendar) -> None:
    """Fill in the one state a line is shown in."""
    line.missed = len(missed)
    if missed:
        line.status = "overdue"
        line.late_since = min(missed.values())
        line.late_days = late_days(line.late_since, today, calendar) or 0
    elif line.reported:
        line.status = "late" if line.late else "zero" if line.zero == line.reported else "reported"
    elif line.before:
        line.status = "reported"
    elif line.is_explained and not line.walked and not line.short:
        line.status = "zero"
    elif line.short and not line.walked:
        line.status = "short"
    elif line.owes or line.has_records:
        under_way = line.walked or line.begun
        line.status = "in_progress" if under_way else "not_started" if line.owes else "left"
    else:
        line.status = "free" if _stands(line.unit) else "left"


def _stands(unit: Unit) -> bool:
    return unit.is_active and not unit.left_on
