"""What must hold before a step of a plan. Each guard takes a PlanContext and raises in words when it does not agree."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.states import require_not_archived
from campaigns.enums import OPEN_CAMPAIGNS
from campaigns.models import RosterEntry
from core.exceptions import IllegalTransition, Refused
from core.guards import at_step, before_offer
from core.text import quoted
from core.transitions import Transition
from plans.domain.queries import rows_of
from plans.domain.rows import begun_rows, capacities_in, items_to_cover
from plans.domain.validation import Fault, plan_faults, window_of
from plans.enums import IN_WRITING, PlanState
from plans.models import Plan


@dataclass(frozen=True)
class PlanContext:
    """Everything a step may look at.

    ``note``: the words entered for it, stripped. ``unbound``: ``unbound_words`` when they are known already.
    """

    plan: Plan
    row: Transition
    actor: User | None
    note: str
    now: datetime
    unbound: str | None = None

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    @cached_property
    def rules(self) -> Rulebook:
        """The version of rules the plan stands under."""
        return Rulebook.from_data(self.plan.rules.data)


@before_offer
def not_archived(ctx: PlanContext) -> None:
    """The campaign is not archived."""
    require_not_archived(ctx.plan.campaign)


@before_offer
def unit_bound(ctx: PlanContext) -> None:
    """The campaign runs and binds the unit: it has not left the roster and is not abolished."""
    words = unbound_words(ctx.plan) if ctx.unbound is None else ctx.unbound
    if words:
        raise Refused(f"不能{ctx.row.label}：{words}", rule="plan.roster")


@at_step
def rows_complete(ctx: PlanContext) -> None:
    """Each row has item, form, walker and date; what the rules want covered stands in one of them (W23 六（一）).

    Every fault is named.
    """
    faults = faults_of(ctx.plan, ctx.rules)
    if faults:
        raise Refused(f"还不能报送：{'；'.join(map(str, faults))}", rule="plan.incomplete")


@at_step
def reason(ctx: PlanContext) -> None:
    """A reason in words (return, adjust)."""
    if not ctx.note:
        words = f"请写明{ctx.row.reason_label}"
        raise Refused(f"{words}。", fields={"note": words})


@before_offer
def is_adjustment(ctx: PlanContext) -> None:
    """discard: an adjustment only, because without its first plan the unit would have none."""
    if ctx.plan.round == 1:
        raise IllegalTransition("这是首稿，不是调整稿，不能放弃；可以继续修改。", rule="plan.state")


@before_offer
def no_other_adjustment(ctx: PlanContext) -> None:
    """adjust: no other adjustment of the plan stands in writing."""
    if rounds_of(ctx.plan).filter(state__in=IN_WRITING).exists():
        raise IllegalTransition("本计划已有调整稿，请在调整稿上修改，或先放弃它。", rule="plan.adjusting")


@at_step
def has_walks_to_carry(ctx: PlanContext) -> None:
    """carry: walks have begun from the plan that this one takes the place of."""
    old = predecessor_of(ctx.plan)
    if old is None or not begun_rows(old).exists():
        raise IllegalTransition("原稿没有已开始的体验，不必转入。", rule="plan.carried")


def faults_of(plan: Plan, rules: Rulebook | None = None) -> list[Fault]:
    """Everything that keeps the plan from being handed in, as it is stored now."""
    rules = rules or Rulebook.from_data(plan.rules.data)
    return plan_faults(
        list(rows_of(plan)),
        rules,
        capacities=capacities_in(plan.department_id),
        window=window_of(rules, plan.period),
        to_cover=items_to_cover(rules, plan.campaign_id, plan.department_id),
    )


def unbound_words(plan: Plan) -> str:
    """Why the unit takes no new step on this plan: what happened, what is kept, what to do; "" when it is bound."""
    entries = RosterEntry.objects.filter(campaign=plan.campaign_id, department=plan.department_id)
    left = entries.values_list("left_on", flat=True).first()
    if not plan.department.is_active:
        happened, then = "已撤销", "相关事项请由承接其职能的单位另行计划"
    elif left:
        happened, then = f"已于 {left} 退出本活动名单", "如应继续参加，请统筹办将其重新列入名单"
    elif plan.campaign.state not in OPEN_CAMPAIGNS:
        return f"{quoted(plan.campaign.name)}已结束，计划不再办理。原有的计划和体验记录照旧保留，可以查看、导出。"
    else:
        return ""
    return f"{plan.department.name}{happened}，不再承担新的任务。原有的计划和体验记录照旧保留，可以查看、导出；{then}。"


def rounds_of(plan: Plan) -> QuerySet[Plan]:
    """All rounds of the plan, itself included."""
    return Plan.objects.filter(campaign=plan.campaign_id, department=plan.department_id, period=plan.period)


def predecessor_of(plan: Plan) -> Plan | None:
    """The plan that was in force before this one."""
    return rounds_of(plan).filter(state=PlanState.SUPERSEDED, round__lt=plan.round).order_by("-round").first()
