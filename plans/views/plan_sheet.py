"""What the pages of one plan show: facts, rows with the walks that followed, what is missing, history, what is next."""

from django.utils import timezone

from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import DelegationReason
from core.calendar import work_calendar
from core.workdays import late_words
from plans.domain.guards import faults_of, unbound_words
from plans.domain.lifecycle import available
from plans.domain.queries import events_of, rows_of, sibling_plan
from plans.domain.rows import leaders_of
from plans.domain.transitions import EVENT_KINDS, TABLE
from plans.domain.validation import asks_date, asks_notice, companion_label, mode_label, period_label
from plans.domain.walks import out_of_period, walks_of
from plans.enums import GONE, PlanState
from plans.forms.plans import RowStartForm
from plans.models import Plan, PlanRow
from walks.enums import WalkState

# kind of an event → its words in the history.
EVENTS = {
    "drafted": "起草计划",
    "submitted": "报送",
    "filed": "备案",
    "returned": "退回修改",
    "superseded": "调整，由新一稿代替",
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
    return steps | {
        "plan": plan,
        "rules": rules,
        "period": period_label(plan.period),
        "late": _late(plan),
        "rows": [_row(row, plan, rules, walks, titles) | _start(to_walk and not expired) for row in rows],
        "faults": faults_of(plan, rules) if steps["editable"] else [],
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
        "editable": "submit" in offered,
        "may_adjust": "adjust" in offered,
        "may_discard": "discard" in offered,
        "may_receive": "return" in offered,
        "may_start": "start" in offered,
    }


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


def _start(to_walk: bool) -> dict:
    """A form for each row: the key of one must not serve another."""
    return {"to_walk": to_walk, "start": RowStartForm() if to_walk else None}


def _event(event) -> dict:
    return {
        "at": event.at,
        "title": EVENTS.get(event.kind, event.kind),
        "actor": event.actor,
        "note": event.note,
        "state": EVENT_STATES.get(event.kind, ""),
    }
