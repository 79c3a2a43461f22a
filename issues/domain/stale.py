"""停滞: an issue is rectified and nobody has noted any progress for so many 工作日 (a rule of its campaign)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from campaigns.domain.versions import rulebooks_on
from core.calendar import work_calendar
from core.workdays import late_since
from issues.enums import IssueState


def stale_q(campaign_ids: Iterable[int], today: date) -> Q:
    """The issues of these campaigns that stand still: more 工作日 than the rules of today allow have passed since the
    last progress. One that was brought in and not worked on since has no such day, and is none. Two queries."""
    by_days: dict[int, list[int]] = defaultdict(list)
    for campaign, rules in rulebooks_on(today, campaign_ids).items():
        by_days[rules.rectification.stale_workdays].append(campaign)
    calendar, found = work_calendar(), Q(pk__in=())
    for days, campaigns in by_days.items():
        last = late_since(today, days + 1, calendar)
        found |= Q(campaign_id__in=campaigns, progressed_on__lte=last)
    return Q(state=IssueState.RECTIFYING) & found
