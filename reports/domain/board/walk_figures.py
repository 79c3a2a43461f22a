"""What the figures about walks count: one condition each, for the board's tally and for the list a figure opens."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import Case, Count, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from accounts.models import User
from campaigns.domain.rulebook.duties import Duty
from campaigns.domain.versions import rules_of
from campaigns.enums import DeadlineKind
from campaigns.models import Campaign, Deadline
from core.periods import Period
from reports.domain.board.owed import WHOLE, owed_in, period_choices
from walks.domain.queries import not_hidden, walks_visible_to
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


def counted_walks(user: User, campaign: Campaign, period: str) -> QuerySet:
    """Walks (次) the person sees of one reporting period, ``all`` for every one; each with ``first_reported``.

    A covert walk belongs to no period before it is reported, not even for the people named on it (docs/rules.md
    rule 2). Lateness is judged by the first complete submit, whatever was sent back since (docs/trust.md C2).
    """
    rows = _walks(user, campaign)
    if period != WHOLE:
        rows = rows.filter(period=period)
    reports = WalkEvent.objects.filter(walk=OuterRef("pk"), kind="reported").order_by("at", "id")
    return rows.annotate(first_reported=Subquery(reports.values("at")[:1]))


def counted_toward(user: User, campaign: Campaign, owed: Iterable[Duty]) -> QuerySet:
    """Walks (次) that count towards the minimum of these walking duties: by the principal, of a kind that fulfils one,
    walked in its own period whatever the reporting period.

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
    rows = _walks(user, campaign).filter(walker_capacity=Capacity.PRINCIPAL).exclude(conforms=False)
    return rows.filter(reduce(or_, which, Q(pk__in=[])))


def conditions(campaign: Campaign, due_on: dict[str, date]) -> dict[str, Q]:
    """{figure: which of the counted walks}; ``due_on``: reporting period → the day its report is due."""
    reported = Q(state__in=REPORTED_STATES)
    # Issues belong to a higher app: they are reached by the walk's reverse name, nothing of theirs is imported.
    nothing_found = Walk.objects.filter(campaign=campaign, issues=None).exclude(zero_explained="")
    return {
        WALKED: Q(),
        BY_PRINCIPAL: Q(walker_capacity=Capacity.PRINCIPAL),
        SHORT: Q(conforms=False),
        REPORTED: reported,
        LATE: reported & _after(due_on),
        ZERO: reported & Q(pk__in=nothing_found.values("pk")),
    }


def walks_of_figure(user: User, campaign: Campaign, period: str, figure: str) -> QuerySet:
    """The walks one figure of a board counts, of every unit the person sees."""
    if figure == TOWARD:
        return _toward_minimum(user, campaign, period, timezone.localdate())
    due_on = report_dates(campaign) if figure == LATE else {}
    return counted_walks(user, campaign, period).filter(conditions(campaign, due_on)[figure])


def walks_behind(user: User, campaign: Campaign, period: str, figure: str, *, unit_id: int | None = None) -> QuerySet:
    """``walks_of_figure``, of one unit where one is given: the list that opens behind a figure."""
    rows = walks_of_figure(user, campaign, period, figure)
    return rows.filter(department_id=unit_id) if unit_id else rows


def _walks(user: User, campaign: Campaign) -> QuerySet:
    rows = walks_visible_to(user).filter(not_hidden(), campaign=campaign)
    return rows.exclude(state__in=NOT_WALKED)


def _toward_minimum(user: User, campaign: Campaign, code: str, today: date) -> QuerySet:
    rules = rules_of(campaign.pk, today)[1]
    for period in period_choices(rules, min(today, campaign.ends_on)):
        if period.code == code:
            return counted_toward(user, campaign, owed_in(campaign, rules, period, today=today).duties)
    return _walks(user, campaign).none()


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
    ends = [When(period=period, then=Value(_midnight_after(day))) for period, day in due_on.items()]
    due = Case(*ends, default=None, output_field=DateTimeField())
    # The last report is no earlier than the first: it stands in the row and spares most of them the look-up.
    return Q(reported_at__gte=due) & Q(first_reported__gte=due)


def _midnight_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def reported_by_unit(user: User, campaign: Campaign, periods: list[str]) -> dict[tuple[int, str], int]:
    """{(unit, period): walks (次) reported} of those the person sees; what is not there is none. One query."""
    rows = walks_visible_to(user).filter(campaign=campaign, period__in=periods, reported_at__isnull=False)
    counted = rows.order_by().values_list("department_id", "period").annotate(total=Count("pk"))
    return {(unit, period): total for unit, period, total in counted}
