"""Steps of submissions as tests take them."""

from datetime import datetime

from campaigns.models import Campaign
from reports.domain.compile import period_in
from reports.domain.submissions import lifecycle
from reports.domain.submissions.lines import SubmissionLine, lines_of
from reports.models import Submission
from tests.cast import TZ, Cast


def on(day: int, hour: int = 10, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=TZ)


def sent(cast: Cast, *, persona: str = "liaison", now: datetime | None = None, period: str = "2022-06", **options):
    """The submissions of the persona's unit after it has sent its period."""
    unit = {"liaison": cast.unit, "principal": cast.unit}.get(persona, cast.second_unit)
    asked = period_in(cast.campaign, period)
    given = {"actor": cast.people[persona], "now": now or on(20)} | options
    return lifecycle.send(campaign=cast.campaign, period=asked, unit_id=unit.pk, **given)


def step(submission: Submission, action: str, actor, *, now: datetime | None = None, **options) -> Submission:
    return lifecycle.perform(submission=submission, action=action, actor=actor, now=now or on(21), **options)


def lines(user, campaign: Campaign, *, now: datetime, period: str = "2022-06") -> list[SubmissionLine]:
    return lines_of(user, campaign, period_in(campaign, period), today=now.date())
