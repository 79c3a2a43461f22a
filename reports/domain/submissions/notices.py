"""Whoever acts next is told what became of a submission. In the transaction of the change; the key keeps one each."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.models import User
from accounts.scope import rights_to_open
from core.periods import Period
from core.text import quoted
from notifications.domain.notices import Draft, close, ensure
from notifications.enums import Reach
from reports.domain.submissions.reminders import unit_duty
from reports.models import Submission
from reports.rules import sees


def after(*, action: str, submission: Submission, period: Period, actor: User, now: datetime) -> int:
    """Make the notices of one change; returns how many are new (条). The actor gets none.

    Sent: whoever checks; what reminded the unit is closed. Returned: liaisons and principal of the unit. Sent on: the
    office, once a day for each lead.
    """
    unit, campaign = submission.department.name, submission.campaign
    key = f"submission:{submission.pk}:{action}:v{submission.version}"
    link = reverse("submission", args=[submission.public_id])
    if action in ("send", "send_zero"):
        close([unit_duty(campaign.pk, period.code, submission.department_id)], now=now)
        words = submission.get_content_display()
        text, people = f"{unit}已报送{quoted(campaign.name)}{period.label}{words}，请审核", _checking(submission)
    elif action in ("return", "send_back"):
        text = f"{quoted(campaign.name)}{period.label}材料被退回，请修改后重新报送：{submission.return_reason}"
        people = _members(submission.department_id, Role.LIAISON, Role.PRINCIPAL)
    elif action == "send_on":
        day = timezone.localtime(now).date()
        key = f"submission:{campaign.pk}:{period.code}:{submission.checker_id}:sent_on:{day}"
        link = reverse("submissions", args=[campaign.code, period.code])
        text = f"{submission.checker.name}已汇总上报{quoted(campaign.name)}{period.label}材料，请接收"
        people = _members(campaign.office_id, Role.OFFICE)
    else:
        return 0
    told = rights_to_open((pk for pk in people if pk != actor.pk), lambda scope: sees(scope, submission))
    kind = f"submission.{action}"
    reach = Reach.AT_ONCE if action in ("return", "send_back") else Reach.DIGEST
    drafts = [
        Draft(recipient_id=pk, kind=kind, key=key, text=text, right=right, link=link, reach=reach)
        for pk, right in told.items()
    ]
    return ensure(drafts, now=now)


def _checking(submission: Submission) -> Iterable[int]:
    by_office = submission.checker_id == submission.campaign.office_id
    return _members(submission.checker_id, Role.OFFICE if by_office else Role.LEAD)


def _members(department_id: int, *roles: str) -> list[int]:
    return people_with_role(department_ids=[department_id], roles=roles).get(department_id, [])
