"""The life of a walk. The only writer of ``Walk.state`` and ``version``: ``perform`` follows ``transitions.TABLE``, and
``touch`` carries out its row "edit" for content, which several people add to at once."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.states import require_not_archived
from core import audit
from core.conflicts import overtaken, wrong_state
from core.exceptions import IllegalTransition, NotAllowed, Refused, StaleVersion
from core.guards import offered, require_guards, require_open_guards
from core.transitions import Transition
from evidence.models import StoredFile
from walks.domain import guards, notices
from walks.domain.delegation import companions_fault
from walks.domain.effects import EFFECTS
from walks.domain.stored import require_step_seen
from walks.domain.transitions import EVENT_OF, TABLE
from walks.enums import WalkState, stages_for
from walks.models import Step, StepPhoto, Walk, WalkEvent
from walks.rules import actors_of

EDIT = TABLE.by_action["edit"]


@transaction.atomic
def perform(
    *,
    walk: Walk,
    action: str,
    actor: User,
    data: dict | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Walk:
    """Carry out ``action`` and return the walk as it now stands. ``version``: the one the person was shown.

    ``data`` by action: postpone ``planned_on``; record ``issues_total`` and ``issues_unclassified`` (件), sign
    ``content_digest``, both from the higher app that owns issues; report ``stamped`` (pictures of the signed and
    stamped paper; numbering the issues is the caller's part of the same transaction, ``issues.domain.intake``);
    send_back, reopen and cancel ``reason``. "edit" is carried out by ``touch``, not here.

    Side effects in order: rows beside the walk; the walk by an UPDATE bound to the old state and version; an event;
    audit entries of signing and reporting; notices. All or nothing.

    Raises IllegalTransition (409) from a wrong state, StaleVersion (409, names who changed it) when the walk is no
    longer the one that was read, NotAllowed (403) for somebody who is no actor, Refused (400) naming what is missing.
    """
    row, actors, now = _row(walk, action), actors_of(actor, walk), now or timezone.now()
    _require_actor(row, actors)
    if version is not None:
        require_version(walk, version)
    ctx = guards.WalkContext(walk, row, actor, actors, data or {}, now)
    require_guards(guards, row, ctx)
    was_hidden, note, changes = walk.is_hidden, _note(ctx), EFFECTS[action](ctx)
    _write(walk, row, actor, now, changes)
    write_event(walk, EVENT_OF[action], actor, now, note)
    _record(walk, action, actor, was_hidden)
    notices.after(kind=EVENT_OF[action], walk=walk, actor=actor, now=now)
    return walk


def available(user: User, walk: Walk) -> dict[str, Transition]:
    """{action: row} this person could take on the walk now, in the table's order; buttons derive from this.

    Guards marked ``before_offer`` are asked here, so that nobody is offered a button that can only be refused; those
    that ask for input or for the day are left for ``perform``.
    """
    actors = actors_of(user, walk)
    rows = TABLE.open_to(actors, walk.state)
    return {row.action: row for row in offered(guards, rows, lambda row: _untold(row, user, actors, walk))}


def ensure_open(*, walk: Walk, action: str, actor: User) -> Transition:
    """The row of ``action`` when this person may take it now; else raises what ``perform`` would for any input."""
    row, actors = _row(walk, action), actors_of(actor, walk)
    _require_actor(row, actors)
    require_open_guards(guards, row, _untold(row, actor, actors, walk))
    return row


@transaction.atomic
def add_step(
    *,
    walk: Walk,
    actor: User,
    stage: str,
    note: str = "",
    assessment: str = "",
    happened_at: datetime | None = None,
    files: Iterable[StoredFile] = (),
) -> Step:
    """Append a step with its photos to an open walk (in_progress or returned).

    Raises Refused for a stage this mode does not have, IllegalTransition when the walk is no longer open.
    """
    touch(walk=walk, actor=actor)
    if stage not in stages_for(walk.mode):
        raise Refused("所选环节不属于本次体验形式，请重新选择。", fields={"stage": "请选择列出的环节"})
    step = Step.objects.create(
        walk=walk,
        stage=stage,
        note=note,
        assessment=assessment,
        happened_at=happened_at or timezone.now(),
        created_by=actor,
    )
    StepPhoto.objects.bulk_create([StepPhoto(step=step, file=file) for file in files])
    return step


@transaction.atomic
def edit_step(
    *,
    step: Step,
    actor: User,
    seen: str,
    stage: str,
    note: str,
    assessment: str,
    happened_at: datetime,
    files: Iterable[StoredFile] = (),
) -> Step:
    """Change a step of an open walk and append photos; raises as ``add_step``, and as ``require_step_seen`` when it is
    no longer what was ``seen`` (``token_of_step``)."""
    require_step_seen(step=step, seen=seen)
    touch(walk=step.walk, actor=actor)
    if stage not in stages_for(step.walk.mode):
        raise Refused("所选环节不属于本次体验形式，请重新选择。", fields={"stage": "请选择列出的环节"})
    step.stage, step.note, step.assessment, step.happened_at = stage, note, assessment, happened_at
    step.save(update_fields=["stage", "note", "assessment", "happened_at"])
    StepPhoto.objects.bulk_create([StepPhoto(step=step, file=file) for file in files])
    return step


@transaction.atomic
def set_waiting(*, walk: Walk, waiting: bool, actor: User, now: datetime | None = None) -> None:
    """Flag the walk as waiting for the result (等结果), or take the flag off; leaves an event."""
    touch(walk=walk, actor=actor)
    Walk.objects.filter(pk=walk.pk).update(is_waiting=waiting)
    write_event(walk, "waiting" if waiting else "resumed", actor, now or timezone.now())


FACTS = (
    "place",
    "ended_on",
    "is_simulated",
    "simulation_withdrawn",
    "has_authorisation",
    "actual_days",
    "actual_documents",
    "actual_trips",
    "zero_explained",
    "suggestion",
    "companions",
)


@transaction.atomic
def write_facts(*, walk: Walk, actor: User, facts: dict) -> None:
    """Store what the liaison completes (only the names in FACTS) on an open walk.

    Raises Refused for companions the rules of the walk do not allow.
    """
    rules = Rulebook.from_data(walk.rules.data)
    fault = companions_fault(rules, companions=facts.get("companions", {}), is_covert=walk.is_covert)
    if fault:
        raise Refused(fault, rule="companions", fields={"companions": fault})
    touch(walk=walk, actor=actor)
    Walk.objects.filter(pk=walk.pk).update(**{name: facts[name] for name in FACTS if name in facts})


def hand_in_imported(*, walk_ids: Iterable[UUID], now: datetime) -> None:
    """Recorded walks that were brought in from a table count as handed in; signed by nobody, told to nobody."""
    rows = Walk.objects.filter(pk__in=list(walk_ids), state=WalkState.RECORDED, signed_at=None)
    rows.update(state=WalkState.REPORTED, reported_at=now)


def require_editor(*, walk: Walk, actor: User) -> None:
    """Raise NotAllowed for somebody who adds nothing to this walk, IllegalTransition when it is no longer open."""
    _require_actor(EDIT, actors_of(actor, walk))
    require_not_archived(walk.campaign)
    require_open(walk)


def require_open(walk: Walk) -> None:
    """Raise IllegalTransition when the walk no longer takes content."""
    if walk.state not in EDIT.sources:
        raise _not_open(walk)


def require_version(walk: Walk, version: int) -> None:
    """Raise StaleVersion when the walk is no longer the one the person was shown."""
    if version != walk.version:
        raise _stale(walk)


def touch(*, walk: Walk, actor: User) -> None:
    """Bump the version of an open walk, so that content never changes under a signature being given.

    Everything that adds to a walk calls it first, higher apps included. Raises as ``require_editor``.
    """
    _require_actor(EDIT, actors_of(actor, walk))
    won = Walk.objects.filter(pk=walk.pk, state__in=EDIT.sources).update(
        version=F("version") + 1, changed_by=actor, changed_at=timezone.now()
    )
    if not won:
        walk.refresh_from_db(fields=["state"])
        raise _not_open(walk)
    walk.version += 1


def require(allowed: bool) -> None:
    """Turn a refused predicate into 403 in words."""
    if not allowed:
        raise NotAllowed("您可以查看本次体验，但没有执行此操作的权限。", rule="permission")


def write_event(walk: Walk, kind: str, actor: User, now: datetime, note: str = "", subject: UUID | None = None) -> None:
    """One line of the walk's history; ``subject``: what was taken back (``WalkEvent.subject``)."""
    WalkEvent.objects.create(walk=walk, kind=kind, actor=actor, at=now, note=note, subject=subject)


def _row(walk: Walk, action: str) -> Transition:
    row = TABLE.by_action[action]
    if walk.state not in row.sources:
        raise _wrong_state(walk, row)
    return row


def _require_actor(row: Transition, actors: frozenset[str]) -> None:
    require(bool(actors & set(row.actors)))


def _untold(row: Transition, actor: User, actors: frozenset[str], walk: Walk) -> guards.WalkContext:
    """What guards that need no input look at."""
    return guards.WalkContext(walk, row, actor, actors, {}, timezone.now())


def _note(ctx: guards.WalkContext) -> str:
    """What the event tells besides its kind: the reason given, or both days of a walk put off."""
    if ctx.row.action == "postpone":
        return f"{ctx.walk.walk_date} 改为 {ctx.data['planned_on']}"
    return ctx.data.get("reason", "")


def _write(walk: Walk, row: Transition, actor: User, now: datetime, changes: dict) -> None:
    won = Walk.objects.filter(pk=walk.pk, state=walk.state, version=walk.version).update(
        state=row.target_from(walk.state), version=F("version") + 1, changed_by=actor, changed_at=now, **changes
    )
    if not won:
        current = Walk.objects.only("state").get(pk=walk.pk)
        raise _stale(walk) if current.state in row.sources else _wrong_state(current, row)
    walk.refresh_from_db()


def _record(walk: Walk, action: str, actor: User, was_hidden: bool) -> None:
    """Audit entries. A covert walk comes into the open when it is reported: what the audit kept covert about it may be
    read from here on."""
    record = partial(audit.record, actor=actor, object_type="walk", object_key=walk.pk)
    if action == "sign":
        detail = {"digest": walk.signed_digest, "version": walk.version}
        record(action="walk.signed", detail=detail, covert=walk.is_hidden)
    elif action == "report":
        record(action="walk.reported")
        if was_hidden:
            record(action="walk.released")


def _stale(walk: Walk) -> StaleVersion:
    return overtaken("本次体验", *_last(walk), rule="walk.version")


def _wrong_state(walk: Walk, row: Transition) -> IllegalTransition:
    who, at = _last(walk)
    return wrong_state("本次体验", walk.get_state_display(), row, rule=f"walk.{row.action}", who=who, at=at)


def _last(walk: Walk) -> tuple[User, datetime]:
    """Who changed the walk last, as it is stored now, and when."""
    last = Walk.objects.select_related("changed_by", "walker").get(pk=walk.pk)
    return last.changed_by or last.walker, last.changed_at or last.started_at


def _not_open(walk: Walk) -> IllegalTransition:
    who, at = _last(walk)
    also = "。需要修改时请先点“重新修改”" if walk.state in TABLE.sources_of("reopen") else ""
    return wrong_state("本次体验", walk.get_state_display(), EDIT, rule="walk.open", who=who, at=at, also=also)
