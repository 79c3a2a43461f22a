"""通报公布 by a rhythm: the office is reminded of a period in which less went out than the notice asks for."""

from datetime import datetime

import pytest

from campaigns.models import Campaign, RuleVersion
from notifications.models import Notice
from reports.domain.public_sheet import places
from reports.domain.publication_reminders import make_publication_reminders
from reports.tests.public import RELEASED_AT, published, released, waiting
from tests.cast import TZ
from tests.database import without_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.clock(RELEASED_AT)]
OFFICE = ["office", "office_second"]


def on(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2022, month, day, hour, 0, tzinfo=TZ)


def asked_for(cast, rhythm: str, *, minimum: int = 1) -> None:
    Campaign.objects.filter(pk=cast.campaign.pk).update(state="running")
    with without_triggers("campaigns_ruleversion"):
        for version in RuleVersion.objects.filter(campaign=cast.campaign):
            asked = {"publication": "“晒”工作成果", "publication_rhythm": rhythm, "publication_minimum": minimum}
            version.data["oversight"] |= asked
            version.save(update_fields=["data"])


def told(step: str, **also) -> list[str]:
    rows = Notice.objects.filter(kind=f"reminder.publication.{step}", **also)
    return sorted(rows.values_list("recipient__username", flat=True))


def test_without_a_rhythm_nobody_is_told(cast):
    Campaign.objects.filter(pk=cast.campaign.pk).update(state="running")
    assert make_publication_reminders(on(7, 4)) == {"publications": 0, "reminders": 0, "new": 0}


def test_the_office_is_told_before_and_after_a_quarter_without_any_and_no_more_once_one_went_out(
    cast, django_assert_num_queries
):
    asked_for(cast, "quarterly")
    assert make_publication_reminders(on(6, 23, 8))["new"] == 0
    make_publication_reminders(on(6, 23))
    make_publication_reminders(on(6, 29))
    assert (told("week"), told("eve"), told("late")) == (OFFICE, OFFICE, [])
    # 2022-06-30 is a Thursday.
    make_publication_reminders(on(7, 1))
    assert told("late", superseded=False, closed_at=None) == OFFICE
    [text] = set(Notice.objects.filter(kind="reminder.publication.late").values_list("text", flat=True))
    assert "2022年第2季度应公布（“晒”工作成果）至少 1 次，系统内已印发或刊发 0 次，已逾期" in text
    published(cast)
    # Calendar, campaigns, rules (two), office, published, made known, first date; open reminders; closing them.
    with django_assert_num_queries(13):
        make_publication_reminders(on(7, 1, 10))
    assert told("late", closed_at=None) == told("eve", closed_at=None) == []


def test_where_periods_are_released_from_here_those_made_known_count_each_once(db):
    cast = waiting().cast
    asked_for(cast, "monthly")
    # The materials of May, which has a few days of the campaign, are due in June: no May is asked for.
    make_publication_reminders(on(6, 29))
    assert told("eve", closed_at=None) == OFFICE
    assert "系统内已刊发 0 次" in Notice.objects.filter(kind="reminder.publication.eve")[0].text
    facts = {"medium": "website", "name": "县政府网站", "published_on": RELEASED_AT.date(), "link": ""}
    sheet = released(cast)
    made = [
        places.record(sheet=sheet, actor=cast.office, facts=facts | {"name": name}, now=RELEASED_AT)
        for name in ("县政府网站", "青禾发布")
    ]
    make_publication_reminders(on(6, 29, 10))
    assert told("eve", closed_at=None) == []
    # Two places of one period are one publication.
    asked_for(cast, "monthly", minimum=2)
    make_publication_reminders(on(6, 29, 11))
    assert "系统内已刊发 1 次" in Notice.objects.filter(closed_at=None, kind="reminder.publication.eve")[0].text
    # Struck out, it is owed again and reminded of anew.
    asked_for(cast, "monthly")
    make_publication_reminders(on(6, 29, 12))
    assert told("eve", closed_at=None) == []
    for place in made:
        places.strike(place=place, actor=cast.office, reason="误记", now=RELEASED_AT)
    make_publication_reminders(on(6, 29, 13))
    assert told("eve", closed_at=None) == OFFICE
