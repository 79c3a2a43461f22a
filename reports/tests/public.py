"""A published June of the cast's campaign, and steps of its public sheet as tests take them."""

from datetime import datetime

from django.utils import timezone

from accounts.domain.memberships import grant_membership
from accounts.enums import Role
from accounts.models import User
from campaigns.domain.lifecycle import amend, edit_rules, issue, token_of
from campaigns.domain.setup import working_version
from campaigns.models import Campaign
from reports.domain.compile import period_in
from reports.domain.public_sheet import lifecycle
from reports.domain.publishing import publish
from reports.domain.submissions.lines import open_parts
from reports.models import Publication, PublicSheet
from reports.tests.world import World, build
from tests.cast import TZ, Cast
from tests.replay import replayed

PUBLISHED_AT = datetime(2022, 6, 25, 10, 0, tzinfo=TZ)
RELEASED_AT = datetime(2022, 6, 27, 9, 0, tzinfo=TZ)


def switch(cast: Cast, *, on: bool = True) -> Campaign:
    """Amend the rules of the cast's campaign from today on: 向社会公开 on or off."""
    campaign, today = cast.campaign, timezone.localdate()
    amend(campaign=campaign, effective_on=today, reason="向社会公开", actor=cast.office, today=today)
    seen = token_of(working_version(campaign)[1], "oversight")
    edit_rules(campaign=campaign, group="oversight", values={"public_sheet": on}, actor=cast.office, seen=seen)
    issue(campaign=campaign, actor=cast.office)
    return campaign


def published(cast: Cast, *, reason: str = "", now: datetime = PUBLISHED_AT) -> Publication:
    """June, published by the first person of the office, whoever has not sent."""
    june = period_in(cast.campaign, "2022-06")
    named = open_parts(cast.campaign, june, today=now.date()).token
    given = {"now": now, "as_of": PUBLISHED_AT.date(), "confirmed": named, "reason": reason}
    return publish(campaign=cast.campaign, period=june, actor=cast.office, **given)


def asked(cast: Cast, *, actor=None, seen: int = 1, photos=()) -> PublicSheet:
    """Asked for by the person who published, unless somebody else is named."""
    june = period_in(cast.campaign, "2022-06")
    given = {"actor": actor or cast.office, "seen": seen, "photos": photos, "now": PUBLISHED_AT}
    return lifecycle.ask(campaign=cast.campaign, period=june, **given)


def third_person(cast: Cast) -> User:
    """One more of the office."""
    user = User.objects.create(username="office_third", name="测试第三人")
    grant_membership(user=user, department=cast.campaign.office, role=Role.OFFICE)
    return user


def step(sheet: PublicSheet, action: str, actor, **given) -> PublicSheet:
    return lifecycle.perform(
        sheet=sheet, action=action, actor=actor, **{"version": sheet.version, "now": RELEASED_AT} | given
    )


def waiting() -> World:
    """The world of reports with 向社会公开 switched on, June published and asked for; see ``tests.cast.replayed``."""
    return replayed("public", _build)


def _build() -> World:
    world = build()
    switch(world.cast)
    published(world.cast)
    asked(world.cast)
    return world


def released(cast: Cast) -> PublicSheet:
    """The sheet of such a world, released by the second person."""
    return step(PublicSheet.objects.get(), "release", cast.office_second)
