"""Who is told after an action. In-app notices in the action's own transaction; the unique key keeps one each."""

from datetime import datetime

from django.urls import reverse

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import rights_to_open
from campaigns.domain.rulebook.rulebook import Rulebook
from issues.domain.cooperation import open_helpers
from issues.domain.deciders import told_to_decide
from issues.domain.queries import parties_of
from issues.enums import Actor
from issues.models import Issue
from issues.rules import sees
from notifications.domain.notices import Draft, ensure
from notifications.enums import Reach

UNIT_PEOPLE = (Role.LIAISON, Role.RESPONSIBLE)
# The lead or the office, by the rule that guards and 等我办 follow too.
DECIDER = "decider"
RECEIVERS = {
    "assign": ("responsible", "有一件问题交办给本单位，请签收"),
    "dispute": (DECIDER, "责任单位退单，请裁定"),
    "request_closing": (DECIDER, "申请销号，请验收"),
    "fix_on_spot": (DECIDER, "已立行立改，请验收"),
    "approve_closing": ("responsible", "已销号"),
    "resume": ("responsible", "已恢复整改，请按新的时限办理"),
    "resume_planning": ("responsible", "已恢复办理，请定整改措施"),
    "return_closing": ("responsible", "验收未通过，已退回整改"),
    "look_back_fail": ("responsible", "回头看未通过，请继续整改"),
    "look_back_pass": ("responsible", "回头看通过"),
    "dismiss": ("discovering", "不予采纳"),
    "merge": ("discovering", "已并案办理"),
    "confirm_due": ("responsible", "提出的整改时限已确认"),
    "ask_extension": (DECIDER, "申请延期，请答复"),
    "withdraw_extension": (DECIDER, "延期申请已撤回，不需再答复"),
    "grant_extension": ("responsible", "延期申请已同意，请按新的时限办理"),
    "deny_extension": ("responsible", "延期申请未获同意，仍按原时限办理"),
    "refuse_due": ("responsible", "提出的整改时限未获同意，仍按原时限办理"),
}
# After an action by which a date was set that counts only once it is confirmed.
TO_CONFIRM = (DECIDER, "提出超过 90 天的整改时限，请确认")
# To the units that help, with the assignment.
HELPING = "helping"
TO_HELP = (HELPING, "请本单位配合，任务见问题页")
OF_EXTENSION = ("ask_extension", "withdraw_extension")
SETS_DATE = ("assign", "plan", "resume", "return_closing", "look_back_fail")


def after(*, action: str, issue: Issue, rules: Rulebook, actor: User | None, now: datetime) -> int:
    """Make the notices of one action; returns how many are new (条). The actor gets none.

    ``rules``: those the issue is under."""
    told = {action: RECEIVERS[action]} if action in RECEIVERS else {}
    if action in SETS_DATE and issue.due_proposed_on:
        told["due_proposed"] = TO_CONFIRM
    if action == "assign":
        told["help"] = TO_HELP
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
            reach=Reach.AT_ONCE if kind == "return_closing" else Reach.DIGEST,
        )
        for kind, (side, words) in told.items()
        for people in [_people(issue, side, kind, rules)]
        for user_id, right in rights_to_open(people, lambda scope: sees(scope, parties)).items()
        if user_id != getattr(actor, "pk", None)
    ]
    return ensure(drafts, now=now)


def _people(issue: Issue, side: str, kind: str, rules: Rulebook) -> list[int]:
    department: int | None
    if side == HELPING:
        units = open_helpers([issue]).get(issue.pk, [])
        held = people_with_role(department_ids=units, roles=[Role.LIAISON]) if units else {}
        return [person for unit in units for person in held.get(unit, ())]
    if side == DECIDER:
        department, roles = _decider(issue, kind, rules)
    else:
        department = issue.responsible_department_id if side == "responsible" else issue.discovering_department_id
        roles = UNIT_PEOPLE
    found = people_with_role(department_ids=[department], roles=roles).get(department, []) if department else []
    if side == "responsible" and issue.responsible_person_id and issue.responsible_person_id not in found:
        found = [*found, issue.responsible_person_id]
    return found


def _decider(issue: Issue, kind: str, rules: Rulebook) -> tuple[int, tuple[Role, ...]]:
    if kind in OF_EXTENSION:
        side = Actor(issue.extensions.values_list("side", flat=True).latest("pk"))
    else:
        side = _side(issue, kind, rules)
    if side == Actor.OFFICE:
        return issue.campaign.office_id, (Role.OFFICE,)
    return issue.lead_department_id, (Role.LEAD, Role.OFFICE)


def _side(issue: Issue, kind: str, rules: Rulebook) -> Actor:
    return told_to_decide(
        action=kind,
        strike_off=rules.rectification.strike_off,
        disputes=issue.disputes,
        lead_id=issue.lead_department_id,
        responsible_id=issue.responsible_department_id,
    )
