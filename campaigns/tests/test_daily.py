"""What is done every morning: twice is once, and a missed morning is caught up."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Department
from campaigns.domain import daily
from campaigns.models import Campaign, Deadline, RosterEntry
from campaigns.tasks import every_morning
from core.calendar import SpecialDay, official_calendar, write_days
from notifications.models import Notice
from tests.cast import NOON
from walkthrough.celery import app

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LAST = max(official_calendar().known_years)
NOVEMBER = NOON.replace(year=LAST, month=11, day=1, hour=6)


def told():
    return sorted(Notice.objects.filter(kind="calendar.missing").values_list("recipient__username", flat=True))


def test_from_the_first_of_november_office_and_system_administrator_are_told_once(cast):
    daily.run(NOVEMBER - timedelta(days=1))
    assert told() == []
    daily.run(NOVEMBER)
    assert told() == ["office", "office_second", "sysadmin"]
    for days in (0, 1, 30, 61):
        daily.run(NOVEMBER + timedelta(days=days))
    assert len(told()) == 3
    assert Notice.objects.filter(recipient=cast.sysadmin, link="/calendar/").exists()


def test_once_the_year_is_loaded_nobody_is_told(cast):
    write_days([SpecialDay(date(LAST + 1, 1, 1), False), SpecialDay(date(LAST + 1, 10, 1), False)])
    daily.run(NOVEMBER)
    assert told() == []


def test_a_november_that_was_missed_is_caught_up_in_the_new_year(cast):
    daily.run(NOVEMBER + timedelta(days=75))
    assert told() == ["office", "office_second", "sysadmin"]


def test_a_campaign_begins_on_its_first_day_and_due_dates_reach_a_year_ahead(cast):
    Campaign.objects.filter(pk=cast.campaign.pk).update(state="issued")
    Deadline.objects.all().delete()
    done = daily.run(NOON)
    assert (done["today"], done["begun"]) == ("2022-06-08", 1)
    assert done["deadlines"] == Deadline.objects.count() > 24
    assert daily.run(NOON) == done | {"begun": 0, "deadlines": 0}


def test_an_abolished_unit_leaves_the_roster_as_of_that_day(cast):
    Department.objects.filter(pk=cast.second_unit.pk).update(is_active=False)
    assert daily.run(NOON)["left"] == 1
    assert RosterEntry.objects.get(department=cast.second_unit).left_on == NOON.date()
    assert daily.run(NOON + timedelta(days=1))["left"] == 0


def test_the_command_and_the_task_do_the_same(cast, capsys):
    Campaign.objects.filter(pk=cast.campaign.pk).update(state="issued")
    call_command("morning", "--now", "2022-06-08T06:05")
    assert "2022-06-08：开始活动 1 个" in capsys.readouterr().out
    every_morning()
    assert Campaign.objects.get(pk=cast.campaign.pk).state == "running"
    with pytest.raises(CommandError, match="--now"):
        call_command("morning", "--now", "明早")


def test_beat_sends_the_task_every_morning():
    entry = app.conf.beat_schedule["morning"]
    assert entry["task"] == every_morning.name
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({6}, {5})
