"""催办 of units that owe a reply to an enquiry (举一反三): one, or all of those ticked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from accounts.models import User
from core import audit
from core.conflicts import overtaken
from core.exceptions import Conflict, NotAllowed, Refused
from issues.domain.chases.records import record_people, told_already
from issues.domain.enquiries.queries import hold
from issues.enums import EnquiryActor, ReplyState
from issues.models import Chase, Enquiry, EnquiryReply
from issues.rules import enquiry_actors_of


@dataclass(frozen=True)
class ReplyLine:
    """What chasing would do about one reply: whom it reaches, {user id: right} and by name; ``earlier``: whom of them
    somebody has chased today."""

    reply: EnquiryReply
    people: dict[int, str]
    names: list[str]
    earlier: str = ""


def require_sender(enquiry: Enquiry, actor: User) -> None:
    """Raise NotAllowed (403) for anybody but the side that sent it."""
    if EnquiryActor.SENDER not in enquiry_actors_of(actor, enquiry):
        raise NotAllowed("催办由征询的发起方办理。", rule="enquiry.chase")


def lines_of(enquiry: Enquiry, today: date) -> list[ReplyLine]:
    """A line for each unit that has not answered, in the fixed order; five queries, however many units."""
    rows = EnquiryReply.objects.filter(enquiry=enquiry, state=ReplyState.WAITING)
    waiting = list(rows.select_related("department").order_by("department__order", "department_id"))
    people = _people(waiting, today)
    chased = _chased_today(waiting, today)
    labels = dict(User.objects.filter(pk__in={pk for one in people.values() for pk in one}).values_list("pk", "label"))
    return [
        ReplyLine(
            reply,
            people[reply.pk],
            [labels[pk] for pk in people[reply.pk]],
            told_already(row for row in chased.get(reply.pk, ()) if row.person_id in people[reply.pk]),
        )
        for reply in waiting
    ]


@transaction.atomic
def chase(
    *,
    enquiry: Enquiry,
    replies: Iterable[EnquiryReply],
    words: str,
    again: bool,
    actor: User,
    now: datetime | None = None,
) -> int:
    """Chase these units; returns how many (个). Side effects in order, for each: how often and when last, by an UPDATE
    bound to how often it was before; a notice to each person; a row for each; an audit entry for all.

    Raises NotAllowed (403); Conflict (409) where one of them has answered meanwhile, or somebody chased it at the same
    moment; Refused (400) where nobody can be reached or, without ``again``, somebody was chased today. All or none."""
    now = now or timezone.now()
    require_sender(enquiry, actor)
    today, wanted = timezone.localtime(now).date(), {reply.pk for reply in replies}
    hold(enquiry)
    lines = [line for line in lines_of(enquiry, today) if line.reply.pk in wanted]
    if not wanted:
        raise Refused("请先勾选要催办的单位。", rule="enquiry.chase", fields={"chosen": "请先勾选要催办的单位"})
    if len(lines) < len(wanted):
        raise Conflict("所选单位中有的已经答复，没有催办。请核对后再办。", rule="enquiry.chase")
    _require_reached(lines, again)
    for line in lines:
        _chase_one(enquiry, line, words.strip(), actor, now)
    units = [line.reply.department.name for line in lines]
    key = enquiry.issue.number or ""
    audit.record(actor=actor, action="enquiry.chased", object_type="issue", object_key=key, detail={"units": units})
    return len(lines)


def _require_reached(lines: Sequence[ReplyLine], again: bool) -> None:
    if nobody := [line.reply.department.name for line in lines if not line.people]:
        words = f"{'、'.join(nobody)}没有可以催办的联络员和主要负责同志"
        raise Refused(f"{words}，没有催办。", rule="enquiry.chase", fields={"chosen": words})
    if not again and (earlier := [line.earlier for line in lines if line.earlier]):
        words = f"{'；'.join(earlier)}。仍要再次催办的，请勾选确认"
        raise Refused(f"{words}。", rule="enquiry.chase", fields={"again": words})


def _chase_one(enquiry: Enquiry, line: ReplyLine, words: str, actor: User, now: datetime) -> None:
    reply, today = line.reply, timezone.localtime(now).date()
    changes = {"chases": F("chases") + 1, "chased_on": today}
    won = EnquiryReply.objects.filter(pk=reply.pk, state=ReplyState.WAITING, chases=reply.chases).update(**changes)
    if not won:
        last = Chase.objects.filter(reply=reply).select_related("chased_by").order_by("-number", "id").first()
        if last is None:
            raise Conflict(f"{reply.department.name}已经答复，没有催办。", rule="enquiry.chase")
        raise overtaken(f"对{reply.department.name}的催办", last.chased_by, last.chased_at, rule="enquiry.chase")
    record_people(
        issue=enquiry.issue,
        reply=reply,
        unit=reply.department_id,
        number=reply.chases + 1,
        people=line.people,
        words=words,
        actor=actor,
        now=now,
    )


def _people(replies: Sequence[EnquiryReply], today: date) -> dict[int, dict[int, str]]:
    """{reply id: {user id: right}}: the liaisons of the unit, without one and once it is late its principal too."""
    units = [reply.department_id for reply in replies]
    liaisons = rights_with_role(department_ids=units, roles=(Role.LIAISON,))
    principals = rights_with_role(department_ids=units, roles=(Role.PRINCIPAL,))
    found = {}
    for reply in replies:
        own, lead = liaisons.get(reply.department_id, {}), principals.get(reply.department_id, {})
        found[reply.pk] = own | lead if not own or reply.reply_by < today else own
    return found


def _chased_today(replies: Sequence[EnquiryReply], today: date) -> dict[int, list[Chase]]:
    ids = [reply.pk for reply in replies if reply.chased_on == today]
    found: dict[int, list[Chase]] = {}
    if ids:
        for row in (
            Chase.objects.filter(reply_id__in=ids).select_related("person", "chased_by").order_by("number", "id")
        ):
            if timezone.localtime(row.chased_at).date() == today and row.reply_id is not None:
                found.setdefault(row.reply_id, []).append(row)
    return found
