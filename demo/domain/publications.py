"""Two published months, the story's first one and the last that has ended, and the first one released to the public."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core.periods import Period
from demo.domain.material import FIRST_MONTH, Dates
from demo.domain.scenario import Cast
from reports.domain.public_sheet import lifecycle as public
from reports.domain.public_sheet.pictures import choices
from reports.domain.public_sheet.places import record
from reports.domain.public_sheet.transitions import RELEASE
from reports.domain.publishing import publish
from reports.domain.submissions.lines import open_parts
from reports.enums import PublicMedium
from reports.models import Publication

PUBLISHER, SECOND = "tongchou", "tongchou2"
PUBLISHED_AT, ASKED_AT, RELEASED_AT = time(16, 0), time(16, 20), time(16, 40)
PHOTOS = 4
WEBSITE = "青禾县人民政府网站"
ONE_DAY = timedelta(days=1)
# L22: units send by the 20th, the office has the papers on the 22nd.
AFTER_CUTOFF = timedelta(days=2)


def published_periods(campaign: Campaign, dates: Dates) -> tuple[Period, Period]:
    """The story's first month and the last one that has ended."""
    _, rules = rules_of(campaign.pk)
    return rules.period(FIRST_MONTH), rules.period_of(dates.today).previous()


def publish_months(campaign: Campaign, cast: Cast, dates: Dates) -> list[Publication]:
    """Publish both, each judged and dated two days after its end, or today when that day is still to come."""
    periods = published_periods(campaign, dates)
    return [_publish(campaign, cast, one, min(one.ends_on + AFTER_CUTOFF, dates.today)) for one in periods]


def release(publication: Publication, cast: Cast, dates: Dates) -> None:
    """Let everybody read it: asked for by who published it, released by the second person of the office the day after,
    and made known on the website of the government."""
    day = min(publication.summary.as_of + ONE_DAY, dates.today)
    asked_at, released_at = (timezone.make_aware(datetime.combine(day, at)) for at in (ASKED_AT, RELEASED_AT))
    asker, second = cast.by_username[PUBLISHER], cast.by_username[SECOND]
    campaign, period = publication.campaign, publication.asked
    photos = [one.file.pk for one in choices(campaign, period, publication)[:PHOTOS]]
    seen = publication.version
    sheet = public.ask(campaign=campaign, period=period, actor=asker, seen=seen, photos=photos, now=asked_at)
    public.perform(sheet=sheet, action=RELEASE, actor=second, version=sheet.version, now=released_at)
    facts = {"medium": PublicMedium.WEBSITE, "name": WEBSITE, "published_on": day, "link": ""}
    record(sheet=sheet, actor=asker, facts=facts, now=released_at)


def _publish(campaign: Campaign, cast: Cast, period: Period, day: date) -> Publication:
    at = timezone.make_aware(datetime.combine(day, PUBLISHED_AT))
    named = open_parts(campaign, period, today=day).token
    office = cast.by_username[PUBLISHER]
    return publish(campaign=campaign, period=period, actor=office, now=at, as_of=day, confirmed=named)
