"""The only writer of ``Enquiry`` and of its replies' state: sent from an issue, answered unit by unit, ended."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Department, User
from core import audit
from core.conflicts import overtaken, wrong_state
from core.exceptions import Conflict, IllegalTransition, NotAllowed, Refused
from core.guards import offered, require_guards, require_row
from core.transitions import Transition
from issues.domain import due_dates
from issues.domain.enquiries import guards, notices
from issues.domain.enquiries.guards import EnquiryContext
from issues.domain.enquiries.queries import hold
from issues.domain.enquiries.transitions import ENQUIRY, REPLY
from issues.domain.enquiries.units import units_to_ask
from issues.domain.intake import open_similar
from issues.enums import IssueState, ReplyState
from issues.models import Enquiry, EnquiryEvent, EnquiryReply, Issue
from issues.rules import enquiry_actors_of, enquiry_sender, reply_actors_of

OF_REPLY = ("enquiry__issue__campaign", "enquiry__department", "enquiry__sent_by", "department", "changed_by", "child")
OF_ENQUIRY = ("issue", "campaign", "department", "sent_by", "changed_by")
# What is joined to another issue or was not adopted is asked about nowhere.
NOT_ASKED = (IssueState.DRAFT, IssueState.MERGED, IssueState.DISMISSED)


def require_sendable(issue: Issue, user: User) -> int:
    """The unit on whose behalf the person sends: the office, else the lead. Raises NotAllowed (403) for anybody else,
    Conflict (409) for an issue that is no issue of its own any more."""
    sender = enquiry_sender(user, issue)
    if sender is None:
        raise NotAllowed("举一反三由牵头单位或统筹办发起。", rule="enquiry.sender")
    if issue.state in NOT_ASKED:
        raise Conflict(f"该问题处于“{issue.get_state_display()}”，不能发起举一反三。", rule="enquiry.state")
    return sender


def may_enquire(user: User, issue: Issue) -> bool:
    """Whether the person may send an enquiry from the issue now."""
    return enquiry_sender(user, issue) is not None and issue.state not in NOT_ASKED


@transaction.atomic
def send(
    *,
    issue: Issue,
    units: Sequence[Department],
    question: str,
    reply_by: date | None,
    actor: User,
    now: datetime | None = None,
) -> Enquiry:
    """Ask these units. Side effects in order: the enquiry; a reply that waits for each unit; an event; a notice to the
    liaisons of each; an audit entry.

    Raises NotAllowed (403), Conflict (409), Refused (400) naming what is missing: units this person may ask, none of
    which is being asked about this issue already; a question; a day from today on within the days that need nobody's
    confirmation (``due_dates.longest_free``).
    """
    now = now or timezone.now()
    sender = require_sendable(issue, actor)
    # Whoever asks at the same moment waits here, and then finds the units asked.
    Issue.objects.select_for_update(no_key=True, of=("self",)).get(pk=issue.pk)
    _require_content(issue, units, question, reply_by, actor, timezone.localtime(now).date())
    facts = {"reply_by": reply_by, "campaign_id": issue.campaign_id}
    made = Enquiry.objects.create(
        issue=issue, department_id=sender, question=question.strip()[:500], sent_by=actor, sent_at=now, **facts
    )
    EnquiryReply.objects.bulk_create(EnquiryReply(enquiry=made, department=unit, **facts) for unit in units)
    _note(made, "send", actor, now, "、".join(unit.name for unit in units))
    notices.sent(enquiry=made, actor=actor, now=now)
    _audit(made, actor, "sent", {"units": [unit.name for unit in units], "reply_by": str(reply_by)})
    return made


@transaction.atomic
def answer(
    *,
    reply: EnquiryReply,
    action: str,
    actor: User,
    data: Mapping[str, Any],
    version: int | None = None,
    now: datetime | None = None,
) -> EnquiryReply:
    """A unit answers, ``found`` or ``none``. Side effects in order: for 有 the issue it opens in that unit; the reply
    by an UPDATE bound to its old state and version; an event; notices; the enquiry is complete with the last answer; an
    audit entry. All or nothing: of two people who answer at once one wins, and no issue of the other stays.

    Raises NotAllowed (403), IllegalTransition or StaleVersion (409) naming who answered what, Refused (400)."""
    now = now or timezone.now()
    row = require_actor(reply, action, actor)
    require_state(reply, row)
    ctx = EnquiryContext(enquiry=reply.enquiry, reply=reply, row=row, actor=actor, data=data, now=now)
    require_guards(guards, row, ctx)
    seen = reply.version if version is None else version
    # Of two steps on one enquiry the second waits here, before it opens an issue, and then finds what the first did.
    hold(reply.enquiry)
    held = EnquiryReply.objects.get(pk=reply.pk)
    if held.state not in row.sources or held.version != seen:
        raise _lost_reply(reply, row)
    facts = {"words": ctx.text("words")[:1000], "answered_by": actor, "answered_on": ctx.today}
    _write(reply, row, ctx, facts | ({"child": _child(ctx)} if action == "found" else {}), seen)
    _complete(reply.enquiry, now)
    child = {"child": reply.child.number} if reply.child else {}
    _audit(reply.enquiry, actor, action, {"unit": reply.department.name, "answer": reply.get_state_display(), **child})
    return reply


@transaction.atomic
def end(
    *,
    enquiry: Enquiry,
    actor: User,
    data: Mapping[str, Any],
    version: int | None = None,
    now: datetime | None = None,
) -> Enquiry:
    """The side that sent it ends it with a reason. Side effects in order: state and reason by an UPDATE bound to the
    old ones; units that had not answered are asked no more and told; events; an audit entry. Raises as ``answer``."""
    now = now or timezone.now()
    row = require_row(ENQUIRY, "end", enquiry_actors_of(actor, enquiry), rule="enquiry.action")
    ctx = EnquiryContext(enquiry=enquiry, row=row, actor=actor, data=data, now=now)
    require_running(enquiry, row)
    require_guards(guards, row, ctx)
    words = ctx.text("note")[:300]
    _end(enquiry, row, ctx, {"end_reason": words}, enquiry.version if version is None else version)
    for reply in EnquiryReply.objects.filter(enquiry=enquiry, state=ReplyState.WAITING).select_related(*OF_REPLY):
        drop = REPLY.by_action["drop"]
        _write(reply, drop, EnquiryContext(enquiry=enquiry, reply=reply, row=drop, actor=None, data={}, now=now), {})
    _audit(enquiry, actor, "ended", {"reason": words})
    return enquiry


def available(user: User, reply: EnquiryReply) -> list[Transition]:
    """The answers this person could give now, in the table's order."""
    now, rows = timezone.now(), REPLY.open_to(reply_actors_of(user, reply), reply.state)

    def context(row: Transition) -> EnquiryContext:
        return EnquiryContext(enquiry=reply.enquiry, reply=reply, row=row, actor=user, data={}, now=now)

    return offered(guards, rows, context)


