"""Who is told that a unit is asked to look back: the people of that unit and nobody else, in the transaction of the
step. The unique key keeps one each."""

from datetime import datetime

from django.urls import reverse

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from accounts.models import User
from issues.models import LookBackRequest
from notifications.domain.notices import Draft, close, ensure

DUTY = "look_back:"


def duty_of(request_id: int) -> str:
    """The name of the duty to look back."""
    return f"{DUTY}r{request_id}"


def asked(request: LookBackRequest, *, actor: User, now: datetime) -> int:
    """Tell liaisons and principal of the unit; returns how many notices (条) are new."""
    text = f"请于 {request.due_on} 前对 {request.issue.number} 回头看：{request.issue.description[:60]}"
    return _tell(request, "asked", text, actor, now)


def withdrawn(request: LookBackRequest, *, actor: User, now: datetime) -> int:
    """Close the reminders; tell the unit that it need not walk any more. Returns how many (条) are new."""
    close([duty_of(request.pk)], now=now)
    text = f"{request.issue.number} 的回头看不再需要（{request.withdrawal_reason[:60]}）"
    return _tell(request, "withdrawn", text, actor, now)


def _tell(request: LookBackRequest, kind: str, text: str, actor: User, now: datetime) -> int:
    found = rights_with_role(department_ids=[request.department_id], roles=(Role.LIAISON, Role.PRINCIPAL))
    rights = found.get(request.department_id, {})
    link, key = reverse("look_back_request", args=[request.public_id]), f"look_back:{request.pk}:{kind}"
    drafts = [
        Draft(user, f"look_back.{kind}", key, text, right, link) for user, right in rights.items() if user != actor.pk
    ]
    return ensure(drafts, now=now)
