"""Which submissions a person sees."""

from collections.abc import Collection
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign
from core.periods import Period
from reports.enums import WITH_UNIT, SubmissionContent, SubmissionState
from reports.models import Submission, SubmissionEvent

# (kinds of activity of a part, None: every kind; its receivers, the leading one first).
ReceiversByKinds = list[tuple[tuple[str, ...] | None, tuple[int, ...]]]


def submissions_visible_to(user: User) -> QuerySet[Submission]:
    """Submissions the person may know of.

    - principal, deputies and liaisons of the unit: all of its own
    - staff of the units that receive it, the leading one or another; office and supervisors of the region and of those
      above: once it was sent
    - rectification owners, the three administrators, other units, other counties: none
    """
    scope = scope_of(user)
    if scope.user_id is None:
        return Submission.objects.none()
    also = Submission.also_received_by.through.objects.filter(department_id__in=scope.leads)
    above = Q(receiver_id__in=scope.leads) | Q(pk__in=also.values("submission_id"))
    above |= Q(campaign__region_id__in=scope.read_regions)
    return Submission.objects.filter(Q(department_id__in=scope.units) | (above & ~Q(state=SubmissionState.TO_SEND)))


def sent_parts(campaign: Campaign, period: Period, unit_id: int) -> QuerySet[Submission]:
    """The parts that the unit has sent for the period, in the order in which they were made; none before it has."""
    rows = Submission.objects.filter(campaign=campaign, period=period.code, department_id=unit_id)
    return rows.exclude(state=SubmissionState.TO_SEND).order_by("id")


def receivers_sent_to(campaign: Campaign, period: Period, unit_id: int) -> ReceiversByKinds:
    """The receivers of each of these parts, the leading one first; two queries, one while nothing was sent."""
    return [
        (
            None if row.activity_kinds is None else tuple(row.activity_kinds),
            (row.receiver_id, *(unit.pk for unit in row.also_received_by.all())),
        )
        for row in sent_parts(campaign, period, unit_id).prefetch_related("also_received_by")
    ]


def sent_late(campaign: Campaign, periods: Collection[str], *, until: date) -> QuerySet[Submission]:
    """Packs of these reporting periods first sent after the day they were due, and sent by the end of ``until``; one a
    unit, in the order of the units. One sent late in two parts stands once."""
    rows = Submission.objects.filter(campaign=campaign, period__in=periods, first_sent_at__date__gt=F("due_on"))
    first = rows.filter(first_sent_at__date__lte=until, department=OuterRef("department")).order_by("pk").values("pk")
    return rows.filter(pk=Subquery(first[:1])).order_by("department__order", "department_id")


def zero_reports(campaign: Campaign, periods: Collection[str], *, until: date) -> QuerySet[Submission]:
    """The 零报告 of these reporting periods first sent by the end of ``until`` and not sent back, in the order of the
    units."""
    rows = Submission.objects.filter(campaign=campaign, period__in=periods, content=SubmissionContent.ZERO)
    rows = rows.filter(first_sent_at__date__lte=until).exclude(state__in=WITH_UNIT)
    return rows.order_by("department__order", "department_id")


def events_of(submission: Submission) -> QuerySet[SubmissionEvent]:
    """What happened to the submission, in order, with who did it."""
    return SubmissionEvent.objects.filter(submission=submission).select_related("actor")
