"""The only writer of ``LookBack``: a walk is bound to a struck-off issue, judged while it is open, and takes effect on
the issue when it is reported."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.scope import scope_of
from core.conflicts import overtaken, taken_already, wrong_state
from core.exceptions import Conflict, DomainError, NotAllowed, Refused
from core.guards import offered, require_guards, require_row
from core.transitions import Transition
from issues.domain import lifecycle as issue_lifecycle
from issues.domain.lookback import guards
from issues.domain.lookback.guards import LookBackContext, require_another
from issues.domain.lookback.transitions import TABLE
from issues.enums import IssueState, LookBackState, LookBackVerdict
from issues.models import Issue, LookBack
from issues.rules import look_back_actors_of
from walks.domain import lifecycle as walk_lifecycle
from walks.domain.covert import not_hidden
from walks.domain.covert_planning import note
from walks.domain.transitions import IN_WORK, OWN_SIDE
from walks.enums import WalkState
from walks.models import Walk
from walks.rules import actors_of as walk_actors_of
from walks.rules import may_start

NAMED = ("issue__campaign", "issue__item", "walk__walker", "walk__item", "walk__department", "changed_by", "bound_by")
BINDS = (WalkState.PLANNED, *IN_WORK)


@transaction.atomic
def bind(*, issue: Issue, walk: Walk, actor: User, now: datetime | None = None) -> LookBack:
    """Bind a walk not yet reported to the issue. Side effects in order: the record; an audit entry in the chain of the
    walk. Nobody is told: a look-back is not announced, and the issue shows it to those only who see the walk.

    Raises NotAllowed (403) for whoever struck the issue off, for the responsible unit, and for whoever does not work on
    the walk; Conflict (409) where the issue is not struck off, the walk takes no changes, or a walk the person knows of
    is bound already; Refused (400) for a walk of another campaign or item."""
    now = now or timezone.now()
    # Whoever binds at the same moment waits here, and then finds the issue bound.
    held = Issue.objects.select_for_update(no_key=True, of=("self",)).get(pk=issue.pk)
    row = LookBack(issue=held, walk=walk, round=held.round, stage=held.stage, bound_by=actor, bound_at=now)
    require_walking(walk, actor)
    require_open(held, actor)
    _require_bindable(held, walk)
    row.save(force_insert=True)
    _audit(row, actor, "bound")
    return row


def require_open(issue: Issue, user: User) -> None:
    """Raise what would keep the person from looking back on the issue, whatever is entered: as ``bind``."""
    require_another(user, issue)
    if issue.state != IssueState.CLOSED:
        raise Conflict(f"该问题处于“{issue.get_state_display()}”，不需要回头看。", rule="look_back.issue")
    if bound := open_ones(issue).select_related("bound_by").first():
        raise taken_already("该问题已安排回头看", bound.bound_by, bound.bound_at, rule="look_back.bound")


def may_look_back(user: User, issue: Issue, bound: Sequence[LookBack]) -> bool:
    """Whether the person may begin a walk for the issue; ``bound``: the walks bound to it that the person sees."""
    waits = any(row.state == LookBackState.BOUND and row.round == issue.round for row in bound)
    if issue.state != IssueState.CLOSED or waits or not may_start(user):
        return False
    own = scope_of(user)
    return issue.closed_by_id != user.pk and issue.responsible_department_id not in own.workplaces


def require_walking(walk: Walk, user: User) -> None:
    """Raise NotAllowed (403) for whoever does not work on the walk, Conflict (409) where it takes no binding."""
    if not walk_actors_of(user, walk) & set(OWN_SIDE):
        raise NotAllowed("回头看由开展体验的单位关联，您没有此项权限。", rule="look_back.walking")
    if not takes_binding(walk):
        raise Conflict(f"本次体验处于“{walk.get_state_display()}”，不能再关联回头看。", rule="look_back.walk")


def takes_binding(walk: Walk) -> bool:
    """Whether a walk may still be bound to an issue: open or planned, and never reported before."""
    return walk.state in BINDS and walk.reported_at is None


def open_ones(issue: Issue) -> QuerySet[LookBack]:
    """Walks bound to the issue in its present round and not reported yet. A covert one stops nobody from binding
    another: a refusal would tell of it, and the first that is reported counts."""
    rows = LookBack.objects.filter(not_hidden("walk__"), issue=issue, round=issue.round, state=LookBackState.BOUND)
    return rows.exclude(walk__state=WalkState.CANCELLED)


@transaction.atomic
def perform(
    *,
    look_back: LookBack,
    action: str,
    actor: User,
    data: Mapping[str, Any],
    version: int | None = None,
    now: datetime | None = None,
) -> LookBack:
    """Judge, or take the binding back. Side effects in order: the walk's version; what the step changes by an UPDATE
    bound to the old state and version; an audit entry in the chain of the walk. Raises NotAllowed (403), Conflict or
    StaleVersion (409), Refused (400) naming what is missing."""
    row = require_actor(look_back, action, actor)
    require_state(look_back, row)
    ctx = LookBackContext(look_back=look_back, row=row, actor=actor, data=data, now=now or timezone.now())
    require_guards(guards, row, ctx)
    if look_back.walk.state in IN_WORK:
        walk_lifecycle.touch(walk=look_back.walk, actor=actor)
    _write(look_back, row, ctx, EFFECTS[action](ctx), look_back.version if version is None else version)
    _audit(look_back, actor, action)
    return look_back


@transaction.atomic
def apply_all(*, walk: Walk, now: datetime) -> None:
    """A walk is reported: what it says of the issues it is bound to takes effect. Part of ``intake.report_walk``.

    Each issue is verified, or opens its next round, in the walker's name, through the one writer of issues. Where that
    is refused because others were first, or because the walker must not, the binding is void with the reason and the
    report stands. Raises Refused where something entered has to be put right first: a new date that has passed."""
    for row in LookBack.objects.filter(walk=walk, state=LookBackState.BOUND).select_related(*NAMED).order_by("id"):
        row.walk = walk
        try:
            with transaction.atomic():
                _apply(row, now)
        except Refused as error:
            words = f"{row.issue.number} 的回头看结论不能生效：{error.message}请先重新修改本次体验。"
            raise Refused(words, rule="look_back.apply") from error
        except DomainError as error:
            _end(row, "lapse", now, {"ended": error.message[:300]})


def verdict_counts(walk: Walk) -> tuple[int, int]:
    """(bindings of the walk without a verdict, with 未通过), in 件; one query."""
    verdicts = list(LookBack.objects.filter(walk=walk, state=LookBackState.BOUND).values_list("verdict", flat=True))
    return verdicts.count(""), verdicts.count(LookBackVerdict.FAIL)


def available(user: User, look_back: LookBack) -> list[Transition]:
    """The steps this person could take now, in the table's order."""
    now, rows = timezone.now(), TABLE.open_to(look_back_actors_of(user, look_back), look_back.state)
    return offered(
        guards, rows, lambda row: LookBackContext(look_back=look_back, row=row, actor=user, data={}, now=now)
    )