def require_actor(reply: EnquiryReply, action: str, actor: User) -> Transition:
    """The row of ``action``; raises NotAllowed (403) when the person is none of its actors."""
    return require_row(REPLY, action, reply_actors_of(actor, reply), rule="enquiry.reply")


def require_state(reply: EnquiryReply, row: Transition) -> None:
    """Raise IllegalTransition, naming who answered what, when the answer does not lead from the present state."""
    if reply.state not in row.sources:
        raise _wrong_state(reply, "本单位的答复", row)


def require_running(enquiry: Enquiry, row: Transition) -> None:
    """Raise IllegalTransition when the step does not lead from the present state of the enquiry."""
    if enquiry.state not in row.sources:
        raise _wrong_state(enquiry, "本次征询", row)


def _require_content(
    issue: Issue, units: Sequence[Department], question: str, reply_by: date | None, actor: User, today: date
) -> None:
    missing, last = {}, due_dates.longest_free(today)
    may_be_asked = {unit.pk for unit in units_to_ask(actor, issue, today)}
    if not units or any(unit.pk not in may_be_asked for unit in units):
        missing["units"] = "请选择活动名单内的被征询单位（责任单位除外）"
    elif asked := asked_already(issue, units):
        missing["units"] = f"{'、'.join(asked)}正在答复本问题的另一次征询，请去掉后再发起"
    if not question.strip():
        missing["question"] = "请写明征询内容"
    if reply_by is None or not today <= reply_by <= last:
        missing["reply_by"] = f"答复期限应在今天与 {last} 之间"
    if missing:
        raise Refused(f"征询未发起：{'；'.join(missing.values())}。", rule="enquiry.content", fields=missing)


