"""Who is told of a need: the unit that answers, and the one that answers no more.

In the transaction of the step; the unique key keeps one each.
"""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.text import Truncator

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import Scope, rights_to_open
from issues.domain.needs.reminders import duty_of
from issues.models import Need
from issues.rules import sees_need
from notifications.domain.notices import Draft, close, ensure

WORDS = {
    "register": "请回应体验中收集的需求",
    "assign": "请回应体验中收集的需求",
    "return_reply": "需求的回应被退回，请重新回应",
}


def after(*, action: str, need: Need, former_id: int | None, actor: User | None, now: datetime) -> int:
    """Make the notices of one step; returns how many are new (条). The actor gets none.

    ``former_id``: the unit that was to answer before the step. When another one is named instead, its liaisons are told
    that it does not answer any more. An answer, another unit or another date closes the reminders of before.
    """
    if action in ("assign", "reply"):
        close([duty_of(need.pk)], now=now)
    if action not in WORDS or need.department_id is None:
        return 0
    day = f"（{need.reply_by} 前）" if need.reply_by else ""
    why = f"。退回原因：{need.return_reason}" if action == "return_reply" else ""
    told = _liaisons(need.department_id, actor, lambda scope: sees_need(scope, need))
    content = _content(need).rstrip("。") if why else _content(need)
    drafts = _drafts(need, action, f"{WORDS[action]}{day}：{content}{why}", told)
    if former_id not in (None, need.department_id) and need.department:
        told = _liaisons(former_id, actor, lambda scope: former_id in scope.units)
        words = f"需求改由{need.department.name}回应，本单位不再回应：{_content(need)}"
        drafts += _drafts(need, "taken", words, told, link=_link_for_former(need, former_id))
    return ensure(drafts, now=now)


def _liaisons(department_id: int, actor: User | None, sees: Callable[[Scope], bool]) -> dict[int, str]:
    people = people_with_role(department_ids=[department_id], roles=(Role.LIAISON,)).get(department_id, [])
    return rights_to_open((pk for pk in people if pk != getattr(actor, "pk", None)), sees)


def _drafts(need: Need, kind: str, text: str, told: dict[int, str], link: str = "") -> list[Draft]:
    return [
        Draft(
            recipient_id=pk,
            kind=f"need.{kind}",
            key=f"need:{need.pk}:{kind}:v{need.version}",
            text=text,
            right=right,
            link=link or reverse("need", args=[need.public_id]),
        )
        for pk, right in told.items()
    ]


def _link_for_former(need: Need, former_id: int) -> str:
    """The need where the unit walked itself and so goes on seeing it, else the list."""
    return "" if former_id == need.walk.department_id else reverse("needs")


def _content(need: Need) -> str:
    return Truncator(need.content).chars(60, truncate="…")
