"""What the figures about walks count: one condition each, for the board's tally and for the list a figure opens."""

from datetime import date, datetime, time, timedelta

from django.db.models import Case, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from campaigns.domain.queries import not_sealed, sessions_visible_to
from campaigns.enums import REPORTED_STATES, Capacity, DeadlineKind, SessionState
from campaigns.models import Campaign, Deadline, Session, SessionEvent

WHOLE = "all"
WALKED, BY_PRINCIPAL, SHORT, REPORTED, LATE, ZERO = "walked", "principal", "short", "reported", "late", "zero"
FIGURES = {
    WALKED: "已体验",
    BY_PRINCIPAL: "主要负责同志体验",
    SHORT: "未达标",
    REPORTED: "已报送",
    LATE: "逾期报送",
    ZERO: "零报告",
}
NOT_WALKED = (SessionState.PLANNED, SessionState.NOTIFIED, SessionState.CANCELLED, SessionState.POSTPONED)


def counted_walks(user, campaign: Campaign, period: str) -> QuerySet:
    """Walks (次) the person sees of one reporting period, ``all`` for every one; each with ``first_reported``.

    A covert walk belongs to no period before it is reported, not even for the people named on it (product.md rule 2).
    Lateness is judged by the first complete submit, whatever was sent back since (trust.md C2).
    """
    rows = sessions_visible_to(user).filter(not_sealed(), campaign=campaign).exclude(state__in=NOT_WALKED)
    if period != WHOLE:
        rows = rows.filter(period=period)
    reports = SessionEvent.objects.filter(session=OuterRef("pk"), kind="reported").order_by("at", "id")
    return rows.annotate(first_reported=Subquery(reports.values("at")[:1]))


def conditions(campaign: Campaign, due_on: dict[str, date]) -> dict[str, Q]:
    """{figure: which of the counted walks}; ``due_on``: reporting period → the day its report is due."""
    reported = Q(state__in=REPORTED_STATES)
    # Issues belong to a higher app: they are reached by the walk's reverse name, nothing of theirs is imported.
    nothing_found = Session.objects.filter(campaign=campaign, issues=None).exclude(zero_explained="")
    return {
        WALKED: Q(),
        BY_PRINCIPAL: Q(walker_capacity=Capacity.PRINCIPAL),
        SHORT: Q(conforms=False),
        REPORTED: reported,
        LATE: reported & _after(due_on),
        ZERO: reported & Q(pk__in=nothing_found.values("pk")),
    }


def walks_of_figure(user, campaign: Campaign, period: str, figure: str) -> QuerySet:
    """The walks one figure of a board counts, of every unit the person sees."""
    due_on = report_dates(campaign) if figure == LATE else {}
    return counted_walks(user, campaign, period).filter(conditions(campaign, due_on)[figure])


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
