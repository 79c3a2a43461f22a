"""A campaign of June 2022 that has ended: what tests of its end begin with."""

from datetime import date, datetime

from campaigns.domain.lifecycle import create_campaign
from campaigns.models import Campaign
from core.periods import whole_period
from home.domain.closing import finish, look_at
from reports.models import Publication, Summary, SummaryState
from tests.cast import TZ, open_walk, reported_walk

JULY = datetime(2022, 7, 28, 10, 0, tzinfo=TZ)


def june_campaign(cast) -> None:
    """A campaign of June alone: a walk handed in with its issue, one still open, the whole campaign published."""
    cast.campaign, _ = create_campaign(
        template="lantian-2022",
        code="QHJUNE",
        name="青禾县六月走流程",
        region_name="青禾县",
        start=date(2022, 6, 1),
        end=date(2022, 6, 30),
        region=cast.county,
    )
    reported_walk(cast)
    open_walk(cast)
    publish_whole(cast.campaign)


def publish_whole(campaign: Campaign) -> None:
    """The rows a publication of the whole campaign leaves, without its papers, which take seconds."""
    period = whole_period(campaign.starts_on, campaign.ends_on).code
    named = {"campaign": campaign, "period": period, "version": 1, "digest": "0" * 64}
    summary = Summary.objects.create(
        **named, state=SummaryState.PUBLISHED, data={}, as_of=JULY.date(), compiled_at=JULY
    )
    Publication.objects.create(**named, summary=summary, rows={}, published_at=JULY)


def step(cast, action: str, actor=None, confirmed: str | None = None, now: datetime = JULY) -> Campaign:
    """Take the step with everything confirmed that stands open, unless ``confirmed`` says otherwise."""
    campaign, actor = Campaign.objects.get(pk=cast.campaign.pk), actor or cast.office
    token = look_at(campaign, actor, now).unfinished.token if confirmed is None else confirmed
    return finish(campaign=campaign, action=action, actor=actor, confirmed=token, now=now)


def archived(cast) -> Campaign:
    """The campaign, summed up and archived."""
    step(cast, "summarise")
    return step(cast, "archive")
