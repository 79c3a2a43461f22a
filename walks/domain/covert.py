"""How a covert walk (暗访) is hidden: which walks roles may reach, and whose clearance counts (M18 三2).

``walks_visible_to`` applies these conditions; ``covert_planning`` plans such walks and names readers; ``shown`` writes
the trace of each view."""

from django.db.models import Case, Exists, F, OuterRef, Q, When

from accounts.models import Membership
from accounts.scope import in_force
from walks.models import Clearance, Walk


def not_hidden(prefix: str = "") -> Q:
    """Walks that are not, or no longer, covert: what roles may reach. ``prefix``: path to the walk, with ``__``."""
    return Q(**{f"{prefix}is_covert": False}) | Q(**{f"{prefix}reported_at__isnull": False})


def hidden(prefix: str = "") -> Q:
    """Covert walks nobody has reported: the others of ``not_hidden``."""
    return Q(**{f"{prefix}is_covert": True, f"{prefix}reported_at": None})


def cleared_for(user_id: int, prefix: str = "") -> Q:
    """Walks a person holds a clearance for that counts."""
    held = Clearance.objects.filter(user_id=user_id).exclude(is_silent())
    return Q(**{f"{prefix}pk__in": held.values("walk_id")})


def is_silent() -> Q:
    """Clearances that do not count: of people who left, and of those who must be kept blind.

    Who was named as one of the walking unit, of a receiving unit or of the office no longer counts when no longer in
    any of them, nor in a successor of one of them. The unit that is visited is kept blind (docs/trust.md B1), so
    whoever belongs to it, in whatever part, is no reader any more. The walker keeps the own walk; a head who walks the
    own unit's windows names own people knowingly."""
    held = Membership.objects.filter(in_force(), user=OuterRef("user_id"))
    belongs = held.filter(department=OuterRef("walk__item__department_id"))
    visits_another = ~Q(walk__item__department_id=F("walk__department_id"))
    posts = held.filter(department__is_active=True)
    also = Walk.also_received_by.through.objects.filter(walk_id=OuterRef(OuterRef("walk_id"))).values("department_id")
    tied = Q(department__in=also)
    for unit in ("department_id", "receiver_id", "campaign__office_id"):
        tied |= Q(department=OuterRef(f"walk__{unit}")) | Q(department__predecessors=OuterRef(f"walk__{unit}"))
    blind = visits_another & ~Q(walk__walker_id=F("user_id")) & Q(Exists(belongs))
    return blind | ~Q(Exists(posts.filter(tied)))


def readers_of(walk: Walk) -> list[dict]:
    """Who was named on a walk, in that order: [{"user_id", "name", "by", "is_silent"}]; one query."""
    rows = Clearance.objects.filter(walk=walk).order_by("id")
    rows = rows.annotate(is_silent=Case(When(is_silent(), then=True), default=False))
    named = rows.values("user_id", "is_silent", name=F("user__label"), by=F("granted_by__label"))
    return [dict(row) for row in named]
