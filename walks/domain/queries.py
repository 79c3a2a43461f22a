"""Which walks a person sees, and what hangs on one."""

from collections.abc import Iterable

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone

from accounts.models import Membership, User
from accounts.scope import scope_of
from campaigns.domain.rulebook.rulebook import Rulebook
from evidence.models import StoredFile
from walks.domain.requirements import Done
from walks.models import Clearance, StampedPage, Step, StepPhoto, Walk, WalkEvent


def walks_visible_to(user: User) -> QuerySet[Walk]:
    """Walks the person may know of.

    - the walker and whoever opened the walk: always
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
    if scope.units:
        by_role |= Q(department_id__in=scope.units)
    if scope.leads:
        also = Walk.also_received_by.through.objects.filter(department_id__in=scope.leads)
        received = Q(receiver_id__in=scope.leads) | Q(pk__in=also.values("walk_id"))
        by_role |= received & Q(reported_at__isnull=False)
    if scope.read_regions:
        by_role |= Q(department__region_id__in=scope.read_regions, reported_at__isnull=False)
    return Walk.objects.filter((by_role & not_hidden()) | cleared_for(scope.user_id))


def not_hidden(prefix: str = "") -> Q:
    """Walks that are not, or no longer, covert: what roles may reach. ``prefix``: path to the walk, with ``__``."""
    return Q(**{f"{prefix}is_covert": False}) | Q(**{f"{prefix}reported_at__isnull": False})


def cleared_for(user_id: int, prefix: str = "") -> Q:
    """Walks a person holds a clearance for that counts."""
    held = Clearance.objects.filter(user_id=user_id).exclude(is_silent())
    return Q(**{f"{prefix}pk__in": held.values("walk_id")})


def is_silent() -> Q:
    """Clearances that say nothing (docs/trust.md B1): the unit that is visited is kept blind, so whoever belongs to it,
    in whatever part, is no reader any more. The walker keeps the own walk; a head who walks the own unit's windows
    names own people knowingly."""
    belongs = Membership.objects.filter(user=OuterRef("user_id"), department=OuterRef("walk__item__department_id"))
    visits_another = ~Q(walk__item__department_id=F("walk__department_id"))
    return visits_another & ~Q(walk__walker_id=F("user_id")) & Q(Exists(belongs))


def readers_of(walk: Walk) -> list[dict]:
    """Who was named on a walk, in that order: [{"user_id", "name", "by", "is_silent"}]; one query."""
    rows = Clearance.objects.filter(walk=walk).order_by("id")
    rows = rows.annotate(is_silent=Case(When(is_silent(), then=True), default=False))
    named = rows.values("user_id", "is_silent", name=F("user__name"), by=F("granted_by__name"))
    return [dict(row) for row in named]


def steps_of(walk: Walk) -> QuerySet[Step]:
    """The walk's steps in order, with their author and the item checked."""
    return Step.objects.filter(walk=walk).select_related("created_by", "item")


def done_of(steps: Iterable[Step]) -> list[Done]:
    """Steps as the rules of an activity see them."""
    return [
        Done(step.component, timezone.localtime(step.happened_at).date(), step.item_id, step.served_on, step.is_valid)
        for step in steps
    ]


def events_of(walk: Walk) -> QuerySet[WalkEvent]:
    """What happened to the walk, in order, with who did it."""
    return WalkEvent.objects.filter(walk=walk).select_related("actor")


def photos_of_steps(step_ids: Iterable[int]) -> dict[int, list[StoredFile]]:
    """{step id: [file]} for a whole page in one query."""
    found: dict[int, list[StoredFile]] = {}
    for link in StepPhoto.objects.filter(step_id__in=list(step_ids)).select_related("file"):
        found.setdefault(link.step_id, []).append(link.file)
    return found


def stamped_pages(walk: Walk) -> list[StoredFile]:
    """Files of the paper handed in signed and stamped, the newest signature's last; no query where none is demanded."""
    if not Rulebook.from_data(walk.rules.data).reporting.stamp:
        return []
    return [page.file for page in StampedPage.objects.filter(walk=walk).select_related("file")]
