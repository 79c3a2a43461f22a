"""Which submissions a person sees."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.scope import scope_of
from reports.enums import SubmissionState
from reports.models import Submission, SubmissionEvent


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


def events_of(submission: Submission) -> QuerySet[SubmissionEvent]:
    """What happened to the submission, in order, with who did it."""
    return SubmissionEvent.objects.filter(submission=submission).select_related("actor")
