"""What must hold before an action. Each guard takes an IssueContext and returns {field: what is missing} (empty when it
agrees), or raises when no input could help."""

from collections.abc import Mapping
from datetime import timedelta

from core.exceptions import Conflict, NotAllowed
from core.guards import at_step, before_offer
from issues.domain import deciders, due_dates
from issues.domain.amending import something_amended
from issues.domain.chases.guards import not_chased_today, not_own_unit, somebody_to_chase
from issues.domain.context import IssueContext
from issues.domain.cooperation import help_told
from issues.domain.effects import split_measures
from issues.domain.ending_guards import merge_target, not_yet_proposed, reuse_explained, second_person
from issues.domain.extensions.guards import (
    extension_date,
    extension_decider,
    extension_open,
    no_open_extension,
    not_yet_expired,
    reason_if_distant,
)
from issues.domain.incoming.answering import answered, came_in
from issues.domain.mark_guards import cause_told, is_practice, marks_changed, new_class, practice_told
from issues.domain.measure_progress import measures_noted
from issues.enums import Actor, EvidenceKind

# Those of other modules, named here so that every guard is found in this one.
__all__ = [
    "answered",
    "came_in",
    "cause_told",
    "extension_date",
    "extension_decider",
    "extension_open",
    "help_told",
    "is_practice",
    "marks_changed",
    "measures_noted",
    "merge_target",
    "new_class",
    "no_open_extension",
    "not_chased_today",
    "not_own_unit",
    "not_yet_expired",
    "not_yet_proposed",
    "practice_told",
    "reason_if_distant",
    "reuse_explained",
    "second_person",
    "somebody_to_chase",
    "something_amended",
]


def _text(ctx: IssueContext, name: str, message: str) -> dict[str, str]:
    return {} if str(ctx.data.get(name) or "").strip() else {name: message}


@at_step
def reason(ctx: IssueContext) -> dict[str, str]:
    """A reason in words (return_closing, defer, confirm_due, refuse_due, ask_extension, deny_extension)."""
    return _text(ctx, "note", "请写明原因")


@at_step
def grounds(ctx: IssueContext) -> dict[str, str]:
    """Grounds for sending an assigned issue back."""
    return _text(ctx, "note", "请写明退单理由")


@at_step
def finding(ctx: IssueContext) -> dict[str, str]:
    """What the look-back found; a failed one also needs the new date."""
    missing = _text(ctx, "note", "请写明回头看情况")
    if ctx.action == "look_back_fail":
        missing |= _future_due(ctx)
    return missing


@at_step
def result(ctx: IssueContext) -> dict[str, str]:
    """The result of the rectification in words."""
    return _text(ctx, "result", "请写明整改结果")


@at_step
def referred_to(ctx: IssueContext) -> dict[str, str]:
    """The body the issue is passed up to."""
    return _text(ctx, "referred_to", "请写明转送的单位")


@at_step
def progress(ctx: IssueContext) -> dict[str, str]:
    """The progress of the rectification in words."""
    return _text(ctx, "note", "请填写整改进展")


@at_step
def measures(ctx: IssueContext) -> dict[str, str]:
    """One measure or more."""
    return {} if split_measures(ctx.data.get("measures")) else {"measures": "请填写整改措施"}


@at_step
def dismissal_grounds(ctx: IssueContext) -> dict[str, str]:
    """Why the issue is not to be adopted."""
    return _text(ctx, "note", "请写明理由")


@before_offer
def own_unit_only(ctx: IssueContext) -> dict[str, str]:
    """fix_on_spot: the unit that found it rectifies it itself, so the issue must not belong to another unit."""
    issue = ctx.issue
    owner = issue.responsible_department_id or issue.proposed_department_id or issue.discovering_department_id
    if owner not in ctx.actor_departments:
        raise NotAllowed(
            "该问题涉及其他单位，须由牵头单位或统筹办交办，不能由本单位立行立改。", rule="issue.fix_on_spot"
        )
    return {}


