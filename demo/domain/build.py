"""Builds the demonstration: a fictional county on the roster of the notice, a month of walks, work that waits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.enums import DepartmentKind
from accounts.models import Department, User
from campaigns.domain.lifecycle import draft, edit_rules, issue, token_of
from campaigns.domain.setup import working_version
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.exceptions import Refused
from core.tabular import SheetTable
from demo.domain.around import seed_draw, seed_enquiry, seed_look_back_request
from demo.domain.covert import seed_covert
from demo.domain.incoming import seed_incoming
from demo.domain.inspections import seed_inspection
from demo.domain.ledger import IssueEvents
from demo.domain.lists import read_lists, seed_lists
from demo.domain.material import (
    COUNTY,
    COUNTY_CODE,
    FIRST_MONTH,
    NEIGHBOUR,
    NEIGHBOUR_CODE,
    STARTS_ON,
    TEMPLATE,
    Dates,
    walks,
)
from demo.domain.must_walk import seed_pool
from demo.domain.needs import seed_needs
from demo.domain.photos import photo_names, photos_for
from demo.domain.places import make_places
from demo.domain.plans import seed_plans
from demo.domain.publications import PUBLISHER, publish_months, release
from demo.domain.saved import seed_saved
from demo.domain.scenario import Cast, Scenario
from demo.domain.submissions import seed_submissions
from demo.domain.suggestions import seed_suggestions
from notifications.domain.notices import mark_read, notices_visible_to

YEARS_OPEN = 3
NEWS_FOR = timedelta(days=20)
PHOTOGRAPHER = "juzhang"


@dataclass(frozen=True)
class CountyScript:
    """One county's campaign and the stories it plays."""

    region: str
    code: str
    walks: list[dict]


def build(*, now: datetime | None = None) -> bool:
    """Make the demonstration; False when it stands already, in which case nothing is touched.

    Side effects in order: places, people and items (one transaction); the photos; campaigns, walks, issues and notices
    (one transaction, so a run that was cut off is taken up again). Raises Refused in a database with real campaigns.
    """
    if Campaign.objects.filter(is_demo=False).exists():
        raise Refused(
            "库中已有正式活动，未装入演示数据。请换一个空库（VAR_DIR 或 DATABASE_URL）再运行 demo。", rule="demo"
        )
    if Campaign.objects.exists():
        return False
    now = now or timezone.now()
    counties = [
        CountyScript(COUNTY, COUNTY_CODE, [*walks(FIRST_MONTH), *walks("before"), *walks("recent")]),
        CountyScript(NEIGHBOUR, NEIGHBOUR_CODE, walks("baishi")),
    ]
    make_places()
    names = [name for county in counties for name in photo_names(county.walks)]
    photos = photos_for(User.objects.get(username=PHOTOGRAPHER), names)
    lists = read_lists()
    dates = Dates(timezone.localtime(now).date(), work_calendar())
    with transaction.atomic():
        for county in counties:
            _seed(county, photos, dates, lists)
        _read_old_news(now - NEWS_FOR)
    return True


def _seed(county: CountyScript, photos: dict, dates: Dates, lists: dict[str, SheetTable]) -> None:
    campaign = _campaign(county, dates)
    scenario = Scenario(
        campaign=campaign, cast=Cast.of(campaign), photos=photos, dates=dates, issue_events=IssueEvents()
    )
    scenario.play(county.walks)
    if county.code == COUNTY_CODE:
        seed_lists(campaign, scenario.cast, lists)
        seed_pool(campaign, scenario.cast)
        seed_plans(campaign, scenario.cast)
        seed_covert(campaign, scenario.cast, dates)
        seed_needs(campaign, scenario.cast)
        seed_inspection(campaign, scenario.cast, dates)
        seed_incoming(campaign, scenario.cast, dates)
        seed_draw(campaign, scenario.cast, dates)
        seed_look_back_request(campaign, scenario.cast, dates)
        seed_enquiry(campaign, scenario.cast, dates)
        seed_saved(scenario.cast, dates)
        seed_suggestions(scenario.cast)
        seed_submissions(campaign, scenario.cast, dates)
        first, _ = publish_months(campaign, scenario.cast, dates)
        release(first, scenario.cast, dates)


def _campaign(county: CountyScript, dates: Dates) -> Campaign:
    """The county's campaign, issued; the first county's office lets the public read what it published."""
    office = Department.objects.get(region__name=county.region, kind=DepartmentKind.OFFICE)
    campaign = draft(
        template=TEMPLATE,
        code=county.code,
        name=f"{county.region}“一把手走流程、坐窗口、跟执法、处投诉”活动",
        office=office,
        start=STARTS_ON,
        end=date(dates.today.year + YEARS_OPEN, 12, 31),
        actor=None,
        is_demo=True,
    )
    if county.code == COUNTY_CODE:
        seen, clerk = token_of(working_version(campaign)[1], "oversight"), User.objects.get(username=PUBLISHER)
        edit_rules(campaign=campaign, group="oversight", values={"public_sheet": True}, actor=clerk, seen=seen)
    issue(campaign=campaign, actor=None)
    return campaign


def _read_old_news(before: datetime) -> None:
    """What was told years ago has been read; only this month's notices are still new."""
    for user in User.objects.filter(notices__created_at__lt=before).distinct():
        ids = list(notices_visible_to(user).filter(created_at__lt=before).values_list("pk", flat=True))
        mark_read(user=user, ids=ids)
