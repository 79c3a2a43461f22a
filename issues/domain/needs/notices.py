"""Who is told of a need: the unit that answers. In the transaction of the step; the unique key keeps one each."""

from datetime import datetime

from django.urls import reverse

from accounts.domain.people import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import rights_to_open
from issues.models import Need
from issues.rules import sees_need
from notifications.domain.notices import Draft, ensure

WORDS = {
    "register": "请回应体验中收集的需求",
    "assign": "请回应体验中收集的需求",
    "return_reply": "需求的回应被退回，请重新回应",
}


def after(*, action: str, need: Need, actor: User | None, now: datetime) -> int:
    """Make the notices of one step; returns how many are new (条). The actor gets none."""
    if action not in WORDS or need.department_id is None:
        return 0
    people = people_with_role(department_ids=[need.department_id], roles=(Role.LIAISON,)).get(need.department_id, [])
    told = rights_to_open(
        (pk for pk in people if pk != getattr(actor, "pk", None)), lambda scope: sees_need(scope, need)
    )  # fmt: skip
    day = f"（{need.reply_by} 前）" if need.reply_by else ""
    drafts = [
        Draft(
            recipient_id=pk,
            kind=f"need.{action}",
            key=f"need:{need.pk}:{action}:v{need.version}",
            text=f"{WORDS[action]}{day}：{need.content[:60]}",
            right=right,
            link=reverse("need", args=[need.public_id]),
        )
        for pk, right in told.items()
    ]
    return ensure(drafts, now=now)
