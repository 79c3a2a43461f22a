"""The only writer of objections and notes: it follows the tables of ``transitions`` and nothing else does."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from campaigns.domain.rulebook.rubric import TENTHS, points
from core import audit
from core.conflicts import overtaken, wrong_state
from core.exceptions import DomainError, IllegalTransition, NotAllowed, Refused, StaleVersion
from core.guards import offered, require_guards, require_open_guards
from core.templatetags.ui import moment
from core.transitions import Table, Transition
from scoring.domain import guards, notices
from scoring.domain.asked import ScoreQuery
from scoring.domain.guards import ScoreContext
from scoring.domain.scores import Scores
from scoring.domain.settled import require_due, require_seen, sheets_of, take
from scoring.domain.sheet import ScoreLine
from scoring.domain.transitions import NOTE, OBJECTION
from scoring.enums import ScoreActor, ScoreState
from scoring.models import ScoreNote, ScoreObjection
from scoring.rules import score_actors

TAKE_BACK = "take_back"
IN_FORCE = (ScoreState.OPEN, ScoreState.AGREED)
STALE = "本次没有提交。请先核对这一版；仍须提出的，再次提交。"
Matter = TypeVar("Matter", ScoreObjection, ScoreNote)


@dataclass(frozen=True)
class Answer:
    """What the other side says: in words, and by how many tenths of a 分 an objection is met."""

    text: str = ""
    amount: int = 0


def table_of(matter: ScoreObjection | ScoreNote) -> Table:
    """The table the record follows."""
    return OBJECTION if isinstance(matter, ScoreObjection) else NOTE


@transaction.atomic
def object_to(
    *,
    asked: ScoreQuery,
    scores: Scores,
    unit_id: int,
    point: str,
    text: str,
    actor: User,
    seen: int | None = None,
    now: datetime | None = None,
) -> ScoreObjection:
    """申诉 of a unit against one point that takes something off, in the scores as they stand. Side effects: the
    objection; an audit entry.

    ``seen``: the settled version when the page was opened, 0 for none. Raises NotAllowed (403) for anybody but the
    unit's own people; StaleVersion (409) when a version was settled since; Refused before the period has fallen due,
    for a point that takes nothing off, or whose deduction was given back, or one against which an objection is open.
    """
    if ScoreActor.UNIT not in score_actors(actor, asked.campaign, unit_id):
        raise NotAllowed("申诉由被评单位提出。", rule="score.unit")
    now = now or timezone.now()
    _take(asked, seen, now)
    line = _line(scores, unit_id, point)
    if not line.left:
        words = "这一项的扣分已全部加回，不需要再申诉。" if line.deducted else "这一项没有扣分，不需要申诉。"
        raise Refused(words, rule="score.nothing_taken", fields={"point": words})
    try:
        with transaction.atomic():
            made = _make(ScoreObjection, asked, unit_id, point, text, 0, actor, now)
    except IntegrityError as error:
        found = {"period": asked.period.code, "department_id": unit_id, "point": point, "state": ScoreState.OPEN}
        other = ScoreObjection.objects.select_related("made_by").get(campaign=asked.campaign, **found)
        made_by = f"{other.made_by}于 {moment(other.made_at)} 提出的"
        words = f"“{point}”已有{made_by}一条申诉待办理，请等答复，或先撤回。"
        raise Refused(words, rule="score.open", fields={"point": words}) from error
    return made


@transaction.atomic
def note_point(
    *,
    asked: ScoreQuery,
    scores: Scores,
    unit_id: int,
    point: str,
    text: str,
    amount: int,
    actor: User,
    seen: int | None = None,
    seen_note: int | None = None,
    now: datetime | None = None,
) -> ScoreNote:
    """人工评定: one person of the office notes what a manual point takes off (``amount``, tenths); it counts once
    another person has agreed. ``seen``: as in ``object_to``; ``seen_note``: ``last_note`` when the page was opened,
    None for nobody who looked at one. Side effects: the note; an audit entry. Raises NotAllowed (403), StaleVersion
    (409), also when somebody else has noted the same point since, Refused."""
    if ScoreActor.OFFICE not in score_actors(actor, asked.campaign, unit_id):
        raise NotAllowed("人工评定由本活动的统筹办办理。", rule="score.office")
    now = now or timezone.now()
    _take(asked, seen, now)
    line = _line(scores, unit_id, point)
    if not line.point.is_manual:
        words = "这一项由系统按记录计分，不能人工评定。"
        raise Refused(words, rule="score.manual", fields={"point": words})
    if not 0 < amount <= line.point.maximum:
        words = f"扣分应大于 0、不超过 {points(line.point.maximum)} 分。"
        raise Refused(words, rule="score.amount", fields={"amount": words})
    if seen_note is not None:
        _require_no_other_note(asked, unit_id, point, actor, seen_note)
    return _make(ScoreNote, asked, unit_id, point, text, amount, actor, now)


@transaction.atomic
def perform(
    *,
    matter: Matter,
    action: str,
    actor: User,
    version: int,
    answer: Answer = Answer(),
    left: int = 0,
    now: datetime | None = None,
) -> Matter:
    """Take a step. ``left``: tenths the point takes off now, without what was given back.

    Side effects in order: state, answer and version by an UPDATE bound to the old ones; an audit entry; the notices
    of an answer. Raises NotAllowed (403), IllegalTransition and StaleVersion (409), Refused (400).
    """
    row = require_actor(matter, action, actor)
    take(matter.campaign_id)
    now = now or timezone.now()
    ctx = ScoreContext(matter, row, actor, answer.text.strip(), answer.amount, left, now)
    require_guards(guards, row, ctx)
    gives = {"amount": ctx.amount} if "amount_within_deduction" in row.guards else {}
    _write(ctx, version, gives)
    _record(matter, actor, f"{_kind(matter)}_{matter.state}")
    notices.answered(matter=matter, actor=actor, now=now)
    return matter


def available(user: User, matter: ScoreObjection | ScoreNote) -> list[Transition]:
    """The steps this person could take now, in the table's order; buttons derive from this."""
    now, rows = timezone.now(), table_of(matter).open_to(actors_of(user, matter), matter.state)
    return offered(guards, rows, lambda row: ScoreContext(matter, row, user, "", 0, 0, now))


