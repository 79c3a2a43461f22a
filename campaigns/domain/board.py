"""Plan against done: every unit of the roster in its fixed order, the silent ones too, with what it owes and did."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.utils import timezone

from accounts.scope import scope_of
from campaigns.domain import duties, walkfigures
from campaigns.domain.due import Deadline as DueDate
from campaigns.domain.due import periods
from campaigns.domain.duties import Duty, Hotline, Routes, Unit
from campaigns.domain.overview import may_compare_units
from campaigns.domain.planlist import plans_visible_to
from campaigns.domain.queries import not_sealed, sessions_visible_to
from campaigns.domain.rulebook import Rulebook
from campaigns.domain.walkfigures import LATE, REPORTED, SHORT, WHOLE, ZERO
from campaigns.enums import Capacity, DeadlineKind, HotlineState, PlanState, SessionState
from campaigns.models import Campaign, Deadline, HotlineRow, PlanRow, Receiver, RosterEntry
from core.calendar import work_calendar
from core.periods import Period, parse_period
from core.workdays import WorkCalendar

BEGUN = (SessionState.IN_PROGRESS, SessionState.RECORDED, SessionState.SIGNED, SessionState.RETURNED)
# State of a line → its words; the order is that of the filter above the table.
STATES = {
    "overdue": "逾期未报",
    "late": "逾期报送",
    "not_started": "未开展",
    "in_progress": "体验中",
    "reported": "已报送",
    "zero": "零报告",
    "left": "已退出",
    "free": "不承担",
}
SILENT = ("overdue", "not_started", "in_progress")


@dataclass(frozen=True)
class Walker:
    """Who actually walked, and how often (次); ``capacity`` tells a delegated walk from the principal's own."""

    name: str
    capacity: str
    times: int


