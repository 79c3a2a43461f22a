"""From a filed row to the walk: 报备 beforehand where the rules want it (W23 四), then the walk itself.

A covert walk (暗访) never stands in a plan: where every walk is covert no row leads to one.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.domain.rulebook.rulebook import Rulebook
from core.content_token import content_token, require_unchanged
from core.exceptions import IllegalTransition, Refused
from core.templatetags.ui import moment
from plans.domain import notices
from plans.domain.lifecycle import take, write_event
from plans.domain.queries import OPEN_TO_WALK
from plans.domain.rows import capacities_in
from plans.domain.transitions import EVENT_KINDS
from plans.domain.validation import WHOLE, asks_date, asks_notice, period_label, plan_period, window_of
from plans.enums import IN_WRITING, PlanState
from plans.models import Plan, PlanRow
from walks.domain import lifecycle as walk_lifecycle
from walks.domain import opening
from walks.domain.shown import IN_PLAN, TRACED, walks_shown_to
from walks.enums import WalkState
from walks.models import Walk

GONE_WORDS = "已不是本单位的主要负责同志或分管负责同志"


def token_of_notice(row: PlanRow) -> str:
    """Of what a page of 报备 shows: who walks what on which day, and when it was given last."""
    return content_token([row.item_id, row.walker_id, row.planned_on, row.noticed_at])


@transaction.atomic
def give_notice(
    *, row: PlanRow, actor: User, when: datetime, now: datetime | None = None, seen: str | None = None
) -> None:
    """报备: tell the receiving side when a filed row's walk will take place; may be given again while it has not begun.

    The row takes over the day, and so does its copy in an adjustment that leaves item and walker alone; the history
    keeps each day given. Side effects in order: the rows; an event; notices. Raises IllegalTransition unless the plan
    is filed and the walk not begun, Refused for a moment that has passed or lies outside the campaign, or for a unit
    that is no longer bound or a walker who has left. ``seen``: ``token_of_notice`` of a person's page; StaleVersion
    when the row is another now.
    """
    now, plan = now or timezone.now(), row.plan
    if seen is not None:
        stored = PlanRow.objects.select_for_update().get(pk=row.pk)
        require_unchanged(what="这次报备", seen=seen, now=token_of_notice(stored))
    rules = take(plan, "notice", actor, now=now).rules
    first, last = window_of(rules, plan.period)
    day = timezone.localtime(when).date()
    if not first <= day <= last:
        raise Refused(f"体验时间须在 {first} 至 {last} 之间。", fields={"when": f"请选择 {first} 至 {last} 之间的时间"})
    if when < now:
        raise Refused("报备须在体验之前，所填时间已过。", fields={"when": "所填时间已过，请填写将要体验的时间"})
    _require_walker(row)
    won = PlanRow.objects.filter(OPEN_TO_WALK, pk=row.pk)
    if not PlanRow.objects.filter(pk__in=won.values("pk")).update(planned_on=day, noticed_at=now):
        raise _begun(row, "不能再报备", "plan.noticed")
    copies = PlanRow.objects.filter(source=row, item=row.item_id, walker=row.walker_id, plan__state__in=IN_WRITING)
    copies.update(planned_on=day, noticed_at=now)
    moved = f"（原计划 {row.planned_on}）" if row.planned_on and row.planned_on != day else ""
    shown = timezone.localtime(when)
    write_event(plan, EVENT_KINDS["notice"], actor, now, f"{row.order}. {row.item.name}：{shown:%Y-%m-%d %H:%M}{moved}")
    notices.after_notice(row=row, plan=plan, when=shown, actor=actor, now=now)


@transaction.atomic
def start_row(*, row: PlanRow, actor: User, now: datetime | None = None) -> Walk:
    """按计划开始体验: open the walk a filed row plans; row and walk are bound in the same transaction.

    Side effects in order: those of ``opening.start`` with the row's facts; the walk's place; the row. Raises
    IllegalTransition when the plan is not filed or the walk began already, Refused before 报备 where the rules want it,
    outside the plan's period, for a unit that is no longer bound or a walker who has left, and as ``opening.start``.
    """
    plan = row.plan
    rules = take(plan, "start", actor, now=now).rules
    if words := out_of_period(plan, rules, timezone.localtime(now).date()):
        raise Refused(f"体验未开始：{words}", rule="plan.period")
    if not asks_date(rules):
        raise Refused("本活动一律暗访，体验由体验人自行登记，不从计划开始。", rule="plan.covert")
    if asks_notice(rules) and row.noticed_at is None:
        cite = rules.cites.get("planning.notice")
        clause = f"通知规定：{cite}。" if cite else ""
        raise Refused(f"本活动须先报备具体时间再体验，“{row.item.name}”尚未报备，体验未开始。{clause}", rule="notice")
    _require_walker(row)
    draft = opening.WalkDraft(
        campaign=plan.campaign,
        department_id=plan.department_id,
        item=row.item,
        mode=row.mode,
        activity_kind=row.activity_kind,
        walker=row.walker,
        delegation_reason=row.delegation_reason,
    )
    walk = opening.start(draft, actor=actor, now=now)
    if walk.is_covert:
        raise Refused("本活动一律暗访，体验由体验人自行登记，不从计划开始。", rule="plan.covert")
    if row.place or row.companions:
        walk_lifecycle.write_facts(walk=walk, actor=actor, facts={"place": row.place, "companions": row.companions})
    free = PlanRow.objects.filter(OPEN_TO_WALK, pk=row.pk)
    if not PlanRow.objects.filter(pk__in=free.values("pk")).update(walk=walk):
        raise _begun(row, "没有重复登记", "plan.begun")
    return walk


def _require_walker(row: PlanRow) -> None:
    """Nobody walks in the name of who leads the unit no more: moved, or the account was disabled."""
    if row.walker_id not in capacities_in(row.plan.department_id):
        raise Refused(f"{row.walker.label}{GONE_WORDS}，没有办理。请先调整计划，改定体验人。", rule="plan.walker")


def _begun(row: PlanRow, undone: str, rule: str) -> IllegalTransition:
    """A walk has been begun from the row: by whom and when, and what was not done."""
    walk = PlanRow.objects.select_related("walk__created_by").get(pk=row.pk).walk
    by = f"已由{walk.created_by}于 {moment(walk.started_at)} " if walk else "已经"
    return IllegalTransition(f"这一行{by}开始体验，{undone}。", rule=rule)


def out_of_period(plan: Plan, rules: Rulebook, today: date) -> str:
    """Why no walk begins from the plan on this day, and what to do instead; "" while its period runs."""
    one_off = plan.period == WHOLE
    span = plan.campaign if one_off else plan_period(rules, plan.period)
    if span.starts_on <= today <= span.ends_on:
        return ""
    label = "本活动的计划" if one_off else f"{period_label(plan.period)}的计划"
    if today < span.starts_on:
        return f"{label}从 {span.starts_on} 起执行，尚未开始。计划照旧保留，请到期再办。"
    return (
        f"{label}已于 {span.ends_on} 到期。计划照旧保留，可以查看；"
        "仍要体验的，请在“走流程”直接登记，或列入本期计划后再开始。"
    )


def walks_of(user: User, rows: Iterable[PlanRow]) -> dict[int, dict]:
    """{row id: {"id", "state"}} of the walks that followed from these rows, or from those they were copied from, and
    that the person may know of; one query."""
    source_of = {row.pk: row.source_id or row.pk for row in rows}
    shown = walks_shown_to(user, where=IN_PLAN).filter(plan_row__in={*source_of, *source_of.values()})
    walks = shown.exclude(state=WalkState.CANCELLED).values("plan_row__pk", "state", *TRACED)
    found = {walk["plan_row__pk"]: {"id": str(walk["id"]), "state": walk["state"]} for walk in walks}
    return {pk: found.get(pk) or found[source] for pk, source in source_of.items() if pk in found or source in found}


def unplanned_warning(walk: Walk) -> str:
    """What is said of a walk opened beside the plan where each walk is told beforehand (W23 四); "" when nothing.

    Refused, so that it is not opened at all, when a filed plan holds the item: the row is 报备 and begun from there. An
    item in no filed plan is only warned of: a walk that is made is not lost.
    """
    rules = Rulebook.from_data(walk.rules.data)
    if walk.is_covert or not (rules.planning.required and asks_notice(rules)):
        return ""
    filed = PlanRow.objects.filter(
        OPEN_TO_WALK,
        plan__campaign_id=walk.campaign_id,
        plan__department_id=walk.department_id,
        plan__state=PlanState.FILED,
        item_id=walk.item_id,
    )
    if not filed.exists():
        return "这次体验不在已备案的计划内。本活动要求先报计划、体验前报备，请尽快补报或调整计划。"
    words = "该事项在已备案的计划内，体验未开始。请打开计划，在对应的一行先报备，再点“按计划开始体验”。"
    raise Refused(words, rule="notice", fields={"item": words})


def next_moment(row: PlanRow, now: datetime) -> datetime:
    """The time a 报备 proposes: nine o'clock of the planned day, or of tomorrow when that has passed."""
    local = timezone.localtime(now)
    day: date = row.planned_on or local.date()
    proposed = local.replace(year=day.year, month=day.month, day=day.day, hour=9, minute=0, second=0, microsecond=0)
    return proposed if proposed > local else (local + timedelta(days=1)).replace(hour=9, minute=0, second=0)
