"""Who is told after an action. In-app notices in the action's own transaction; the unique key keeps one each."""

from datetime import datetime

from django.urls import reverse

from accounts.domain.people import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import rights_to_open
from issues.domain.queries import parties_of
from issues.models import Issue
from issues.rules import sees
from notifications.domain.notices import Draft, ensure

UNIT_PEOPLE = (Role.LIAISON, Role.RESPONSIBLE)
RECEIVERS = {
    "assign": ("responsible", "有一件问题交办给本单位，请签收"),
    "dispute": ("lead", "责任单位退单，请裁定"),
    "request_closing": ("lead", "申请销号，请验收"),
    "fix_on_spot": ("lead", "已立行立改，请验收"),
    "approve_closing": ("responsible", "已销号"),
    "resume": ("responsible", "已恢复整改，请按新的时限办理"),
    "return_closing": ("responsible", "验收未通过，已退回整改"),
    "look_back_fail": ("responsible", "回头看未通过，请继续整改"),
    "look_back_pass": ("responsible", "回头看通过"),
    "dismiss": ("discovering", "不予采纳"),
    "merge": ("discovering", "已并案办理"),
    "confirm_due": ("responsible", "提出的整改时限已确认"),
    "refuse_due": ("responsible", "提出的整改时限未获同意，仍按原时限办理"),
}
# After an action by which a date was set that counts only once it is confirmed.
TO_CONFIRM = ("lead", "提出超过 90 天的整改时限，请确认")
SETS_DATE = ("assign", "plan", "resume", "look_back_fail")


def after(*, action: str, issue: Issue, actor: User | None, now: datetime) -> int:
    """Make the notices of one action; returns how many are new (条). The actor is not told of his own deed."""
    told = {action: RECEIVERS[action]} if action in RECEIVERS else {}
    if action in SETS_DATE and issue.due_proposed_on:
        told["due_proposed"] = TO_CONFIRM
    if not told:
        return 0
    parties = parties_of(issue)
    drafts = [
        Draft(
            recipient_id=user_id,
            kind=f"issue.{kind}",
            key=f"issue:{issue.pk}:{kind}:v{issue.version}",
            text=f"{issue.number} {words}：{issue.description[:60]}",
            right=right,
            link=reverse("issue", args=[issue.number]),
        )
        for kind, (side, words) in told.items()
        for user_id, right in rights_to_open(_people(issue, side), lambda scope: sees(scope, parties)).items()
        if user_id != getattr(actor, "pk", None)
    ]
    return ensure(drafts, now=now)


def _people(issue: Issue, side: str) -> list[int]:
    department: int | None
    if side == "lead":
        # A lead that is itself the responsible unit cannot strike off: the office is told instead.
        own = issue.lead_department_id == issue.responsible_department_id
        department = issue.campaign.office_id if own else issue.lead_department_id
        roles: tuple[Role, ...] = (Role.OFFICE,) if own else (Role.LEAD, Role.OFFICE)
    else:
        department = issue.responsible_department_id if side == "responsible" else issue.discovering_department_id
        roles = UNIT_PEOPLE
    found = people_with_role(department_ids=[department], roles=roles).get(department, []) if department else []
    if side == "responsible" and issue.responsible_person_id and issue.responsible_person_id not in found:
        found = [*found, issue.responsible_person_id]
    return found