@dataclass
class Line:
    """One unit. Counts are walks (次) of the reporting period, ``planned`` rows (项) of filed plans, of which ``begun``
    are being walked; ``short`` walks lack a 环节 the notice asks for and fulfil nothing; ``late_days`` 工作日.
    ``minimum``: what the principal owes in the walking period, of which ``fulfilled`` is done.
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
    walkers: list[Walker] = field(default_factory=list)
    minimum: int = 0
    fulfilled: int = 0
    owes: bool = False
    status: str = ""

    @property
    def has_records(self) -> bool:
        return bool(self.walked or self.planned)


@dataclass(frozen=True)
class Board:
    """``walk_period``: the period in which the minimum of walks is owed (L22: the calendar month of the batch).

    ``report_due`` and ``walk_due``: (date, 暂定) or None. ``sees_all``: every unit of the roster, not only some.
    """

    period: Period
    walk_period: Period
    report_due: tuple[date, bool] | None
    walk_due: tuple[date, bool] | None
    lines: list[Line]
    sees_all: bool

    @property
    def owing(self) -> list[Line]:
        """The distinct units every rate is measured against."""
        return [line for line in self.lines if line.owes]

    @property
    def done(self) -> list[Line]:
        return [line for line in self.owing if line.reported]

    @property
    def rate(self) -> float | None:
        """开展率 0–100; None without a unit that owes anything."""
        return round(100 * len(self.done) / len(self.owing), 1) if self.owing else None

    def count(self, *states: str) -> int:
        return sum(line.status in states for line in self.lines)


def period_choices(rules: Rulebook, today: date) -> list[Period]:
    """The reporting periods begun so far, the newest first, and the whole campaign last."""
    begun = list(periods(rules, rules.period_of, max(today, rules.starts_on)))[::-1]
    return begun if begun[-1].kind == "whole" else [*begun, rules.whole]


def board_of(user, campaign: Campaign, rules: Rulebook, *, period: Period, today: date) -> Board:
    """The board of one reporting period through the person's eyes; a fixed number of queries.

    Office, supervisors and the region above see every unit, a lead those whose activities it receives, a unit itself.
    """
    walk_period = _walk_period(rules, period)
    due_dates = _due_dates(campaign)
    wanted = [one for one in due_dates if _belongs(one, period, walk_period)]
    units, routes = roster_of(campaign), routes_of(campaign)
    hotline = hotline_of(campaign)
    owed = defaultdict(list)
    for duty in duties.duties(rules, units, wanted, today=today, routes=routes, hotline=hotline):
        owed[duty.unit_id].append(duty)
    sees_all = may_compare_units(user, campaign)
    lines = {unit.id: Line(unit) for unit in units if sees_all or _may_see(user, unit, rules, routes, hotline)}
    calendar = work_calendar()
    _count_plans(user, campaign, None if period.kind == "whole" else walk_period, lines)
    _count_walks(
        user, campaign, period, {d.period.code: d.due_on for d in due_dates if _is(d, "report")}, lines, calendar
    )
    walked = _principal_walks(user, campaign, walk_period)
    for line in lines.values():
        _judge(line, owed[line.unit.id], walked, today, calendar)
    kept = [line for line in lines.values() if line.owes or line.has_records or _stands(line.unit)]
    return Board(period, walk_period, _date(wanted, "report"), _date(wanted, "walk"), kept, sees_all)


def units_seen(user, campaign: Campaign, rules: Rulebook) -> list[Unit]:
    """The units of the roster whose doings the person may follow, in their fixed order; see ``board_of``."""
    units = roster_of(campaign)
    if may_compare_units(user, campaign):
        return units
    routes, hotline = routes_of(campaign), hotline_of(campaign)
    return [unit for unit in units if _may_see(user, unit, rules, routes, hotline)]


def roster_of(campaign: Campaign) -> list[Unit]:
    """The roster as duties see it, in its fixed order; one query."""
    fields = ("kind", "is_approval", "is_enforcement", "is_utility")
    rows = RosterEntry.objects.filter(campaign=campaign).order_by("order", "id")
    names = ("department_id", "department__name", "left_on", "department__is_active", "joined_on")
    return [
        Unit(pk, name, rest[0], duties.lists_of(**dict(zip(fields, rest, strict=True))), left_on, active, joined)
        for pk, name, left_on, active, joined, *rest in rows.values_list(
            *names, *(f"department__{one}" for one in fields)
        )
    ]


def routes_of(campaign: Campaign) -> Routes:
    """Who receives which activity from which kind of unit, the leading unit first; one query."""
    found = defaultdict(tuple)
    rows = Receiver.objects.filter(campaign=campaign).order_by("order", "id")
    for kind, unit_kind, department in rows.values_list("activity_kind", "unit_kind", "department_id"):
        found[(kind, unit_kind)] += (department,)
    return dict(found)


def hotline_of(campaign: Campaign) -> Hotline:
    """{duty month: units of its issued list}; one query."""
    rows = HotlineRow.objects.filter(month__campaign=campaign, month__state=HotlineState.ISSUED, is_listed=True)
    found = defaultdict(set)
    for month, department in rows.values_list("month__duty_month", "department_id"):
        found[month].add(department)
    return {month: frozenset(units) for month, units in found.items()}


def _due_dates(campaign: Campaign) -> list[DueDate]:
    rows = Deadline.objects.filter(campaign=campaign).order_by("due_on", "id")
    return [
        DueDate(
            row.kind, Period(row.period, _kind(row.period), row.starts_on, row.ends_on), row.due_on, row.is_provisional
        )
        for row in rows
    ]


def _kind(code: str) -> str:
    return "whole" if code == WHOLE else parse_period(code).kind


def _walk_period(rules: Rulebook, period: Period) -> Period:
    if period.kind == "whole":
        return rules.whole
    return rules.walk_period_of(min(max(period.ends_on, rules.starts_on), rules.ends_on))


def _belongs(one: DueDate, period: Period, walk_period: Period) -> bool:
    if one.kind == DeadlineKind.REPORT:
        return period.kind == "whole" or one.period.code == period.code
    return period.kind == "whole" or one.period.code in (walk_period.code, WHOLE)


def _may_see(user, unit: Unit, rules: Rulebook, routes: Routes, hotline: Hotline) -> bool:
    scope = scope_of(user)
    if unit.id in scope.units:
        return True
    kinds = duties.kinds_for(rules, unit.lists)
    if any(unit.id in units for units in hotline.values()):
        kinds += duties.kinds_for(rules, {"hotline"})
    return bool(scope.leads & set(duties.to_whom(routes, kinds, unit.kind)))


def _count_plans(user, campaign: Campaign, period: Period | None, lines: dict[int, Line]) -> None:
    """Rows of filed plans; one whose walk has begun in the open is told as being walked, a covert one never."""
    plans = plans_visible_to(user).filter(campaign=campaign, state=PlanState.FILED)
    plans = plans.filter(period__in=[period.code, WHOLE]) if period else plans
    begun = Q(session__is_sealed=False, session__state__in=BEGUN)
    rows = PlanRow.objects.filter(plan__in=plans).order_by().values_list("plan__department_id")
    for unit, planned, going in rows.annotate(planned=Count("pk"), going=Count("pk", filter=begun)):
        if unit in lines:
            lines[unit].planned, lines[unit].begun = planned, going


def _count_walks(
    user, campaign: Campaign, period: Period, due_on: dict[str, date], lines: dict[int, Line], calendar: WorkCalendar
) -> None:
    """One grouped query; a line a unit, period and walker, so that names and lateness stand with the counts."""
    which = walkfigures.conditions(campaign, due_on)
    rows = walkfigures.counted_walks(user, campaign, period.code).order_by()
    grouped = rows.values("department_id", "period", "walker_id", "walker__name", "walker_capacity").annotate(
        total=Count("pk"),
        n_short=Count("pk", filter=which[SHORT]),
        n_reported=Count("pk", filter=which[REPORTED]),
        n_late=Count("pk", filter=which[LATE]),
        n_zero=Count("pk", filter=which[ZERO]),
        last_late=Max("first_reported", filter=which[LATE]),
    )
    times: dict[int, dict] = defaultdict(lambda: defaultdict(int))
    for row in grouped.order_by("walker_capacity", "walker__name", "walker_id"):
        line = lines.get(row["department_id"])
        if line is None:
            continue
        line.walked += row["total"]
        line.principal += row["total"] if row["walker_capacity"] == Capacity.PRINCIPAL else 0
        line.short += row["n_short"]
        line.reported += row["n_reported"]
        line.late += row["n_late"]
        line.zero += row["n_zero"]
        line.late_days = max(line.late_days, _late_days(due_on.get(row["period"]), row["last_late"], calendar))
        times[line.unit.id][(row["walker__name"], row["walker_capacity"])] += row["total"]
    for unit, walkers in times.items():
        lines[unit].walkers = [Walker(*who, number) for who, number in walkers.items()]


def _late_days(due_on: date | None, handed_in: datetime | None, calendar: WorkCalendar) -> int:
    if due_on is None or handed_in is None:
        return 0
    return calendar.workdays_between(due_on, timezone.localtime(handed_in).date())


def _principal_walks(user, campaign: Campaign, period: Period) -> dict[tuple[int, str], int]:
    """{(unit, activity kind): walks (次) of the principal} by the day of the walk, for the minimum of the rules.

    A walk that lacks a 环节 of its activity does not count (L22 二: 每次活动至少参与以下4个环节).
    """
    rows = sessions_visible_to(user).filter(
        not_sealed(),
        campaign=campaign,
        walk_date__range=(period.starts_on, period.ends_on),
        walker_capacity=Capacity.PRINCIPAL,
    )
    rows = (
        rows.exclude(state__in=walkfigures.NOT_WALKED)
        .exclude(conforms=False)
        .order_by()
        .values_list("department_id", "activity_kind")
    )
    return {(unit, kind): total for unit, kind, total in rows.annotate(total=Count("pk"))}


def _judge(line: Line, owed: list[Duty], walked: dict, today: date, calendar: WorkCalendar) -> None:
    """Fill in what the unit owes and the one state its line is shown in."""
    walks = [duty for duty in owed if duty.kind == DeadlineKind.WALK]
    reports = [duty for duty in owed if duty.kind == DeadlineKind.REPORT]
    line.owes = bool(walks or reports)
    line.minimum = sum(duty.minimum for duty in walks)
    line.fulfilled = sum(
        min(duty.minimum, sum(walked.get((line.unit.id, kind), 0) for kind in duty.activity_kinds)) for duty in walks
    )
    line.status = _status(line, reports or walks, today)
    if line.status == "overdue":
        line.late_days = calendar.workdays_between(max(one.due_on for one in reports or walks), today)


def _status(line: Line, owed: list[Duty], today: date) -> str:
    if line.reported:
        return "late" if line.late else "zero" if line.zero == line.reported else "reported"
    if not line.owes and not line.has_records:
        return "free" if _stands(line.unit) else "left"
    if owed and all(one.due_on < today for one in owed):
        return "overdue"
    return "in_progress" if line.walked or line.begun else "not_started" if line.owes else "left"


def _stands(unit: Unit) -> bool:
    return unit.is_active and not unit.left_on


def _is(one: DueDate, kind: str) -> bool:
    return one.kind == DeadlineKind(kind)


def _date(due_dates: list[DueDate], kind: str) -> tuple[date, bool] | None:
    found = [(one.due_on, one.is_provisional) for one in due_dates if _is(one, kind)]
    return max(found) if found else None
