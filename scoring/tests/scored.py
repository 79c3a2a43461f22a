"""What the tests of scoring share: the campaign with scoring switched on, as an office does it."""

from datetime import datetime

from django.utils import timezone

from campaigns.domain.lifecycle import amend, edit_rules, issue, token_of
from campaigns.domain.setup import working_version
from campaigns.models import Campaign
from core.periods import Period
from reports.domain.compile import period_in
from scoring.domain.asked import ScoreQuery, asked_of
from tests.cast import TZ, Cast

JULY = datetime(2022, 7, 5, 10, 0, tzinfo=TZ)


def switch_on(cast: Cast, **values) -> Campaign:
    """Amend the rules of the cast's campaign from today on: scoring by the proposal for L22, or by ``values``."""
    campaign, today = cast.campaign, timezone.localdate()
    amend(campaign=campaign, effective_on=today, reason="启用考核评分", actor=cast.office, today=today)
    seen = token_of(working_version(campaign)[1], "scoring")
    edit_rules(campaign=campaign, group="scoring", values={"on": True} | values, actor=cast.office, seen=seen)
    issue(campaign=campaign, actor=cast.office)
    return campaign


def june(campaign: Campaign) -> Period:
    return period_in(campaign, "2022-06")


def asked_in_june(campaign: Campaign, as_of) -> ScoreQuery:
    return asked_of(campaign, june(campaign), as_of)
