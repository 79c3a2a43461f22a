"""What must hold before an issue's actions about more time (延期). Named by ``issues.domain.transitions`` and found
through ``issues.domain.guards``, as every guard of an issue."""

from core.exceptions import Conflict, NotAllowed
from core.guards import at_step, before_offer
from issues.domain import due_dates
from issues.domain.context import IssueContext
from issues.enums import Actor


@before_offer
def no_open_extension(ctx: IssueContext) -> dict[str, str]:
    """ask_extension: one request at a time, and none while a distant date waits for confirmation."""
    if ctx.extension is not None:
        raise Conflict(
            f"该问题已申请延期至 {ctx.extension.asked_due_on}，待答复；需要改的，请先撤回。",
            rule="issue.extension_open",
        )
    if ctx.issue.due_proposed_on is not None:
        raise Conflict(
            f"整改时限 {ctx.issue.due_proposed_on} 正待确认，确认或不同意以后才能申请延期。",
            rule="issue.extension_open",
        )
    return {}


@before_offer
def not_yet_expired(ctx: IssueContext) -> dict[str, str]:
    """ask_extension: there is a date, and it has not passed (to 24:00 of its day)."""
    due = ctx.issue.due_on
    if due is None:
        raise Conflict("该问题还没有整改时限，不需要申请延期。", rule="issue.extension_expired")
    if ctx.today > due:
        raise Conflict(
            f"整改时限 {due} 已过，问题已经逾期，不能再申请延期。请尽快办结，逾期照常计算。",
            rule="issue.extension_expired",
        )
    return {}


@at_step
def extension_date(ctx: IssueContext) -> dict[str, str]:
    """ask_extension: a date after the one in force, at most 365 calendar days ahead."""
    asked, due = ctx.data.get("extension_to"), ctx.issue.due_on
    if not asked:
        return {"extension_to": "请填写申请延至的日期"}
    if due and asked <= due:
        return {"extension_to": f"应晚于现行时限 {due}"}
    if asked > due_dates.longest(ctx.today):
        last = due_dates.longest(ctx.today)
        return {"extension_to": f"整改时限最长 {due_dates.LONGEST_DAYS} 天（至 {last}），请改填"}
    return {}


@before_offer
def extension_open(ctx: IssueContext) -> dict[str, str]:
    """grant_extension, deny_extension, withdraw_extension: a request waits."""
    if ctx.extension is None:
        # Who answered or withdrew an earlier one is read on the issue's page: this is asked on every page of an issue.
        words = "该问题没有待答复的延期申请；申请过的，由何人何时答复或撤回，见该问题的“办理经过”。"
        raise Conflict(words, rule="issue.extension_none")
    return {}


@before_offer
def extension_decider(ctx: IssueContext) -> dict[str, str]:
    """The lead decides, the office where the lead asks or is responsible; never who asked nor the responsible unit."""
    extension = ctx.extension
    if extension is None:
        return {}
    if extension.side not in ctx.actors:
        side = Actor(extension.side).label
        raise NotAllowed(f"本次延期申请由{side}答复。", rule="issue.extension_side")
    if extension.asked_by_id == ctx.person.pk:
        raise NotAllowed("您是延期申请人，须由另一人答复。", rule="issue.extension_side")
    if ctx.issue.responsible_department_id in ctx.actor_departments:
        raise NotAllowed("您属于责任单位，延期申请须由其他单位答复。", rule="issue.extension_side")
    return {}


@at_step
def reason_if_distant(ctx: IssueContext) -> dict[str, str]:
    """grant_extension: beyond 90 calendar days from the day on which it was asked, the words of who grants it."""
    if ctx.extension is None or str(ctx.data.get("note") or "").strip():
        return {}
    if due_dates.needs_confirmation(ctx.extension.asked_due_on, ctx.asked_day):
        return {"note": f"申请的时限超过 {due_dates.FREE_DAYS} 天，请写明同意的理由"}
    return {}
