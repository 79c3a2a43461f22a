"""What a step of a plan changes beside its state. Each effect takes a PlanContext and returns a Result."""

from dataclasses import dataclass, field

from django.db.models import Max

from campaigns.domain.receivers import receivers_of_unit
from campaigns.domain.versions import rules_of
from plans.domain.filing import due_for
from plans.domain.guards import PlanContext, predecessor_of, rounds_of
from plans.domain.queries import rows_of
from plans.domain.rows import carry_over
from plans.domain.validation import receiving_day
from plans.enums import PlanState
from plans.models import Plan, PlanRow


@dataclass(frozen=True)
class StepResult:
    """``changes``: fields of the plan written with its state. ``told_of``: the plan whose history tells of the step,
    ``goes_on``: the one to go on with (None: the plan itself, the one told of). ``note``: None for the words entered.
    """

    changes: dict = field(default_factory=dict)
    told_of: Plan | None = None
    goes_on: Plan | None = None
    note: str | None = None


def submit(ctx: PlanContext) -> StepResult:
    """The receiver of today; on the first complete submit the day, and the date by which it is judged."""
    plan, rules, today = ctx.plan, ctx.rules, ctx.today
    kind = rows_of(plan).values_list("activity_kind", flat=True).first()
    if kind is None:
        raise ValueError(f"plan {plan.pk} is handed in without a row")
    day = receiving_day(rules, plan.period, today)
    receiver = receivers_of_unit(plan.campaign_id, kind, plan.department_id, day)[0]
    changes: dict[str, object] = {"submitted_by": ctx.actor, "return_reason": "", "receiver_id": receiver}
    if plan.submitted_on is None:
        changes["submitted_on"] = today
        changes["due_on"] = due_for(plan.campaign, rules, plan.department_id, plan.period, today=today)
    return StepResult(changes, note="")


def file(ctx: PlanContext) -> StepResult:
    """Who filed it, and when."""
    return StepResult({"filed_on": ctx.today, "filed_by": ctx.actor})


def send_back(ctx: PlanContext) -> StepResult:
    """The reason, shown until the plan is handed in again."""
    return StepResult({"return_reason": ctx.note})


def adjust(ctx: PlanContext) -> StepResult:
    """A copy as the next draft, with what was given for each row (报备) and the day of the first submit, so that an
    adjustment is never late."""
    plan = ctx.plan
    assert ctx.actor is not None  # the row is the unit's, never the system's
    draft = Plan.objects.create(
        campaign=plan.campaign,
        rules=rules_of(plan.campaign_id)[0],
        department=plan.department,
        receiver=plan.receiver,
        period=plan.period,
        round=rounds_of(plan).aggregate(last=Max("round"))["last"] + 1,
        due_on=plan.due_on,
        submitted_on=plan.submitted_on,
        created_by=ctx.actor,
    )
    rows = list(PlanRow.objects.filter(plan=plan).order_by("order", "id"))
    for row in rows:
        row.pk, row.plan, row.source_id, row.walk, row._state.adding = None, draft, row.pk, None, True
    PlanRow.objects.bulk_create(rows)
    return StepResult(told_of=draft)


def discard(ctx: PlanContext) -> StepResult:
    """Nothing but the state; the filed plan goes on."""
    return StepResult(goes_on=rounds_of(ctx.plan).get(state=PlanState.FILED), note="")


def supersede(ctx: PlanContext) -> StepResult:
    """Nothing but the state."""
    return StepResult(note="")


def carry(ctx: PlanContext) -> StepResult:
    """The walks begun from the plan before belong to this one; its history names them."""
    old = predecessor_of(ctx.plan)
    carried = carry_over(old=old, new=ctx.plan) if old else []
    return StepResult(note=f"照原稿转入，不再改动：{'、'.join(carried)}")


EFFECTS = {
    "submit": submit,
    "file": file,
    "return": send_back,
    "adjust": adjust,
    "discard": discard,
    "supersede": supersede,
    "carry": carry,
}
