"""Walks of a unit that ends keep its name: what is signed never changes, and a walk begun is finished by whoever works
in its successor. Covert walks that are not reported are in no count here."""

from collections.abc import Collection

from django.db.models import Q

from accounts.domain.unit_moves import StandingKind
from walks.domain.covert import not_hidden
from walks.enums import WalkState
from walks.models import Walk

# Under way, and not yet handed in.
OPEN = (WalkState.PLANNED, WalkState.IN_PROGRESS, WalkState.RECORDED, WalkState.RETURNED, WalkState.SIGNED)


def _count(q: Q, unit_ids: Collection[int], path: str = "department") -> int:
    return Walk.objects.filter(q, not_hidden(), **{f"{path}__in": unit_ids}).count()


STANDING = (
    StandingKind("尚未报送的体验", "次", True, lambda units, day: _count(Q(state__in=OPEN), units)),
    StandingKind(
        "报送该单位、待其接收的体验",
        "次",
        True,
        lambda units, day: _count(Q(state=WalkState.REPORTED), units, "receiver"),
    ),
    StandingKind(
        "已签字报送的体验",
        "次",
        False,
        lambda units, day: _count(Q(state__in=(WalkState.REPORTED, WalkState.ACCEPTED)), units),
    ),
)
