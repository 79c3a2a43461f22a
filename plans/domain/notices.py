"""Who is told what became of a plan. In-app notices in the transaction of the change; the unique key keeps one each."""

from datetime import datetime

from django.urls import reverse

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import rights_to_open
from core.text import quoted
from notifications.domain.notices import Draft, close, ensure
from notifications.enums import Reach
from plans.domain.reminders import unit_duty
from plans.domain.validation import period_label
from plans.models import Plan, PlanRow
from plans.rules import sees

WORDS = {"submitted": "已报送，请备案", "filed": "已备案", "returned": "被退回，请修改后重新报送"}


def after(*, kind: str, plan: Plan, actor: User, now: datetime) -> int:
    """Make the notices of one change; returns how many are new (条). The actor gets none. What reminded of a plan is
    closed when it is handed in."""
    if kind not in WORDS:
        return 0
    if kind == "submitted":
        close([unit_duty(plan.campaign_id, plan.period, plan.department_id)], now=now)
    period = "" if plan.period == "all" else f"（{period_label(plan.period)}）"
    text = f"{plan.department.name}{quoted(plan.campaign.name)}体验计划{period}{WORDS[kind]}"
    people = _receiving(plan) if kind == "submitted" else _unit(plan)
    reach = Reach.AT_ONCE if kind == "returned" else Reach.DIGEST
    return _tell(plan, f"plan.{kind}", f"plan:{plan.pk}:{kind}:v{plan.version}", text, people, actor, now, reach)


def after_notice(*, row: PlanRow, plan: Plan, when: datetime, actor: User, now: datetime) -> int:
    """Tell the receiving side when a walk will take place (W23 四 将具体时间安排报备)."""
    text = f"{plan.department.name}报备：《{row.item.name}》定于{when:%Y-%m-%d %H:%M}体验（{row.walker.label}）"
    key = f"plan:{plan.pk}:row:{row.pk}:{when:%Y%m%d%H%M}"
    return _tell(plan, "plan.noticed", key, text, _receiving(plan), actor, now)


def _tell(
    plan: Plan, kind: str, key: str, text: str, people: list[int], actor: User, now: datetime, reach: str = Reach.DIGEST
) -> int:
    link = reverse("plan", args=[plan.pk])
    told = rights_to_open((pk for pk in people if pk != actor.pk), lambda scope: sees(scope, plan))
    drafts = [
        Draft(recipient_id=pk, kind=kind, key=key, text=text, right=right, link=link, reach=reach)
        for pk, right in told.items()
    ]
    return ensure(drafts, now=now)


def _receiving(plan: Plan) -> list[int]:
    # A lead files no plan of its own: the office does.
    own = plan.receiver_id == plan.department_id
    department = plan.campaign.office_id if own else plan.receiver_id
    roles = (Role.OFFICE,) if department == plan.campaign.office_id else (Role.LEAD,)
    return people_with_role(department_ids=[department], roles=roles).get(department, [])


def _unit(plan: Plan) -> list[int]:
    found = people_with_role(department_ids=[plan.department_id], roles=(Role.LIAISON, Role.PRINCIPAL))
    return found.get(plan.department_id, [])