def actors_of(user: User, matter: ScoreObjection | ScoreNote) -> frozenset[str]:
    """The actors of the tables that the person is for this record."""
    found = set(score_actors(user, matter.campaign, matter.department_id))
    if matter.made_by_id == user.pk:
        found.add(ScoreActor.AUTHOR)
    elif ScoreActor.OFFICE in found:
        found.add(ScoreActor.OTHER_OFFICE)
    return frozenset(found)


def may_answer(user: User, matter: ScoreObjection | ScoreNote) -> bool:
    """Whether this person could answer it now: a step of the other side is open. Nothing is asked of the database where
    scope and campaign are at hand."""
    return any(row.action != TAKE_BACK for row in available(user, matter))


def ensure_open(matter: ScoreObjection | ScoreNote, action: str, actor: User) -> Transition:
    """The row of ``action`` when its page may be opened; else raises NotAllowed or IllegalTransition."""
    row = require_actor(matter, action, actor)
    if matter.state not in row.sources:
        raise _wrong_state(matter, row)
    require_open_guards(guards, row, ScoreContext(matter, row, actor, "", 0, 0, timezone.now()))
    return row


def require_actor(matter: ScoreObjection | ScoreNote, action: str, actor: User) -> Transition:
    """The row of an action when the person may ask for it; else NotAllowed (403)."""
    row = table_of(matter).by_action.get(action)
    if row is None:
        raise IllegalTransition(f"没有名为“{action}”的操作。", rule="score.action")
    if not actors_of(actor, matter) & set(row.actors):
        words = "须由统筹办另一人办理。" if ScoreActor.OTHER_OFFICE in row.actors else "您没有办理此事的权限。"
        raise NotAllowed(words, rule="permission")
    return row


def _take(asked: ScoreQuery, seen: int | None, now: datetime) -> None:
    """Nothing is added before the period has fallen due, while its scores are being settled, nor upon a reading older
    than the last settled version."""
    require_due(asked, timezone.localtime(now).date())
    take(asked.campaign.pk)
    last = next(iter(sheets_of(asked.campaign, asked.period)), None)
    require_seen(asked.period, last, seen, STALE)


