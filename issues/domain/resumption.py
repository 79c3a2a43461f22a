"""长期挂账 comes back by itself: issues whose review date has come go on being rectified."""

import logging
from datetime import datetime

from django.utils import timezone

from core.exceptions import Conflict, DomainError
from issues.domain import lifecycle
from issues.enums import IssueState
from issues.models import Issue

logger = logging.getLogger(__name__)

NOTE = "复核日期已到，自动恢复整改"


def resume_due(now: datetime) -> int:
    """Resume every deferred issue whose review date is today or has passed; returns how many (件).

    Side effects: those of the action ``resume`` by the system, each issue in a transaction of its own. Twice or in two
    places at once changes nothing more: who comes second finds the issue resumed. A missed day is caught up.
    An issue that is refused stays as it is and is named in the log.
    """
    today, resumed = timezone.localtime(now).date(), 0
    due = Issue.objects.filter(state=IssueState.DEFERRED, review_on__lte=today).order_by("review_on", "id")
    for issue in due.select_related("campaign", "walk__rules"):
        try:
            lifecycle.perform(issue=issue, action="resume", actor=None, data={"note": NOTE}, now=now)
        except Conflict:
            continue  # the office or another worker was first
        except DomainError as error:
            # One issue that cannot be resumed does not keep the others from it.
            logger.warning("issue %s not resumed: %s", issue.pk, error.rule)
            continue
        resumed += 1
    return resumed
