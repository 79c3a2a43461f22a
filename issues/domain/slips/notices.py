"""Who is told of a 督办单: the responsible unit when it is signed or an answer is returned, the office of an answer."""

from datetime import datetime

from django.urls import reverse

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import rights_to_open
from issues.domain.queries import parties_of
from issues.domain.slips.reminders import duty_of
from issues.enums import SlipColour
from issues.models import Slip
from issues.rules import sees
from notifications.domain.notices import Draft, close, ensure
from notifications.enums import Reach

UNIT = (Role.LIAISON, Role.PRINCIPAL, Role.RESPONSIBLE)


def signed(*, slip: Slip, actor: User, now: datetime) -> int:
    """Tell the unit; returns how many notices (条) are new."""
    words = f"收到{SlipColour(slip.colour).label}督办单 {slip.number}，请于 {slip.reply_by} 前反馈"
    return _tell(slip, "sign", words, slip.department_id, UNIT, actor, now)


def after(*, action: str, slip: Slip, actor: User | None, now: datetime) -> int:
    """Make the notices of one step, and close the reminders of what is done; returns how many (条) are new."""
    if action != "return":
        close([duty_of(slip.pk)], now=now)
    if action == "answer":
        words = f"{slip.department.name}已反馈 {slip.number}，请核验"
        return _tell(slip, action, words, slip.campaign.office_id, (Role.OFFICE,), actor, now)
    if action in ("return", "accept"):
        words = f"{slip.number} 的反馈被退回：{slip.opinion}" if action == "return" else f"{slip.number} 已核验办结"
        return _tell(slip, action, words, slip.department_id, UNIT, actor, now)
    return 0


def _tell(
    slip: Slip, kind: str, words: str, department: int, roles: tuple[Role, ...], actor: User | None, now: datetime
) -> int:
    people = people_with_role(department_ids=[department], roles=roles).get(department, [])
    parties = parties_of(slip.issue)
    told = rights_to_open([pk for pk in people if actor is None or pk != actor.pk], lambda one: sees(one, parties))
    link = reverse("slip", args=[slip.public_id])
    key = f"slip:{slip.pk}:{kind}:v{slip.version}"
    text = f"{words}（{slip.issue.number}：{slip.issue.description[:50]}）"
    at_once = kind == "return" or (kind == "sign" and slip.colour == SlipColour.RED)
    reach = Reach.AT_ONCE if at_once else Reach.DIGEST
    drafts = [Draft(pk, f"slip.{kind}", key, text, right, link, reach=reach) for pk, right in told.items()]
    return ensure(drafts, now=now)