def asked_already(issue: Issue, units: Iterable[Department]) -> list[str]:
    """Names of those units that still have to answer another enquiry about the issue."""
    rows = EnquiryReply.objects.filter(enquiry__issue=issue, state=ReplyState.WAITING, department__in=list(units))
    return list(rows.order_by("department__order", "department_id").values_list("department__name", flat=True))


def _child(ctx: EnquiryContext) -> Issue:
    if ctx.reply is None:
        raise ValueError("an issue is opened by the answer of a unit")
    return open_similar(
        origin=ctx.enquiry.issue,
        unit=ctx.reply.department,
        item=ctx.data.get("item"),
        description=ctx.text("words"),
        actor=ctx.person,
        now=ctx.now,
    )


def _write(reply: EnquiryReply, row: Transition, ctx: EnquiryContext, facts: dict, seen: int | None = None) -> None:
    version = reply.version if seen is None else seen
    won = EnquiryReply.objects.filter(pk=reply.pk, state__in=row.sources, version=version).update(
        state=row.target_from(reply.state), version=F("version") + 1, changed_by=ctx.actor, changed_at=ctx.now, **facts
    )
    if not won:
        raise _lost_reply(reply, row)
    reply.refresh_from_db()
    _note(reply.enquiry, row.action, ctx.actor, ctx.now, reply.words, reply)
    notices.answered(reply=reply, action=row.action, actor=ctx.actor, now=ctx.now)


def _complete(enquiry: Enquiry, now: datetime) -> None:
    """Close the enquiry with its last answer. The caller holds it, so that of units that answer at the same moment the
    last one sees that nobody is left."""
    held = Enquiry.objects.get(pk=enquiry.pk)
    if EnquiryReply.objects.filter(enquiry=held, state=ReplyState.WAITING).exists():
        return
    row = ENQUIRY.by_action["complete"]
    _end(held, row, EnquiryContext(enquiry=held, row=row, actor=None, data={}, now=now), {}, held.version)


def _end(enquiry: Enquiry, row: Transition, ctx: EnquiryContext, facts: dict, seen: int) -> None:
    won = Enquiry.objects.filter(pk=enquiry.pk, state__in=row.sources, version=seen).update(
        state=row.target_from(enquiry.state),
        version=F("version") + 1,
        changed_by=ctx.actor,
        changed_at=ctx.now,
        **facts,
    )
    if not won:
        raise _lost(Enquiry.objects.select_related("changed_by").get(pk=enquiry.pk), "本次征询", row)
    enquiry.refresh_from_db()
    _note(enquiry, row.action, ctx.actor, ctx.now, str(facts.get("end_reason", "")))
    notices.ended(enquiry=enquiry, action=row.action, actor=ctx.actor, now=ctx.now)


def _lost(current: Enquiry | EnquiryReply, what: str, row: Transition) -> Exception:
    """``current``: the record as it stands now."""
    if current.state in row.sources and current.changed_at is not None:
        return overtaken(what, current.changed_by, current.changed_at, rule="enquiry.version")
    return _wrong_state(current, what, row)


def _lost_reply(reply: EnquiryReply, row: Transition) -> Exception:
    return _lost(EnquiryReply.objects.select_related("changed_by").get(pk=reply.pk), "本单位的答复", row)


def _wrong_state(record: Enquiry | EnquiryReply, what: str, row: Transition) -> IllegalTransition:
    label = record.get_state_display()
    return wrong_state(what, label, row, rule="enquiry.state", who=record.changed_by, at=record.changed_at)


def _note(
    enquiry: Enquiry, kind: str, actor: User | None, now: datetime, note: str, reply: EnquiryReply | None = None
) -> None:
    EnquiryEvent.objects.create(enquiry=enquiry, reply=reply, kind=kind, actor=actor, at=now, note=note[:1000])


def _audit(enquiry: Enquiry, actor: User, what: str, detail: dict) -> None:
    key = enquiry.issue.number or ""
    audit.record(actor=actor, action=f"enquiry.{what}", object_type="issue", object_key=key, detail=detail)
