"""What the figures about walks count: one condition each, for the board's tally and for the list a figure opens.

``board`` sums them by unit and holds them against what is owed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Case, Count, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from accounts.models import User
from campaigns.domain.owed import owed_in
from campaigns.domain.rulebook.duties import Duty
from campaigns.domain.versions import rules_of
from campaigns.enums import DeadlineKind
from campaigns.models import Campaign, Deadline
from core.periods import Period
from walks.domain.as_of import end_of
from walks.domain.covert import not_hidden
from walks.domain.queries import falls_short, walks_visible_to
from walks.enums import REPORTED_STATES, Capacity, WalkState
from walks.models import Walk, WalkEvent

WALKED, BY_PRINCIPAL, SHORT, REPORTED, LATE, ZERO = "walked", "principal", "short", "reported", "late", "zero"
TOWARD = "toward"
FIGURES = {
    WALKED: "已体验",
    BY_PRINCIPAL: "主要负责同志体验",
    SHORT: "未达标",
    REPORTED: "已报送",
    LATE: "逾期报送",
    ZERO: "零报告",
    TOWARD: "计入“至少体验”",
}
NOT_WALKED = (WalkState.PLANNED, WalkState.CANCELLED)
IS_BY_PRINCIPAL = Q(walker_capacity=Capacity.PRINCIPAL)


def counted_walks(user: User, campaign: Campaign, period: Period) -> QuerySet:
    """Walks (次) the person sees of one period, by the day of the walk; each with ``first_reported``. Which of them a
    figure counts is said by ``conditions``.

    A covert walk belongs to no period before it is reported, not even for the people named on it (docs/rules.md
    rule 2). Lateness is judged by the first complete submit, whatever was sent back since (docs/trust.md C2).
    """
    rows = _walks(user, campaign)
    if period.kind != "whole":
        rows = rows.filter(walk_date__range=(period.starts_on, period.ends_on))
    reports = WalkEvent.objects.filter(walk=OuterRef("pk"), kind="reported").order_by("at", "id")
    return rows.annotate(first_reported=Subquery(reports.values("at")[:1]))


def counted_toward(user: User | None, campaign: Campaign, owed: Iterable[Duty]) -> QuerySet:
    """Walks (次) that count towards the minimum of these walking duties: by the principal, of a kind that fulfils one,
    walked in its own period whatever the reporting period. As the person sees them; None: all that are not hidden.

    A walk that lacks a 环节 of its activity does not count (L22 二: 每次活动至少参与以下4个环节).
    """
    periods = defaultdict(list)
    for duty in owed:
        if duty.kind == DeadlineKind.WALK:
            periods[(duty.unit_id, duty.activity_kinds)].append(duty.period)
    units = defaultdict(list)
    for (unit, kinds), found in periods.items():
        units[(kinds, tuple(_stretches(found)))].append(unit)
    which = [
        reduce(or_, (Q(walk_date__range=stretch) for stretch in stretches))
        & Q(activity_kind__in=kinds, department_id__in=found)
        for (kinds, stretches), found in units.items()
    ]
    return _walks(user, campaign).filter(IS_BY_PRINCIPAL, ~falls_short(), reduce(or_, which, Q(pk__in=[])))


def handed_in_open(user: User, campaign: Campaign) -> list[tuple[str, int]]:
    """[(unit, walks (次) handed in that nobody has accepted, or that were returned)] in the order of the units, as far
    as the person sees them; one query."""
    rows = _walks(user, campaign).filter(state__in=(WalkState.REPORTED, WalkState.RETURNED))
    rows = rows.order_by("department__order", "department_id").values("department__order", "department__name")
    return [(row["department__name"], row["walks"]) for row in rows.annotate(walks=Count("pk"))]


def fulfils(duty: Duty, *, activity_kind: str, walk_date: date) -> bool:
    """Whether a walk of ``counted_toward`` counts towards this one duty: the same by kind and day, for rows read."""
    return activity_kind in duty.activity_kinds and walk_date in duty.period


def is_reported() -> Q:
    """Walks handed in and not sent back that count."""
    return Q(state__in=REPORTED_STATES) & ~falls_short()


def conditions(campaign: Campaign, due_on: dict[str, date]) -> dict[str, Q]:
    """{figure: which of the counted walks}; ``due_on``: reporting period → the day its report is due. A walk that is
    未达标 counts in that figure alone."""
    reported = is_reported()
    # Issues belong to a higher app: they are reached by the walk's reverse name, nothing of theirs is imported.
    nothing_found = Walk.objects.filter(campaign=campaign, issues=None).exclude(zero_explained="")
    return {
        WALKED: ~falls_short(),
        BY_PRINCIPAL: IS_BY_PRINCIPAL & ~falls_short(),
        SHORT: falls_short(),
        REPORTED: reported,
        LATE: reported & _after(due_on),
        ZERO: reported & Q(pk__in=nothing_found.values("pk")),
    }


def walks_of_figure(user: User, campaign: Campaign, period: Period, figure: str) -> QuerySet:
    """The walks one figure of a board counts, of every unit the person sees."""
    if figure == TOWARD:
        today = timezone.localdate()
        rules = rules_of(campaign.pk, today)[1]
        return counted_toward(user, campaign, owed_in(campaign, rules, period, today=today).duties)
    due_on = report_dates(campaign) if figure == LATE else {}
    return counted_walks(user, campaign, period).filter(conditions(campaign, due_on)[figure])


def walks_behind(
    user: User, campaign: Campaign, period: Period, figure: str, *, unit_id: int | None = None
) -> QuerySet:
    """``walks_of_figure``, of one unit where one is given: the list that opens behind a figure."""
    rows = walks_of_figure(user, campaign, period, figure)
    return rows.filter(department_id=unit_id) if unit_id else rows


def _walks(user: User | None, campaign: Campaign) -> QuerySet:
    rows = walks_visible_to(user) if user else Walk.objects.all()
    return rows.filter(not_hidden(), campaign=campaign).exclude(state__in=NOT_WALKED)


def _stretches(periods: list[Period]) -> Iterator[tuple[date, date]]:
    """(first, last day) of each run of periods that follow one another without a gap."""
    days = sorted({(one.starts_on, one.ends_on) for one in periods})
    first, last = days[0]
    for starts_on, ends_on in days[1:]:
        if starts_on > last + timedelta(days=1):
            yield first, last
            first = starts_on
        last = max(last, ends_on)
    yield first, last


def report_dates(campaign: Campaign) -> dict[str, date]:
    """{reporting period: the day its report is due}, as shown; one query."""
    rows = Deadline.objects.filter(campaign=campaign, kind=DeadlineKind.REPORT)
    return dict(rows.values_list("period", "due_on"))


def _after(due_on: dict[str, date]) -> Q:
    """First reported after the due day's 24:00 in Asia/Shanghai."""
    if not due_on:
        return Q(pk__in=[])
    ends = [When(period=period, then=Value(end_of(day))) for period, day in due_on.items()]
    due = Case(*ends, default=None, output_field=DateTimeField())
    # The last report is no earlier than the first: it is in the row, so that most of them need no look-up.
    return Q(reported_at__gte=due) & Q(first_reported__gte=due)


def reported_by_unit(user: User, campaign: Campaign, periods: list[Period]) -> dict[tuple[int, str], int]:
    """{(unit, code of the period): walks (次) reported} of those the person sees, as the board counts them; what is not
    there is none. One query."""
    days = {one.code: Q(walk_date__range=(one.starts_on, one.ends_on)) for one in periods}
    rows = _walks(user, campaign).filter(is_reported(), reduce(or_, days.values())).order_by()
    totals = {f"in_{place}": Count("pk", filter=which) for place, which in enumerate(days.values())}
    counted = rows.values_list("department_id").annotate(**totals)
    return {(unit, code): total for unit, *found in counted for code, total in zip(days, found, strict=True) if total}


def handed_in(user: User, campaign: Campaign, periods: Iterable[str]) -> set[tuple[int, str]]:
    """(unit, reporting period) in which a walk was handed in, sent back or 未达标 though it may be. One query."""
    rows = _walks(user, campaign).filter(reported_at__isnull=False, period__in=set(periods)).order_by()
    return set(rows.values_list("department_id", "period").distinct())