def require_actor(look_back: LookBack, action: str, actor: User) -> Transition:
    """The row of ``action``; raises NotAllowed (403) when the person is none of its actors."""
    return require_row(TABLE, action, look_back_actors_of(actor, look_back), rule="look_back.action")


def require_state(look_back: LookBack, row: Transition) -> None:
    """Raise IllegalTransition when the step does not lead from the present state."""
    if look_back.state not in row.sources:
        who, at = look_back.changed_by, look_back.changed_at
        raise wrong_state(
            "本次回头看", look_back.get_state_display(), row, rule="look_back.state", who=who, at=at
        )  # fmt: skip


def _require_bindable(issue: Issue, walk: Walk) -> None:
    require_another(walk.walker, issue)
    if walk.department_id == issue.responsible_department_id:
        raise NotAllowed("责任单位的体验不能作为本单位问题的回头看。", rule="issue.look_back")
    if walk.campaign_id != issue.campaign_id or issue.item_id not in (None, walk.item_id):
        words = "体验的活动、事项应与原问题相同"
        raise Refused(f"{words}。", rule="look_back.item", fields={"issue": words})


def _apply(row: LookBack, now: datetime) -> None:
    issue, walk = row.issue, row.walk
    if row.round != issue.round:
        raise Conflict(f"该问题已进入第 {issue.round} 轮。", rule="look_back.round")
    passed = row.verdict == LookBackVerdict.PASS
    data = {"note": row.finding, "due_on": row.due_on, "re_walk": f"{walk.walk_date} {walk.walker_name}"}
    issue_lifecycle.perform(
        issue=issue,
        action="look_back_pass" if passed else "look_back_fail",
        actor=walk.walker,
        data=data,
        now=now,
        look_back=row,
    )
    _end(row, "pass" if passed else "fail", now, {})


def _end(look_back: LookBack, action: str, now: datetime, changes: dict) -> None:
    row = TABLE.by_action[action]
    ctx = LookBackContext(look_back=look_back, row=row, actor=None, data={}, now=now)
    _write(look_back, row, ctx, changes, look_back.version)


def _write(look_back: LookBack, row: Transition, ctx: LookBackContext, changes: dict, seen: int) -> None:
    facts = {"changed_by": ctx.actor, "changed_at": ctx.now} | changes
    won = LookBack.objects.filter(pk=look_back.pk, state__in=row.sources, version=seen).update(
        state=row.target_from(look_back.state), version=F("version") + 1, **facts
    )
    if not won:
        current = LookBack.objects.select_related("changed_by").get(pk=look_back.pk)
        require_state(current, row)
        raise overtaken(
            "本次回头看", current.changed_by, current.changed_at or current.bound_at, rule="look_back.version"
        )  # fmt: skip
    look_back.refresh_from_db(fields=["state", "version", *facts])


def _judge(ctx: LookBackContext) -> dict:
    verdict = ctx.text("verdict")
    due = ctx.data.get("due_on") if verdict == LookBackVerdict.FAIL else None
    return {"verdict": verdict, "finding": ctx.text("finding")[:450], "due_on": due, "judged_by": ctx.actor}


def _unbind(ctx: LookBackContext) -> dict:
    return {"ended": ctx.text("note")[:300], "verdict": "", "finding": "", "due_on": None, "judged_by": None}


EFFECTS = {"judge": _judge, "unbind": _unbind}


def _audit(row: LookBack, actor: User, what: str) -> None:
    note(row.walk, actor, f"walk.look_back_{what}", {"issue": row.issue.number, "verdict": row.get_verdict_display()})
