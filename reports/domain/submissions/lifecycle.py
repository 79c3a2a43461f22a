"""The only writer of a submission's state and version: it follows ``transitions.TABLE`` and nothing else does.

A unit sends all of its parts of a period at once; from then on each is handled by its own receiver. What was
sent is kept as figures and rows with a digest, and nobody changes it while it is with the other side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.domain.queries import unit_names
from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.states import require_not_archived
from campaigns.domain.versions import rules_for
from campaigns.models import Campaign
from core import audit
from core.conflicts import overtaken, wrong_state
from core.content_token import content_token, require_unchanged
from core.exceptions import DomainError, IllegalTransition, NotAllowed, Refused
from core.guards import offered, require_guards, require_row
from core.periods import Period
from core.templatetags.ui import moment
from core.transitions import Transition
from reports.domain.submissions import guards, notices, papers
from reports.domain.submissions.content import content_of, query_of_unit
from reports.domain.submissions.guards import SubmissionContext
from reports.domain.submissions.parts import Part, kinds_label, parts_of
from reports.domain.submissions.queries import sent_parts, submissions_visible_to
from reports.domain.submissions.transitions import TABLE
from reports.enums import WITH_UNIT, SubmissionContent, SubmissionState
from reports.models import Submission, SubmissionEvent
from reports.rules import actors_of

# Taken on the page of the unit's period, not on that of the submission.
BY_UNIT = ("send", "send_zero")
NAMED = ("campaign", "department", "receiver", "checker", "sent_by", "changed_by")


def send(
    *,
    campaign: Campaign,
    period: Period,
    unit_id: int,
    actor: User,
    zero: bool = False,
    note: str = "",
    seen: str | None = None,
    prepared: papers.Prepared | None = None,
    now: datetime | None = None,
) -> list[Submission]:
    """Hand in everything of the unit's period that is still with the unit, to each receiver its part.

    Once the unit has sent, the period is what it sent: a returned part goes again to the receiver it went to, whoever
    receives by now and whether the unit still stands on the roster.

    ``zero``: nothing was walked, ``note`` says why (零报告). ``seen``: ``token_of_parts`` when the page was opened, for
    two people of the unit; None asks for none. The papers that the rules ask of the unit itself are kept with each
    part; ``prepared``: those of ``prepare_papers``, from a caller that has opened a transaction since. Side effects in
    order, for each part: the row when it is the first time; the step of the table. Raises NotAllowed for people of
    other units; Refused when the unit owes no report for the period, and while a text of its papers names an unknown
    field; IllegalTransition when everything was sent already; and as ``perform``. All or nothing.
    """
    now = now or timezone.now()
    if unit_id not in scope_of(actor).units:
        raise NotAllowed("材料由本单位报送。", rule="permission")
    if prepared is None:
        prepared = {} if zero else prepare_papers(campaign, period, unit_id, timezone.localtime(now).date())
    require_not_archived(campaign)
    with transaction.atomic():
        rows = _waiting_rows(campaign, period, unit_id, seen, timezone.localtime(now).date())
        action = "send_zero" if zero else "send"
        return [
            perform(submission=row, action=action, actor=actor, note=note, prepared=prepared, now=now) for row in rows
        ]


def prepare_papers(campaign: Campaign, period: Period, unit_id: int, today: date) -> papers.Prepared:
    """Write the unit's own papers of each part that it would send, before the transaction of ``send``; where the rules
    ask for none, one query."""
    if not papers.own_papers(query_of_unit(campaign, period, unit_id, "", today)):
        return {}
    made: dict[str, bytes] = {}
    unit, stored = unit_names([unit_id])[unit_id], _stored(campaign, period, unit_id)
    waiting = [row for row in stored if row.state in WITH_UNIT]
    for part in waiting if stored else owed_by(campaign, period, unit_id, today):
        made |= papers.prepare(query_of_unit(campaign, period, unit_id, unit, today, part.activity_kinds))
    return made


def _waiting_rows(campaign: Campaign, period: Period, unit_id: int, seen: str | None, today: date) -> list[Submission]:
    """The rows of the period that are still with the unit; raises as ``send`` where there are none."""
    rows = _rows_of(campaign, period, unit_id, today)
    if not rows:
        raise Refused(f"本单位{period.label}没有应报的材料，或本活动没有规定报送期限。", rule="submission.owed")
    if seen is not None:
        require_unchanged(what="本期报送", seen=seen, now=token_of_parts(rows), saved=_last_change(rows))
    waiting = [row for row in rows if row.state in WITH_UNIT]
    if not waiting:
        saved = _last_change(rows)
        last = f"（{saved[0]}，{moment(saved[1])}）" if saved else ""
        raise IllegalTransition(f"{period.label}的材料已经报送{last}，不用重复报送。", rule="submission.state")
    return waiting


@transaction.atomic
def perform(
    *,
    submission: Submission,
    action: str,
    actor: User,
    note: str = "",
    version: int | None = None,
    prepared: papers.Prepared | None = None,
    now: datetime | None = None,
) -> Submission:
    """Take a step. Side effects in order: state, version and what the step changes by an UPDATE bound to the old ones;
    the papers handed in (``prepared``: as in ``send``); an event; notices; an audit entry. Raises NotAllowed (403),
    IllegalTransition or StaleVersion (409, names who and when) when ``version`` is not the present one, Refused (400)
    naming what is missing."""
    row = require_actor(submission, action, actor)
    require_state(submission, row)
    now = now or timezone.now()
    ctx = SubmissionContext(submission, row, actor, note.strip()[:500], now, prepared=prepared or {})
    require_guards(guards, row, ctx)
    _write(ctx, submission.version if version is None else version, CHANGES[action](ctx))
    papers.keep(submission, ctx.papers)
    SubmissionEvent.objects.create(
        submission=submission, kind=action, actor=actor, at=ctx.now, note=ctx.note, digest=submission.digest
    )
    notices.after(action=action, submission=submission, period=ctx.period, actor=actor, now=ctx.now)
    _record(ctx)
    return submission


@dataclass
class BulkResult:
    """How many were done, and of the others in words why not."""

    done: int = 0
    refused: list[str] = field(default_factory=list)


def perform_many(
    *, chosen: Iterable[tuple[Submission, int]], action: str, actor: User, now: datetime | None = None
) -> BulkResult:
    """The same step for several submissions, each with the version that was on the screen; each by itself: one that is
    refused keeps nobody else from it."""
    result = BulkResult()
    for submission, version in chosen:
        try:
            perform(submission=submission, action=action, actor=actor, version=version, now=now)
            result.done += 1
        except DomainError as error:
            result.refused.append(f"{_named(submission)}：{error.words_for(actor)}")
    return result


def _named(submission: Submission) -> str:
    """县公安局; 县公安局（跟执法） where the unit has several parts."""
    kinds = kinds_label(submission.activity_kinds)
    return f"{submission.department.name}（{kinds}）" if kinds else submission.department.name


def available(user: User, submission: Submission) -> list[Transition]:
    """The steps this person could take now on the page of the submission, in the table's order. The unit sends from the
    page of its period."""
    now, rows = timezone.now(), TABLE.open_to(actors_of(user, submission), submission.state)
    rows = [row for row in rows if row.action not in BY_UNIT]
    return offered(guards, rows, lambda row: SubmissionContext(submission, row, user, "", now))


def require_actor(submission: Submission, action: str, actor: User) -> Transition:
    """The row of ``action``; raises NotAllowed (403) when the person is none of its actors."""
    return require_row(TABLE, action, actors_of(actor, submission), rule="submission.action")


def require_state(submission: Submission, row: Transition) -> None:
    """Raise IllegalTransition when the step does not lead from the present state."""
    if submission.state not in row.sources:
        raise _wrong_state(submission, row)


def token_of_parts(rows: Iterable[Submission]) -> str:
    """By what the page of a unit's period knows whether somebody else sent meanwhile. ``rows``: all that the unit has
    sent for the period; those in 待报送 count for nothing."""
    sent = [row for row in rows if row.state != SubmissionState.TO_SEND]
    return content_token(sorted([row.receiver_id, str(row.state), row.version] for row in sent))


def sent_of(user: User, campaign: Campaign, period: Period, unit_id: int) -> list[Submission]:
    """What the unit has sent for a period, as far as the person sees it; two queries."""
    rows = submissions_visible_to(user).filter(campaign=campaign, period=period.code, department_id=unit_id)
    rows = rows.exclude(state=SubmissionState.TO_SEND).prefetch_related("also_received_by")
    return list(rows.select_related(*NAMED).order_by("id"))


def owed_by(campaign: Campaign, period: Period, unit_id: int, today: date) -> list[Part]:
    """The parts that a unit owes which has sent nothing for the period yet."""
    return parts_of(campaign, rules_for(campaign.pk, period, today)[1], period, today=today, unit_id=unit_id)


def _rows_of(campaign: Campaign, period: Period, unit_id: int, today: date) -> list[Submission]:
    """What the unit has sent for the period; where it has sent nothing, a new row in 待报送 for each part it owes."""
    stored = _stored(campaign, period, unit_id)
    return stored or [_row_of(campaign, part) for part in owed_by(campaign, period, unit_id, today)]


def _stored(campaign: Campaign, period: Period, unit_id: int) -> list[Submission]:
    return list(sent_parts(campaign, period, unit_id).select_related(*NAMED))


def _row_of(campaign: Campaign, part: Part) -> Submission:
    """The new row of a part, in 待报送."""
    place = {"campaign": campaign, "period": part.period.code, "department_id": part.unit.id}
    rows = Submission.objects.select_related(*NAMED).filter(**place, receiver_id=part.receiver)
    kinds = None if part.activity_kinds is None else list(part.activity_kinds)
    facts = {"checker_id": part.checker, "activity_kinds": kinds, "due_on": part.due_on}
    try:
        with transaction.atomic():
            made = Submission.objects.create(**place, receiver_id=part.receiver, **facts)
            made.also_received_by.set(part.also)
    except IntegrityError:
        # Two people of the unit pressed at the same moment: both go on with the row that stands.
        return rows.get()
    return rows.get(pk=made.pk)


def _send(ctx: SubmissionContext) -> dict:
    submission, first = ctx.submission, ctx.submission.first_sent_at
    content = content_of(
        submission.campaign, ctx.period, submission.department_id, submission.activity_kinds, ctx.today
    )  # fmt: skip
    zero = ctx.row.action == "send_zero"
    if not zero:
        asked = (submission.campaign, ctx.period, submission.department_id, submission.department.name)
        query = query_of_unit(*asked, ctx.today, submission.activity_kinds)
        ctx.papers.update(papers.files_of(query, ctx.prepared))
    content = replace(content, papers=papers.digests_of(ctx.papers))
    kind = SubmissionContent.ZERO if zero else SubmissionContent.NONE if content.is_empty else SubmissionContent.PACK
    return {
        "content": kind,
        "zero_reason": ctx.note if zero else "",
        "data": content.data,
        "digest": content.digest,
        "first_sent_at": first or ctx.now,
        "sent_at": ctx.now,
        "sent_by": ctx.actor,
        "return_reason": "",
    }


def _send_back(ctx: SubmissionContext) -> dict:
    return {"return_reason": ctx.note}


def _nothing(ctx: SubmissionContext) -> dict:
    return {}


CHANGES = {
    "send": _send,
    "send_zero": _send,
    "lock": _nothing,
    "return": _send_back,
    "send_on": _nothing,
    "receive": _nothing,
    "send_back": _send_back,
}


def _write(ctx: SubmissionContext, version: int, changes: dict) -> None:
    submission = ctx.submission
    won = Submission.objects.filter(pk=submission.pk, state__in=ctx.row.sources, version=version).update(
        state=ctx.row.target, version=F("version") + 1, changed_by=ctx.actor, changed_at=ctx.now, **changes
    )
    if not won:
        raise _lost(submission, ctx.row)
    submission.refresh_from_db()


def _lost(submission: Submission, row: Transition) -> Exception:
    current = Submission.objects.select_related("changed_by").get(pk=submission.pk)
    if current.state not in row.sources or current.changed_at is None:
        return _wrong_state(current, row)
    return overtaken("本件", current.changed_by, current.changed_at, rule="submission.version")


def _last_change(rows: Iterable[Submission]) -> tuple[User | None, datetime] | None:
    """Who took the last step on any of the parts and when; None where nobody has."""
    changed = [(row.changed_by, row.changed_at) for row in rows if row.changed_at]
    return max(changed, key=lambda one: one[1], default=None)


def _wrong_state(submission: Submission, row: Transition) -> IllegalTransition:
    who, at = submission.changed_by, submission.changed_at
    return wrong_state("本件", submission.get_state_display(), row, rule="submission.state", who=who, at=at)


def _record(ctx: SubmissionContext) -> None:
    submission = ctx.submission
    detail = {
        "unit": submission.department.name, "period": submission.period, "digest": submission.digest,
        "content": submission.content, "version": submission.version,
    }  # fmt: skip
    action, key = f"submission.{ctx.row.action}", f"{submission.campaign.code}-{submission.public_id}"
    audit.record(actor=ctx.actor, action=action, object_type="submission", object_key=key, detail=detail)
