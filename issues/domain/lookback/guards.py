"""What must hold before a step of a walk bound for 回头看. Each guard takes a context and raises in words when it does
not agree."""

from dataclasses import dataclass

from accounts.models import User
from accounts.scope import scope_of
from core.exceptions import Conflict, NotAllowed, Refused
from core.guards import at_step, before_offer
from issues.domain import due_dates
from issues.domain.step_context import StepContext
from issues.enums import LookBackVerdict
from issues.models import Issue, LookBack
from walks.domain.transitions import IN_WORK
from walks.enums import WalkState


@dataclass(frozen=True, kw_only=True)
class LookBackContext(StepContext):
    look_back: LookBack


def require_another(person: User, issue: Issue) -> None:
    """Raise NotAllowed (403) for whoever struck the issue off and for the people of the responsible unit: they neither
    walk nor judge."""
    if issue.closed_by_id == person.pk:
        raise NotAllowed(f"{person}是该问题的验收人，回头看须由他人进行。", rule="issue.look_back")
    if issue.responsible_department_id in scope_of(person).workplaces:
        raise NotAllowed(f"{person}属于责任单位，回头看须由其他单位进行。", rule="issue.look_back")


@before_offer
def another_person(ctx: LookBackContext) -> None:
    """judge: neither the closer nor the responsible unit."""
    require_another(ctx.person, ctx.look_back.issue)


@before_offer
def before_signing(ctx: LookBackContext) -> None:
    """judge, unbind: the walk still takes changes; one planned covertly is not begun, and is only unbound."""
    states = (*IN_WORK, WalkState.PLANNED) if ctx.row.action == "unbind" else IN_WORK
    if ctx.look_back.walk.state not in states:
        label = ctx.look_back.walk.get_state_display()
        raise Conflict(f"本次体验处于“{label}”，不能{ctx.row.label}。", rule="look_back.walk")


@at_step
def verdict_given(ctx: LookBackContext) -> None:
    """judge: 通过 or 未通过, the finding in words, and for a failed one the new date."""
    missing, verdict = {}, ctx.text("verdict")
    if verdict not in LookBackVerdict.values:
        missing["verdict"] = "请选择是否通过"
    if not ctx.text("finding"):
        missing["finding"] = "请写明回头看情况"
    due = ctx.data.get("due_on")
    last = due_dates.longest_free(ctx.today)
    if verdict == LookBackVerdict.FAIL and (due is None or not ctx.today <= due <= last):
        missing["due_on"] = f"请填写新的整改时限（今天至 {last}）"
    if missing:
        raise Refused(f"结论未保存：{'；'.join(missing.values())}。", rule="look_back.verdict", fields=missing)


@at_step
def reason(ctx: LookBackContext) -> None:
    """unbind: a reason."""
    if not ctx.text("note"):
        raise Refused("请写明取消原因。", rule="look_back.reason", fields={"note": "请写明取消原因"})