@at_step
def fixed_now(ctx: IssueContext) -> dict[str, str]:
    """立行立改: a measure, the day it was done, and a photo of the state after or the result in words."""
    missing = _text(ctx, "measures", "请写明采取的措施")
    done = ctx.data.get("done_on")
    if not done:
        missing["done_on"] = "请填写完成日期"
    elif not ctx.issue.found_on <= done <= ctx.today:
        missing["done_on"] = f"完成日期应在发现日期（{ctx.issue.found_on}）与今天之间"
    if not str(ctx.data.get("result") or "").strip() and EvidenceKind.AFTER not in ctx.evidence_kinds:
        missing["result"] = "请上传整改后照片，或写明整改结果"
    return missing


@before_offer
def own_issue(ctx: IssueContext) -> dict[str, str]:
    """take: only an issue that concerns the unit that found it."""
    issue = ctx.issue
    if issue.proposed_department_id not in (None, issue.discovering_department_id):
        raise Conflict("该问题涉及其他单位，须由牵头单位或统筹办交办，不能自行整改。", rule="issue.take")
    return {}


@at_step
def unit_named(ctx: IssueContext) -> dict[str, str]:
    """assign: a responsible unit; the date is optional but not in the past."""
    missing = {} if ctx.data.get("department") else {"department": "请选择责任单位"}
    if ctx.data.get("due_on"):
        missing |= _future_due(ctx)
    return missing


@at_step
def reason_for_change(ctx: IssueContext) -> dict[str, str]:
    """assign: another unit, or another date than the one in force, says why; the first time nothing changes yet."""
    issue, unit, due = ctx.issue, ctx.data.get("department"), ctx.data.get("due_on")
    moves_unit = unit and issue.responsible_department_id not in (None, unit.pk)
    moves_due = due and issue.due_on not in (None, due)
    return _text(ctx, "note", "责任单位或整改时限有变动，请写明理由") if moves_unit or moves_due else {}


@before_offer
def not_own_date(ctx: IssueContext) -> dict[str, str]:
    """The party bound by a date does not move it (docs/rules.md section 2, rule 4).

    assign: nobody puts off the date of the unit they work in. defer, refer, resume: by the office; where the office is
    itself the responsible unit, by the lead.
    """
    issue, due = ctx.issue, ctx.data.get("due_on")
    if ctx.action == "assign":
        bound = getattr(ctx.data.get("department"), "pk", None) in ctx.actor_departments
        if bound and due and issue.due_on and due > issue.due_on:
            return {"due_on": f"原定时限为 {issue.due_on}，责任单位不能自行延后，可不填或由其他单位交办"}
        return {}
    if ctx.actor is None:
        return {}
    if issue.responsible_department_id in ctx.actor_departments:
        raise NotAllowed("您属于责任单位，不能自行停止或恢复整改时限，须由其他单位办理。", rule="issue.not_own_date")
    side = due_dates.stopped_by(
        office_id=issue.campaign.office_id, responsible_id=issue.responsible_department_id
    )  # fmt: skip
    if side not in ctx.actors:
        raise NotAllowed("此操作由统筹办办理；统筹办就是责任单位的，由牵头单位办理。", rule="issue.not_own_date")
    return {}


@before_offer
def second_dispute_to_office(ctx: IssueContext) -> dict[str, str]:
    """After the second dispute only the office assigns."""
    if deciders.dispute_decided_by(ctx.issue.disputes) == Actor.OFFICE and Actor.OFFICE not in ctx.actors:
        raise NotAllowed("该问题已两次退单，由统筹办裁定交办。", rule="issue.assign")
    return {}


@before_offer
def dispute_in_time(ctx: IssueContext) -> dict[str, str]:
    """Sent back within N 工作日 of the assignment (setting, 2), inclusive to 24:00."""
    days = ctx.rules.rectification.dispute_workdays
    last = ctx.calendar.add_workdays(ctx.issue.assigned_on or ctx.today, days)
    if ctx.today > last:
        raise Conflict(
            f"退单应在交办后 {days} 个工作日内提出（至 {last}），现已超过。请签收办理，或与统筹办联系。",
            rule="issue.dispute",
        )
    return {}


