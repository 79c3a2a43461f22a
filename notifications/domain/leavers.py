"""Notices of people who have left: what they may not open any more asks for nothing."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.scope import scopes_of
from notifications.models import Notice

CHUNK = 200


def close_unopenable(user_ids: Collection[int] | None = None, *, now: datetime | None = None) -> int:
    """Close the open notices whose recipient does not hold the right by which they may be opened, and all of a disabled
    account; how many (条). Not seen before either; closed, they stay so when the right comes back.

    ``user_ids``: of these people alone, else of everybody. Three queries beside the updates. Safe to run twice.
    """
    open_ones = Notice.objects.filter(closed_at=None).filter(Q(read_at=None) | ~Q(duty=""))
    if user_ids is not None:
        open_ones = open_ones.filter(recipient__in=user_ids)
    pairs = list(open_ones.order_by().values_list("recipient", "right", "recipient__is_active").distinct())
    scopes = scopes_of(pk for pk, _, _ in pairs)
    lost = [(pk, right) for pk, right, active in pairs if not active or (right and right not in scopes[pk].rights)]
    closed = 0
    for start in range(0, len(lost), CHUNK):
        wanted = Q()
        for pk, right in lost[start : start + CHUNK]:
            wanted |= Q(recipient=pk, right=right)
        closed += open_ones.filter(wanted).update(closed_at=now or timezone.now())
    return closed
