"""Two published months, the story's first one and the last that has ended, to show what is published."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core.periods import Period
from demo.domain.material import FIRST_MONTH, Dates
from demo.domain.scenario import Cast
from reports.domain.publishing import publish
from reports.domain.submissions.lines import open_parts

PUBLISHED_AT = time(16, 0)
# L22: units send by the 20th, the office has the papers on the 22nd.
AFTER_CUTOFF = timedelta(days=2)


def publish_months(campaign: Campaign, cast: Cast, dates: Dates) -> None:
    """Publish both, each judged and dated two days after its end, or today when that day is still to come."""
    _, rules = rules_of(campaign.pk)
    for period in (rules.period(FIRST_MONTH), rules.period_of(dates.today).previous()):
        _publish(campaign, cast, period, min(period.ends_on + AFTER_CUTOFF, dates.today))


def _publish(campaign: Campaign, cast: Cast, period: Period, day: date) -> None:
    at = timezone.make_aware(datetime.combine(day, PUBLISHED_AT))
    named = open_parts(campaign, period, today=day).token
    office = cast.by_username["tongchou"]
    publish(campaign=campaign, period=period, actor=office, now=at, as_of=day, confirmed=named)
