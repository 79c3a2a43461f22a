"""How walks stood at the end of a day that has passed, read from their history."""

from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from walks.enums import REPORTED_STATES, WalkEventKind
from walks.models import Walk, WalkEvent

REPORTED = (WalkEventKind.REPORTED, WalkEventKind.ACCEPTED, WalkEventKind.IMPORTED)


def end_of(day: date) -> datetime:
    """The first moment after the day, in local time."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def reported_on(walks: QuerySet[Walk], day: date | None) -> QuerySet[Walk]:
    """Those that were handed in and not sent back by the end of ``day``; None: by now."""
    if day is None:
        return walks.filter(state__in=REPORTED_STATES)
    kinds = (*REPORTED, WalkEventKind.RETURNED)
    moves = WalkEvent.objects.filter(walk=OuterRef("pk"), kind__in=kinds, at__lt=end_of(day)).order_by("-at", "-id")
    return walks.annotate(as_of_move=Subquery(moves.values("kind")[:1])).filter(as_of_move__in=REPORTED)
