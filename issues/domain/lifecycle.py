"""The writer of an issue's state: ``perform`` alone follows ``transitions.TABLE``. Beside it ``imported`` alone writes
the state, of issues an office brings in from its own ledger, until somebody works on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.domain.people import labels_of
from accounts.models import Department, User
from accounts.scope import scope_of
from campaigns.domain.rulebook.rulebook import Rulebook
from core import audit
from core.calendar import work_calendar
from core.conflicts import overtaken, wrong_state
from core.exceptions import Conflict, DomainError, IllegalTransition, NotAllowed, Refused, StaleVersion
from core.guards import offered, require_open_guards
from core.transitions import Transition
from core.workdays import WorkCalendar
from issues.domain import guards, notices
from issues.domain.chases.records import people_to_chase
from issues.domain.context import IssueContext
from issues.domain.cooperation import helps
from issues.domain.effects import EFFECTS, attach
from issues.domain.events import event_of
from issues.domain.marks import mark_facts, told_before
from issues.domain.overdue import clock_runs
from issues.domain.queries import claimed_reductions, issues_seen_by, open_extension
from issues.domain.reminder_delivery import close_reminders_of
from issues.domain.reuse import Reuse, reuse_in
from issues.domain.rulebooks import rules_of_issue, rules_of_issues
from issues.domain.transitions import TABLE, WITH_EXTENSION, WITH_HELP
from issues.enums import Actor, EvidenceKind, IssueState
from issues.models import BulkChange, Issue, IssueEvent, LookBack
from issues.rules import actors_of, re_walker_of


@transaction.atomic
def perform(
    *,
    issue: Issue,
    action: str,
    actor: User | None,
    data: dict | None = None,
    version: int | None = None,
    now: datetime | None = None,
    change: BulkChange | None = None,
    look_back: LookBack | None = None,
) -> Issue:
    """Carry out ``action`` and return the issue as it now stands. ``actor`` None is the system; ``change``: the bulk
    change it is part of; ``look_back``: the reported walk bound to the issue on which ``actor`` looked back on it.

    Side effects in order: evidence in ``data["files"]``; the action's own rows (measures, rounds, number); the issue by
    an UPDATE bound to the old state and version; an event row; an audit entry; in-app notices. All or nothing.

    Raises IllegalTransition (409, names the rule) from a wrong state, StaleVersion (409, names who changed it) when
    ``version`` is not the present one, NotAllowed (403) for somebody who is no actor, Refused (400) naming each missing
    part.
    """
    row, actors = _row(issue, action, version), parts_of(actor, issue) | re_walker_of(actor, issue, look_back)
    _require_actor(row, actors)
    ctx = _context(issue, action, actor, actors, data or {}, now or timezone.now())
    missing: dict[str, str] = {}
    for name in row.guards:
        missing |= getattr(guards, name)(ctx)
    if missing:
        raise Refused(f"“{row.label}”未办理：{'；'.join(missing.values())}。", rule=f"issue.{action}", fields=missing)
    attach(issue, actor, ctx.data.get("files") or (), ctx.data.get("evidence_kind") or EvidenceKind.PROOF)
    told = told_before(issue)
    before = IssueBefore(issue.state, issue.due_on, issue.responsible_department, _is_reminded_of(issue))
    changes = EFFECTS[action](ctx)
    _write(issue, row, changes, ctx.now)
    _event(ctx, before, mark_facts(issue, told), change)
    _record(issue, action, actor)
    if before.is_reminded_of and not before.is_reminded_of_still(issue):
        close_reminders_of(issue, ctx.now)
    notices.after(action=action, issue=issue, rules=ctx.rules, actor=actor, now=ctx.now)
    return issue


def parts_of(user: User | None, issue: Issue) -> frozenset[str]:
    """``actors_of``, and whether the person helps (配合单位); one query where that can matter."""
    asked = issue.state in WITH_HELP and helps(user, issue)
    return actors_of(user, issue) | ({Actor.COOPERATING} if asked else frozenset())


def available(user: User, issue: Issue) -> list[Transition]:
    """The actions this person could take on the issue now, in the table's order; buttons derive from this.

    Guards marked ``before_offer`` are asked here, so that nobody is offered a button that can only be refused; the
    others are left for ``perform``.
    """
    actors = parts_of(user, issue)
    ctx = _context(issue, "", user, actors, {}, timezone.now())
    return offered(guards, TABLE.open_to(actors, issue.state), lambda row: replace(ctx, action=row.action))


def ensure_open(*, issue: Issue, action: str, actor: User) -> Transition:
    """The row of ``action`` when this person may take it now; else raises what ``perform`` would for any input."""
    row, actors = _row(issue, action, None), parts_of(actor, issue)
    _require_actor(row, actors)
    ctx = replace(_context(issue, "", actor, actors, {}, timezone.now()), action=action)
    require_open_guards(guards, row, ctx)
    return row


def obstacles(*, issues: Sequence[Issue], action: str, actor: User) -> dict[int, str]:
    """{issue id: why this person cannot take ``action`` on it now, whatever is entered}; the others are not in it.

    For issues read by ``issues.domain.detail.issues_to_open``: no query for each of them.
    """
    row, now, calendar = TABLE.by_action[action], timezone.now(), work_calendar()
    found: dict[int, str] = {}
    rules = rules_of_issues(issues)
    for issue in issues:
        actors, known = actors_of(actor, issue), (rules[issue.pk], calendar)
        try:
            if issue.state not in row.sources:
                raise Conflict(f"现为“{issue.get_state_display()}”，不能{row.label}。")
            _require_actor(row, actors)
            require_open_guards(guards, row, _context(issue, action, actor, actors, {}, now, known))
        except DomainError as error:
            found[issue.pk] = error.message
    return found


# Fields of the form whose values the event keeps.
FACTS = ("due_on", "review_on", "done_on", "target", "extension_to", "re_walk", "reuse_reason", "is_done", "source")
# The event of these actions tells what was entered in this field; of all others, the note, the result or the body.
TOLD_IN = {"add_measures": "measures", "note_cause": "cause"}


def dispute_limit(issue: Issue) -> tuple[int, date]:
    """(工作日, last day) within which an assigned issue may be sent back."""
    days = rules_of_issue(issue).rectification.dispute_workdays
    return days, work_calendar().add_workdays(issue.assigned_on or timezone.localdate(), days)


def _row(issue: Issue, action: str, version: int | None) -> Transition:
    row = TABLE.by_action.get(action)
    if row is None:
        raise IllegalTransition(f"没有名为“{action}”的操作。", rule="issue.action")
    require_version(issue, version)
    if issue.state not in row.sources:
        sources = "、".join(IssueState(state).label for state in row.sources)
        also, (who, at) = f"；此操作只能在“{sources}”时进行", _last(issue)
        raise wrong_state(
            "该问题", issue.get_state_display(), row, rule=f"issue.{action}", who=who, at=at, also=also
        )  # fmt: skip
    return row


def _require_actor(row: Transition, actors: frozenset[str]) -> None:
    if not actors & set(row.actors):
        who = "、".join(Actor(part).label for part in row.actors)
        raise NotAllowed(f"“{row.label}”由{who}办理，您没有此项权限。", rule=f"issue.{row.action}")


def require_version(issue: Issue, version: int | None) -> None:
    """Raise StaleVersion (409), naming who changed it, where ``version`` is not the present one; None asks nothing."""
    if version is not None and version != issue.version:
        raise _stale(issue)


def _stale(issue: Issue) -> StaleVersion:
    who, at = _last(issue)
    return overtaken("该问题", who, at, rule="issue.version")


def _last(issue: Issue) -> tuple[User | None, datetime]:
    """Who acted on the issue last (None is the system) and when."""
    last = IssueEvent.objects.filter(issue=issue).select_related("actor").order_by("-at", "-id").first()
    return (last.actor, last.at) if last else (None, issue.created_at)


def _context(
    issue: Issue,
    action: str,
    actor: User | None,
    actors: frozenset[str],
    data: dict,
    now: datetime,
    known: tuple[Rulebook, WorkCalendar] | None = None,
) -> IssueContext:
    """``known``: read once for many issues; their evidence, whom 催办 reaches and what more time was asked for are not
    read then: no guard before the offer of such an action asks for them."""
    scope = scope_of(actor) if actor is not None else None
    evidence = issue.evidence.filter(round=issue.round, withdrawn_at=None)
    kinds = set(evidence.values_list("kind", flat=True)) if issue.pk and known is None else set()
    if data.get("files"):
        kinds.add(data.get("evidence_kind") or EvidenceKind.PROOF)
    return IssueContext(
        issue=issue,
        action=action,
        actor=actor,
        actors=actors,
        data=data,
        now=now,
        today=timezone.localtime(now).date(),
        rules=known[0] if known else rules_of_issue(issue),
        calendar=known[1] if known else work_calendar(),
        actor_departments=scope.workplaces if scope else frozenset(),
        evidence_kinds=frozenset(kinds),
        claims=tuple(claimed_reductions(issue)) if action == "request_closing" else (),
        merge_target=_merge_target(issue, actor, data),
        reuse=_reuse(issue, actor) if action == "approve_closing" and known is None else (),
        to_chase=_to_chase(issue, now) if action == "chase" and known is None else {},
        extension=open_extension(issue) if issue.state in WITH_EXTENSION and known is None else None,
    )


def _to_chase(issue: Issue, now: datetime) -> dict[int, str]:
    return people_to_chase([issue], timezone.localtime(now).date())[issue.pk]


def _merge_target(issue: Issue, actor: User | None, data: dict) -> Issue | None:
    number = str(data.get("target") or "").strip()
    if not number:
        return None
    return issues_seen_by(actor).filter(number=number, region=issue.region).first()


def _reuse(issue: Issue, actor: User | None) -> tuple[Reuse, ...]:
    return tuple(reuse_in([issue], actor).get(issue.pk, ())) if actor else ()


def _write(issue: Issue, row: Transition, changes: dict, now: datetime) -> None:
    won = Issue.objects.filter(pk=issue.pk, state=issue.state, version=issue.version).update(
        state=row.target_from(issue.state),
        version=F("version") + (0 if row.keeps_version else 1),
        updated_at=now,
        **changes,
    )
    if not won:
        raise _stale(issue)
    issue.refresh_from_db()


@dataclass(frozen=True)
class IssueBefore:
    """What the issue was before an action, as far as its event tells old and new."""

    state: str
    due_on: date | None
    unit: Department | None
    is_reminded_of: bool = False

    def is_reminded_of_still(self, issue: Issue) -> bool:
        """Whether the same unit is held to the same date after the action."""
        is_same = (issue.due_on, issue.responsible_department) == (self.due_on, self.unit)
        return is_same and _is_reminded_of(issue)


def _is_reminded_of(issue: Issue) -> bool:
    return clock_runs(state=issue.state, due_on=issue.due_on, requested_on=issue.closing_requested_on)


def _event(ctx: IssueContext, before: IssueBefore, marks: dict[str, str], change: BulkChange | None) -> None:
    data = ctx.data
    told = data.get(TOLD_IN[ctx.action]) if ctx.action in TOLD_IN else ctx.extra.get("told")
    note = str(told or data.get("note") or data.get("result") or data.get("referred_to") or "").strip()
    facts = {name: str(data[name]) for name in FACTS if data.get(name)} | marks
    if not ctx.reuse:
        facts.pop("reuse_reason", None)
    if ctx.issue.due_on != before.due_on:
        facts["due_on"] = str(ctx.issue.due_on)
        facts |= {"due_before": str(before.due_on)} if before.due_on else {}
    if ctx.issue.due_proposed_on and data.get("due_on"):
        facts["due_proposed_on"] = str(ctx.issue.due_proposed_on)
    if data.get("department"):
        facts["department"] = data["department"].name
        if before.unit and before.unit.pk != data["department"].pk:
            facts["department_before"] = before.unit.name
    if ctx.to_chase:
        facts["people"] = "、".join(labels_of(ctx.to_chase))
    event = event_of(
        ctx.issue, kind=ctx.action, actor=ctx.actor, at=ctx.now, note=note, from_state=before.state, data=facts,
        change=change,
    )  # fmt: skip
    event.save(force_insert=True)


def _record(issue: Issue, action: str, actor: User | None) -> None:
    detail = {"state": issue.get_state_display(), "version": issue.version, "round": issue.round}
    audit.record(actor=actor, action=f"issue.{action}", object_type="issue", object_key=issue.number, detail=detail)
