"""Which walks a person sees, and what belongs to one."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.rulebook.rulebook import Rulebook
from evidence.models import StoredFile
from walks.domain import covert
from walks.domain.requirements import NotedStep
from walks.models import StampedPage, Step, StepPhoto, Walk, WalkEvent


def walks_visible_to(user: User) -> QuerySet[Walk]:
    """Walks the person may know of.

    - the walker and whoever opened the walk: as long as they belong to the walking unit
    - principal, deputies and liaisons of the walking unit: all of the unit's walks
    - the receiving leads, the office and supervisors (region subtree): only once the walk was reported
    - a covert walk (暗访) before it is reported: nobody but the people with a ``Clearance``, whatever their role, and
      of those nobody who belongs to the unit that is visited
    - rectification owners, the three administrators, other units, other counties: none
    """
    scope = scope_of(user)
    if scope.user_id is None:
        return Walk.objects.none()
    by_role = Q(walker_id=scope.user_id) | Q(created_by_id=scope.user_id)
    by_role &= Q(department_id__in=scope.workplaces)
    if scope.units:
        by_role |= Q(department_id__in=scope.units)
    if scope.leads:
        also = Walk.also_received_by.through.objects.filter(department_id__in=scope.leads)
        received = Q(receiver_id__in=scope.leads) | Q(pk__in=also.values("walk_id"))
        by_role |= received & Q(reported_at__isnull=False)
    if scope.read_regions:
        by_role |= Q(department__region_id__in=scope.read_regions, reported_at__isnull=False)
    return Walk.objects.filter((by_role & covert.not_hidden()) | covert.cleared_for(scope.user_id))


def falls_short() -> Q:
    """未达标: walks that lack a 环节 the notice asks for. They count in no figure but the one that names them.

    The one condition that says so, for summary, board and coverage."""
    return Q(conforms=False)


def steps_of(walk: Walk) -> QuerySet[Step]:
    """The walk's steps in order, with their author and the person noted; those withdrawn are left out."""
    return noted_steps(walk).filter(withdrawn_at=None)


def noted_steps(walk: Walk) -> QuerySet[Step]:
    """Every step ever noted on the walk, in order, withdrawn ones too: to show what happened, never to count."""
    return Step.objects.filter(walk=walk).select_related("created_by", "personal", "withdrawn_by")


def done_of(steps: Iterable[Step]) -> list[NotedStep]:
    """Steps as the rules of an activity see them."""
    return [
        NotedStep(
            step.component, timezone.localtime(step.happened_at).date(), step.item_id, step.served_on, step.is_valid
        )
        for step in steps
    ]


def events_of(walk: Walk) -> QuerySet[WalkEvent]:
    """What happened to the walk, in order, with who did it."""
    return WalkEvent.objects.filter(walk=walk).select_related("actor")


def photo_links(step_ids: Iterable[int]) -> dict[int, list[StepPhoto]]:
    """{step id: [link to a photo]} in one query, those withdrawn among them."""
    found: dict[int, list[StepPhoto]] = {}
    links = StepPhoto.objects.filter(step_id__in=list(step_ids)).select_related("file", "withdrawn_by")
    for link in links:
        found.setdefault(link.step_id, []).append(link)
    return found


def stamped_pages(walk: Walk) -> list[StoredFile]:
    """Files of the paper handed in signed and stamped, the newest signature's last; no query where none is demanded."""
    if not Rulebook.from_data(walk.rules.data).reporting.stamp:
        return []
    return [page.file for page in StampedPage.objects.filter(walk=walk).select_related("file")]
