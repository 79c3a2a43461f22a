"""What must hold before a step of a submission. Each guard takes a context and raises in words when it does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from campaigns.domain.states import require_not_archived
from core.exceptions import IllegalTransition, Refused
from core.guards import at_step, before_offer
from core.periods import Period
from core.transitions import Transition
from reports.domain.compile import period_in
from reports.domain.submissions.content import has_reported, walk_words, walks_done, zero_from
from reports.models import Submission

NAMED = 10


@dataclass(frozen=True)
class SubmissionContext:
    """Everything a step may look at. ``note``: the words entered for it, stripped. ``papers``: what the step hands in,
    {paper: (name, content)}; ``prepared``: papers that were written before (``papers.prepare``)."""

    submission: Submission
    row: Transition
    actor: User
    note: str
    now: datetime
    papers: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    prepared: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def period(self) -> Period:
        """The period it is handed in for, under the campaign's present rules."""
        return period_in(self.submission.campaign, self.submission.period)

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()


@at_step
def period_begun(ctx: SubmissionContext) -> None:
    """The period has begun; nothing is handed in for one to come."""
    if ctx.period.starts_on > ctx.today:
        words = f"{ctx.period.label}的材料自 {ctx.period.starts_on} 起报送，现在还不能报送。"
        raise Refused(words, rule="submission.period")


@at_step
def reason(ctx: SubmissionContext) -> None:
    """A reason in words (zero report, return)."""
    if not ctx.note:
        words = f"请写明{ctx.row.reason_label}"
        raise Refused(f"{words}。", rule="submission.reason", fields={"note": words})


@at_step
def walked_something(ctx: SubmissionContext) -> None:
    """send: a walk of the unit was reported in the period, to whatever receiver."""
    if not has_reported(ctx.submission.campaign, ctx.period, ctx.submission.department_id, ctx.today):
        words = f"本单位{ctx.period.label}没有已报送的体验，没有材料可报。请先报送体验；"
        raise Refused(f"{words}没有开展的，请说明原因，办理零报告。", rule="submission.nothing")


@at_step
def walked_nothing(ctx: SubmissionContext) -> None:
    """send_zero: the unit walked nothing in the period; otherwise the walks are named.

    A covert walk not yet reported is neither named nor counted.
    """
    walks = list(walks_done(ctx.submission.campaign, ctx.period, ctx.submission.department_id)[: NAMED + 1])
    if walks:
        more = "等" if len(walks) > NAMED else ""
        words = f"本单位{ctx.period.label}开展了体验，不能零报告：{'、'.join(walk_words(walks[:NAMED]))}{more}。"
        raise Refused(words + "请报送这些体验后再报本期材料。", rule="submission.walked")


@at_step
def no_working_day_left(ctx: SubmissionContext) -> None:
    """send_zero: no working day of the period is left on which something could still be walked."""
    day = zero_from(ctx.period, ctx.submission.due_on)
    if ctx.today < day:
        words = f"{ctx.period.label}还没有结束，零报告自 {day} 起办理，现在没有报送。"
        raise Refused(words + "此前开展体验的，请报送体验后再报本期材料。", rule="submission.early")


@before_offer
def not_archived(ctx: SubmissionContext) -> None:
    """The campaign is not archived."""
    require_not_archived(ctx.submission.campaign)


@before_offer
def has_next_hop(ctx: SubmissionContext) -> None:
    """send_on: a lead checks and sends on to the office; what the office checks itself goes nowhere else."""
    if ctx.submission.checker_id == ctx.submission.campaign.office_id:
        raise IllegalTransition("本件由统筹办审核，锁定后直接列入汇总，不需要再上报。", rule="submission.hop")
