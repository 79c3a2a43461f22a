"""What the pages of one plan show: facts, rows with the walks that followed, what is missing, history, what is next."""

from django.urls import reverse
from django.utils import timezone

from accounts.domain.unit_moves import UNIT_CHANGED, UNIT_CHANGED_LABEL
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import DelegationReason
from core.calendar import work_calendar
from core.transitions import Transition
from core.workdays import late_words
from plans.domain.guards import faults_of, unbound_words
from plans.domain.handing_over import HANDED_OVER
from plans.domain.lifecycle import available
from plans.domain.queries import events_of, rows_of, sibling_plan
from plans.domain.rows import leaders_of
from plans.domain.transitions import EVENT_KINDS, TABLE
from plans.domain.validation import asks_date, asks_notice, companion_label, mode_label, period_label
from plans.domain.walks import GONE_WORDS, out_of_period, walks_of
from plans.enums import GONE, PlanState
from plans.forms.plans import RowStartForm
from plans.models import Plan, PlanRow
from walks.enums import WalkState

# Steps that are buttons of the plan, the first two of them at the head of its page.
ICONS = {
    "submit": "send-check",
    "file": "check2-circle",
    "edit": "pencil-square",
    "return": "arrow-return-left",
    "adjust": "pencil-square",
    "discard": "x-circle",
}
# kind of an event → its words in the history.
EVENTS = {
    "drafted": "起草计划",
    "submitted": "报送",
    "filed": "备案",
    "returned": "退回修改",
    "superseded": "调整，由新一稿代替",
    HANDED_OVER: "离任交接",
    UNIT_CHANGED: UNIT_CHANGED_LABEL,
    "adjusted": "起草调整稿",
    "discarded": "放弃调整",
    "carried": "转入已开始的体验",
    "noticed": "报备体验时间",
}
# kind of an event → the state whose look it has: the one it led to, or that of what came into being.
EVENT_STATES = {
    "drafted": PlanState.DRAFT,
    "adjusted": PlanState.DRAFT,
    "carried": WalkState.IN_PROGRESS,
    "noticed": "notified",
} | {EVENT_KINDS[row.action]: row.target for row in TABLE if row.target is not None}


def read_sheet(plan: Plan, user) -> dict:
    """Context of the plan's pages."""
    rules = Rulebook.from_data(plan.rules.data)
    steps = _steps(plan, user)
    rows = list(rows_of(plan).select_related("item__department"))
    walks = walks_of(user, rows)
    titles = {leader.user_id: leader.label for leader in leaders_of(plan.department_id)}
    with_walks = plan.state == PlanState.FILED or bool(walks) or any(row.noticed_at for row in rows)
    to_walk = steps["may_start"] and asks_date(rules)
    expired = out_of_period(plan, rules, timezone.localdate()) if to_walk else ""
    faults = faults_of(plan, rules) if steps["editable"] else []
    return steps | {
        "buttons": buttons(plan, steps["offered"], with_faults=bool(faults)),
        "row_steps": {name: TABLE.by_action[name].label for name in ("notice", "start")},
        "plan": plan,
        "rules": rules,
        "period": period_label(plan.period),
        "late": _late(plan),
        "rows": [_row(row, plan, rules, walks, titles) | _start(to_walk and not expired, row, titles) for row in rows],
        "faults": faults,
        "events": [_event(event) for event in events_of(plan)],
        "expired": expired,
        "several_kinds": len(set(rules.activity_kinds)) > 1,
        "is_covert": not asks_date(rules),
        "wants_notice": asks_notice(rules),
        "with_walks": with_walks and asks_date(rules),
    }


def _steps(plan: Plan, user) -> dict:
    """Which steps are open to this person, what stands against them all, and the other plan of the same place."""
    unbound = "" if plan.state in GONE else unbound_words(plan)
    offered = available(user, plan, unbound=unbound)
    return {
        "unbound": unbound,
        "sibling": sibling_plan(user, plan),
        "offered": offered,
        "editable": "edit" in offered,
        "may_start": "start" in offered,
    }


def buttons(plan: Plan, offered: dict[str, Transition], *, with_faults: bool) -> dict:
    """The steps on offer as buttons with the words of the table: ``first`` and ``second`` at the head of the page, the
    others below it. What stands beside the rows (报备, 体验) is no button of the plan. With faults it is not handed in.
    """
    shown = [
        {"action": row.action, "label": row.label, "url": _step_url(plan, row.action), "icon": ICONS[row.action],
         "tone": row.tone}
        for row in offered.values()
        if row.action in ICONS and not (row.action == "submit" and with_faults)
    ]  # fmt: skip
    order = {action: place for place, action in enumerate(ICONS)}
    shown.sort(key=lambda button: order[button["action"]])
    export = {"label": "导出", "url": reverse("plan_export", args=[plan.pk]), "icon": "download", "tone": "quiet"}
    head, below = shown[:2], shown[2:]
    if len(head) < 2:
        head.append(export)
    else:
        below.append(export)
    first = head[0] if head[0] is not export else None
    return {"first": first, "second": head[-1] if head[-1] is not first else export, "below": below}


def _step_url(plan: Plan, action: str) -> str:
    return reverse("plan_edit", args=[plan.pk]) if action == "edit" else reverse("plan_act", args=[plan.pk, action])


def _late(plan: Plan) -> str:
    day = plan.submitted_on or timezone.localdate()
    return late_words(plan.due_on, day, work_calendar()) if plan.due_on and day > plan.due_on else ""


def _row(row: PlanRow, plan: Plan, rules: Rulebook, walks: dict, titles: dict) -> dict:
    walk = walks.get(row.pk)
    elsewhere = row.item.department_id != plan.department_id
    return {
        "id": row.pk,
        "item": f"{row.item.name}（{row.item.department.name}）" if elsewhere else row.item.name,
        "in_person": row.item.must_walk_in_person,
        "kind": row.get_activity_kind_display(),
        "mode": mode_label(rules, row.mode),
        "walker": titles.get(row.walker_id, row.walker.label),
        "walker_gone": "" if walk or row.walker_id in titles or plan.state in GONE else GONE_WORDS,
        "reason": DelegationReason(row.delegation_reason).label if row.delegation_reason else "",
        "planned_on": row.planned_on,
        "place": row.place,
        "companions": _with_whom(row, rules),
        "questions": row.questions,
        "remark": row.remark,
        "noticed_at": row.noticed_at,
        "walk": walk,
        "walk_label": WalkState(walk["state"]).label if walk else "",
    }


def _with_whom(row: PlanRow, rules: Rulebook) -> str:
    """2 人; 政务服务业务人员 1 人、信息化工作人员 1 人 where the notice names kinds."""
    named = bool(rules.walking.companion_kinds)
    words = {kind: f"{companion_label(rules, kind)} " if named else "" for kind in row.companions}
    return "、".join(f"{words[kind]}{number} 人" for kind, number in row.companions.items())


def _start(to_walk: bool, row: PlanRow, leaders: dict) -> dict:
    """A form for each row: the key of one must not serve another. None for a walker who has left."""
    to_walk = to_walk and row.walker_id in leaders
    return {"to_walk": to_walk, "start": RowStartForm() if to_walk else None}


def _event(event) -> dict:
    return {
        "at": event.at,
        "title": EVENTS.get(event.kind, event.kind),
        "actor": event.actor,
        "note": event.note,
        "state": EVENT_STATES.get(event.kind, ""),
    }