FOUR = {
    "lead_department": "牵头单位",
    "responsible_name": "责任人",
    "measures": "整改措施",
    "due_on": "整改时限",
}


def missing_of_four(given: Mapping[str, object]) -> dict[str, str]:
    """{name: what to fill in} for each of ``FOUR`` that is empty in ``given``; texts are stripped by the caller."""
    return {name: f"请填写{label}" for name, label in FOUR.items() if not given.get(name)}


@at_step
def four_clear(ctx: IssueContext) -> dict[str, str]:
    """四明确 (H22-药监): lead department, responsible person, a measure or more, due date; each missing one named."""
    due = ctx.data.get("due_on")
    person = ctx.data.get("responsible_person") or str(ctx.data.get("responsible_name") or "").strip()
    missing = missing_of_four(
        {
            "lead_department": ctx.issue.lead_department_id,
            "responsible_name": person,
            "measures": split_measures(ctx.data.get("measures")),
            "due_on": due,
        }
    )
    if not due:
        return missing
    if ctx.issue.due_on and due > ctx.issue.due_on:
        missing["due_on"] = f"交办时限为 {ctx.issue.due_on}，责任单位不能自行延后"
    elif due < ctx.today and due != ctx.issue.due_on:
        # A date that has passed before there was a plan stays: the issue is overdue, and can still be worked on.
        missing["due_on"] = "整改时限不能早于今天"
    return missing


@at_step
def review_date(ctx: IssueContext) -> dict[str, str]:
    """defer: a review date after today, at most ``deferral_days`` (180) calendar days ahead."""
    day, last = ctx.data.get("review_on"), ctx.today + timedelta(days=ctx.rules.rectification.deferral_days)
    if not day or not ctx.today < day <= last:
        return {"review_on": f"请填写复核日期（{ctx.today + timedelta(days=1)} 至 {last}）"}
    return {}


# 定措施 and 立行立改 name the person, and nothing else does.
@before_offer
def planned_before(ctx: IssueContext) -> dict[str, str]:
    """resume: 四明确 was settled before the pause, or else the issue would be rectified without a measure."""
    if not ctx.issue.responsible_name:
        raise Conflict("该问题转上级时还没有定措施，请办理“恢复定措施”。", rule="issue.resume")
    return {}


@before_offer
def not_planned_before(ctx: IssueContext) -> dict[str, str]:
    """resume_planning: the issue was passed up before there was a plan."""
    if ctx.issue.responsible_name:
        raise Conflict("该问题已经定过措施，请办理“恢复整改”。", rule="issue.resume_planning")
    return {}


@before_offer
def review_reached(ctx: IssueContext) -> dict[str, str]:
    """resume: the system only on the review date or after it; people on any day."""
    if ctx.actor is None and not (ctx.issue.review_on and ctx.issue.review_on <= ctx.today):
        raise Conflict("复核日期未到，系统不恢复整改。", rule="issue.resume")
    return {}


@at_step
def due_if_none(ctx: IssueContext) -> dict[str, str]:
    """resume, return_closing: a date is asked for when the issue never had one, so that 四明确 holds."""
    return {} if ctx.issue.due_on else _future_due(ctx)


@at_step
def due_not_too_far(ctx: IssueContext) -> dict[str, str]:
    """A new date lies at most 365 calendar days ahead; beyond 90 the side that confirms gives its reason at once."""
    due = ctx.data.get("due_on")
    if not due or due == ctx.issue.due_on:
        return {}
    if due > due_dates.longest(ctx.today):
        return {"due_on": f"整改时限最长 {due_dates.LONGEST_DAYS} 天（至 {due_dates.longest(ctx.today)}），请改填"}
    if due_dates.needs_confirmation(due, ctx.today) and ctx.confirms_due:
        return _text(ctx, "note", f"整改时限超过 {due_dates.FREE_DAYS} 天，请写明理由")
    return {}


@before_offer
def due_awaits(ctx: IssueContext) -> dict[str, str]:
    """A distant date has been proposed and nobody has decided on it."""
    if ctx.issue.due_proposed_on is None:
        raise Conflict("该问题没有待确认的整改时限。", rule="issue.confirm_due")
    return {}


