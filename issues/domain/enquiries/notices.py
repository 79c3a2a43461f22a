"""Who is told of an enquiry (举一反三): the units that are asked, and whoever sent it of what was found.

In the transaction of the step; the unique key keeps one each.
"""

from datetime import datetime

from django.urls import reverse

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import rights_to_open
from issues.domain.enquiries.reminders import duty_of
from issues.domain.queries import parties_of
from issues.models import Enquiry, EnquiryReply
from issues.rules import sees
from notifications.domain.notices import Draft, close, ensure


def sent(*, enquiry: Enquiry, actor: User, now: datetime) -> int:
    """Tell the liaisons of every unit that is asked, where there are none the principal; returns how many notices (条)
    are new. Two queries for all units."""
    text = f"举一反三：请于 {enquiry.reply_by} 前答复本单位有无同类问题（{enquiry.question[:60]}）"
    return ensure(_to_units(enquiry, "send", text, actor), now=now)


def answered(*, reply: EnquiryReply, action: str, actor: User | None, now: datetime) -> int:
    """Close the reminders of the reply; tell the sender of what was found. Returns how many (条) are new."""
    close([duty_of(reply.pk)], now=now)
    if action != "found" or reply.child is None:
        return 0
    text = f"{reply.department.name}答复举一反三“有”，已登记入账 {reply.child.number}：{reply.words[:50]}"
    return ensure(_to_sender(reply.enquiry, f"found:{reply.pk}", text, actor), now=now)


def ended(*, enquiry: Enquiry, action: str, actor: User | None, now: datetime) -> int:
    """Tell the sender that every unit has answered, or the units still asked that they need not any more; returns how
    many (条) are new."""
    if action == "end":
        text = f"举一反三征询已终止，不再答复（{enquiry.end_reason[:60]}）：{enquiry.question[:60]}"
        return ensure(_to_units(enquiry, "end", text, actor), now=now)
    text = f"{enquiry.issue.number} 的举一反三征询，各单位均已答复"
    return ensure(_to_sender(enquiry, "complete", text, actor), now=now)


def _to_units(enquiry: Enquiry, kind: str, text: str, actor: User | None) -> list[Draft]:
    waiting = EnquiryReply.objects.filter(enquiry=enquiry, answered_on=None).order_by("id")
    rows = list(waiting.values_list("pk", "public_id", "department_id"))
    people = rights_with_role(department_ids=[unit for *_, unit in rows], roles=(Role.LIAISON, Role.PRINCIPAL))
    drafts = []
    for pk, public_id, unit in rows:
        rights = {user: right for user, right in people.get(unit, {}).items() if actor is None or user != actor.pk}
        drafts += [
            Draft(
                user, f"enquiry.{kind}", f"enquiry:{pk}:{kind}", text, right, reverse("enquiry_reply", args=[public_id])
            )
            for user, right in rights.items()
        ]
    return drafts


def _to_sender(enquiry: Enquiry, kind: str, text: str, actor: User | None) -> list[Draft]:
    parties = parties_of(enquiry.issue)
    told = [enquiry.sent_by_id] if actor is None or actor.pk != enquiry.sent_by_id else []
    rights = rights_to_open(told, lambda one: sees(one, parties))
    link = reverse("enquiry", args=[enquiry.public_id])
    name = f"enquiry.{kind.partition(':')[0]}"
    return [Draft(pk, name, f"enquiry:{enquiry.pk}:{kind}", text, right, link) for pk, right in rights.items()]
