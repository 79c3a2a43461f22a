"""Who is told what became of a walk. In-app notices in the transaction of the change; the unique key keeps one each."""

from datetime import datetime

from django.urls import reverse

from accounts.domain.people import people_with_role
from accounts.enums import Role
from accounts.models import User
from notifications.domain.notices import Draft, ensure
from walks.domain.covert import readers_of
from walks.models import Walk

WORDS = {
    "recorded": "已登记完成，请核对签字",
    "signed": "已签字，请报送",
    "reported": "已报送，请接收",
    "returned": "被退回补正，请修改后重新签字、报送",
}


def after(*, kind: str, walk: Walk, actor: User, now: datetime) -> int:
    """Make the notices of one change; returns how many are new (条). The actor is not told of his own deed."""
    if kind not in WORDS:
        return 0
    text = f"“{walk.item.name}”体验（{walk.walk_date}）{WORDS[kind]}"
    drafts = [
        Draft(
            recipient_id=user_id,
            kind=f"walk.{kind}",
            key=f"walk:{walk.pk}:{kind}:v{walk.version}",
            text=text,
            link=reverse("walk", args=[walk.pk]),
        )
        for user_id in _people(kind, walk)
        if user_id != actor.pk
    ]
    return ensure(drafts, now=now)


def _people(kind: str, walk: Walk) -> list[int]:
    people = _addressed(kind, walk)
    if not walk.is_hidden:
        return people
    named = {one["user_id"] for one in readers_of(walk) if not one["is_silent"]}
    return [user_id for user_id in people if user_id in named]


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