def last_note(asked: ScoreQuery, unit_id: int) -> int:
    """The id of the note made last about the unit in this period, 0 for none; one query."""
    return _notes(asked, unit_id).order_by("-pk").values_list("pk", flat=True).first() or 0


def _notes(asked: ScoreQuery, unit_id: int) -> QuerySet[ScoreNote]:
    return ScoreNote.objects.filter(campaign=asked.campaign, period=asked.period.code, department_id=unit_id)


def _require_no_other_note(asked: ScoreQuery, unit_id: int, point: str, actor: User, seen_note: int) -> None:
    """The same thing found by two people would take off twice: the second one is told of the first and decides."""
    noted = _notes(asked, unit_id).filter(point=point, pk__gt=seen_note, state__in=IN_FORCE).exclude(made_by=actor)
    other = noted.select_related("made_by").order_by("-pk").first()
    if other is not None:
        words = (
            f"“{point}”已由{other.made_by}于 {moment(other.made_at)} 评定（扣 {points(other.amount)} 分，"
            f"{other.get_state_display()}）：{other.text}。本次没有提交。是另一件事、仍须记入的，再次提交。"
        )
        raise StaleVersion(words, rule="score.noted", by=other.made_by, named=True)


def _line(scores: Scores, unit_id: int, point: str) -> ScoreLine:
    unit = scores.unit(unit_id)
    line = unit.line_of(point) if unit else None
    if line is None:
        raise Refused(
            "没有这一评分项，请重新选择。", rule="score.point", fields={"point": "没有这一评分项，请重新选择。"}
        )
    return line


def _make(
    kind: type[Matter],
    asked: ScoreQuery,
    unit_id: int,
    point: str,
    text: str,
    amount: int,
    actor: User,
    now: datetime,
) -> Matter:
    made = kind.objects.create(
        campaign=asked.campaign,
        period=asked.period.code,
        department_id=unit_id,
        point=point,
        text=text.strip(),
        amount=amount,
        made_by=actor,
        made_at=now,
    )
    _record(made, actor, f"{_kind(made)}_made")
    return made


def _write(ctx: ScoreContext, version: int, gives: dict[str, int]) -> None:
    matter, model = ctx.matter, type(ctx.matter)
    won = model.objects.filter(pk=matter.pk, state__in=ctx.row.sources, version=version).update(
        state=ctx.row.target_from(matter.state),
        version=F("version") + 1,
        answer=ctx.answer,
        answered_by=ctx.actor,
        answered_at=ctx.now,
        **gives,
    )
    if not won:
        raise _lost(ctx)
    matter.refresh_from_db()


def _lost(ctx: ScoreContext) -> DomainError:
    model = type(ctx.matter)
    current = model.objects.select_related("answered_by", "made_by").get(pk=ctx.matter.pk)
    if current.state not in ctx.row.sources:
        return _wrong_state(current, ctx.row)
    return overtaken(_what(current), *_last(current), rule="score.version")


def _wrong_state(matter: ScoreObjection | ScoreNote, row: Transition) -> IllegalTransition:
    who, at = _last(matter)
    return wrong_state(_what(matter), matter.get_state_display(), row, rule="score.state", who=who, at=at)


def _last(matter: ScoreObjection | ScoreNote) -> tuple[User, datetime]:
    """Who took the last step on it and when."""
    return matter.answered_by or matter.made_by, matter.answered_at or matter.made_at


def _what(matter: ScoreObjection | ScoreNote) -> str:
    return "本条申诉" if isinstance(matter, ScoreObjection) else "本条人工评定"


def _kind(matter: ScoreObjection | ScoreNote) -> str:
    return "objection" if isinstance(matter, ScoreObjection) else "note"


def _record(matter: ScoreObjection | ScoreNote, actor: User, what: str) -> None:
    detail = {
        "period": matter.period,
        "unit": matter.department.name,
        "point": matter.point,
        "amount": matter.amount / TENTHS,
    }
    code = matter.campaign.code
    audit.record(actor=actor, action=f"score.{what}", object_type="campaign", object_key=code, detail=detail)
