"""What must hold before a step of an objection or a note. Each guard takes a context and raises in words."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.rulebook.rubric import points
from core.exceptions import NotAllowed, Refused
from core.guards import at_step, before_offer
from core.transitions import Transition
from scoring.models import ScoreNote, ScoreObjection


@dataclass(frozen=True)
class ScoreContext:
    """What a step may look at. ``amount``: tenths given back; ``left``: what the point takes off now, in tenths,
    without what earlier objections gave back."""

    matter: ScoreObjection | ScoreNote
    row: Transition
    actor: User
    answer: str
    amount: int
    left: int
    now: datetime


def is_of_unit(user: User, matter: ScoreObjection | ScoreNote) -> bool:
    """Whether the person belongs to the unit it is about, in whatever role."""
    return matter.department_id in scope_of(user).workplaces


@before_offer
def another_person(ctx: ScoreContext) -> None:
    """Nobody of the unit that objects decides on its objection."""
    if is_of_unit(ctx.actor, ctx.matter):
        raise NotAllowed("您属于申诉单位，须由统筹办其他人员办理。", rule="score.another_person")


@at_step
def answer(ctx: ScoreContext) -> None:
    """The answer says why."""
    if not ctx.answer:
        words = f"请填写{ctx.row.reason_label}。"
        raise Refused(words, rule="score.answer", fields={"answer": words})


@at_step
def amount_within_deduction(ctx: ScoreContext) -> None:
    """More than nothing is given back, and no more than the point still takes off."""
    if 0 < ctx.amount <= ctx.left:
        return
    words = f"该项现扣 {points(ctx.left)} 分，加回的分值应大于 0、不超过所扣的分值。"
    raise Refused(words, rule="score.amount", fields={"amount": words})
