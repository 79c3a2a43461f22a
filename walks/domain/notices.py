"""Who is told what became of a walk. In-app notices in the transaction of the change; the unique key keeps one each."""

from datetime import datetime

from django.urls import reverse

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import Scope, rights_to_open
from notifications.domain.notices import Draft, ensure
from notifications.enums import Reach
from walks.domain.covert import readers_of
from walks.models import Walk
from walks.rules import sees

WORDS = {
    "recorded": "已登记完成，请核对签字",
    "signed": "已签字，请报送",
    "reported": "已报送，请接收",
    "returned": "被退回补正，请修改后重新签字、报送",
}


def after(*, kind: str, walk: Walk, actor: User, now: datetime) -> int:
    """Make the notices of one change; returns how many are new (条). The actor gets none."""
    if kind not in WORDS:
        return 0
    text = f"《{walk.item_name}》体验（{walk.walk_date}）{WORDS[kind]}"
    drafts = [
        Draft(
            recipient_id=user_id,
            kind=f"walk.{kind}",
            key=f"walk:{walk.pk}:{kind}:v{walk.version}",
            text=text,
            right=right,
            link=reverse("walk", args=[walk.pk]),
            reach=_reach(kind, walk),
        )
        for user_id, right in _people(kind, walk).items()
        if user_id != actor.pk
    ]
    return ensure(drafts, now=now)


def _reach(kind: str, walk: Walk) -> str:
    if walk.is_hidden:
        return Reach.INSIDE
    return Reach.AT_ONCE if kind == "returned" else Reach.DIGEST


def _people(kind: str, walk: Walk) -> dict[int, str]:
    """{user id: the right by which the walk may be opened} of those who are told."""
    named = {one["user_id"] for one in readers_of(walk) if not one["is_silent"]} if walk.is_hidden else set()
    also = frozenset(walk.also_received_by.values_list("pk", flat=True))

    def opens(scope: Scope) -> bool:
        return sees(scope, walk, also_received=also, is_named=scope.user_id in named)

    return rights_to_open(_addressed(kind, walk), opens)


def _addressed(kind: str, walk: Walk) -> list[int]:
    if kind == "recorded":
        department, roles = walk.department_id, (Role.PRINCIPAL,)
    elif kind == "reported":
        # A lead takes in nothing of its own: the office does.
        own = walk.receiver_id == walk.department_id
        department = walk.campaign.office_id if own else walk.receiver_id
        roles = (Role.OFFICE,) if department == walk.campaign.office_id else (Role.LEAD,)
    else:
        department, roles = walk.department_id, (Role.LIAISON,)
    return people_with_role(department_ids=[department], roles=roles).get(department, [])