@before_offer
def interim_date_stands(ctx: IssueContext) -> dict[str, str]:
    """The date in force until the distant one is confirmed has not passed: confirming takes no lateness away."""
    if not due_dates.may_confirm(ctx.issue.due_on, ctx.today):
        raise Conflict(
            f"现行整改时限 {ctx.issue.due_on} 已过，问题已经逾期，不能再确认新的时限，逾期照常计算。"
            "请办理“不同意时限”；确需延长的，按延期另行报批。",
            rule="issue.due_passed",
        )
    return {}


@before_offer
def confirming_side(ctx: IssueContext) -> dict[str, str]:
    """The lead confirms, the office where the lead is responsible; never who proposed it nor the responsible unit."""
    if not ctx.confirms_due:
        raise NotAllowed("整改时限由牵头单位确认；牵头单位就是责任单位的，由统筹办确认。", rule="issue.confirm_due")
    if ctx.issue.due_proposed_by_id == ctx.person.pk:
        raise NotAllowed("您是这一时限的提出人，须由另一人确认。", rule="issue.confirm_due")
    if ctx.issue.responsible_department_id in ctx.actor_departments:
        raise NotAllowed("您属于责任单位，整改时限须由其他单位确认。", rule="issue.confirm_due")
    return {}


@at_step
def closing_evidence(ctx: IssueContext) -> dict[str, str]:
    """The kinds of evidence the campaign asks for are on file."""
    lacking = [kind for kind in ctx.rules.rectification.closing_evidence if kind not in ctx.evidence_kinds]
    if lacking:
        return {"files": f"本活动要求销号前上传：{'、'.join(EvidenceKind(kind).label for kind in lacking)}"}
    return {}


@at_step
def reductions_complete(ctx: IssueContext) -> dict[str, str]:
    """A measure that claims a reduction says from how many to how many.

    ``data["effects"]`` {measure id: (before, after)} completes what was left open when it was planned.
    """
    missing = {}
    for claim in ctx.claims:
        before, after = ctx.data.get("effects", {}).get(claim.pk, (claim.before, claim.after))
        if before is None:
            missing[f"before_{claim.pk}"] = f"措施“{claim.text[:20]}”声明了压减，请填写压减前的数字"
        if after is None:
            missing[f"after_{claim.pk}"] = f"措施“{claim.text[:20]}”声明了压减，请填写压减后的数字"
    return missing


@before_offer
def strike_off_side(ctx: IssueContext) -> dict[str, str]:
    """Who strikes off is a rule of the campaign: the lead unit (or the office), or the office only."""
    if deciders.is_office_alone(ctx.rules.rectification.strike_off) and Actor.OFFICE not in ctx.actors:
        raise NotAllowed("本活动由统筹办销号。", rule="issue.strike_off")
    return {}


@before_offer
def another_person(ctx: IssueContext) -> dict[str, str]:
    """Nobody strikes off an issue of their own: not the requester, nobody of the responsible unit (L22 销号监管)."""
    if ctx.issue.closing_requested_by_id == ctx.person.pk:
        raise NotAllowed("您是销号申请人，须由另一人验收。", rule="issue.another_person")
    if ctx.issue.responsible_department_id in ctx.actor_departments:
        raise NotAllowed("您属于责任单位，须由其他单位验收销号。", rule="issue.another_person")
    return {}


@before_offer
def not_the_closer(ctx: IssueContext) -> dict[str, str]:
    """A look-back is made by neither the one who struck off nor the responsible unit."""
    if ctx.issue.closed_by_id == ctx.person.pk:
        raise NotAllowed("您是该问题的验收人，回头看须由他人进行。", rule="issue.look_back")
    if ctx.issue.responsible_department_id in ctx.actor_departments:
        raise NotAllowed("您属于责任单位，回头看须由其他单位进行。", rule="issue.look_back")
    return {}


def _future_due(ctx: IssueContext) -> dict[str, str]:
    due = ctx.data.get("due_on")
    if not due:
        return {"due_on": "请填写整改时限"}
    return {"due_on": "整改时限不能早于今天"} if due < ctx.today else {}
