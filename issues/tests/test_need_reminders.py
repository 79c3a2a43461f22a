"""Reminders of needs: who is told before the date and after it, once, and no more once the need is answered.

The need of the cast is registered on 8 June 2022 and to be answered by 29 June, a Wednesday.
"""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import Membership
from issues.domain.needs import lifecycle
from issues.domain.needs.reminders import make_need_reminders
from issues.models import Need
from issues.tasks import make_need_reminders as task
from issues.tests.needing import needs_on
from notifications.domain.notices import notices_visible_to, unread
from notifications.models import Notice
from tests.cast import AUTUMN, NOON, TZ

pytestmark = pytest.mark.both_databases


def at(day: int, hour: int = 9, month: int = 6) -> datetime:
    return datetime(2022, month, day, hour, tzinfo=TZ)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=f"reminder.need.{kind}").values_list("recipient__username", flat=True))


def act(need, action, actor, *, now=NOON, **data):
    return lifecycle.perform(need=need, action=action, actor=actor, data=data, now=now)


@pytest.fixture
def need(cast) -> Need:
    return needs_on(cast, "希望周六开窗")[0]


def test_the_unit_is_told_on_the_working_day_before_and_its_head_once_it_is_late(cast, need, client):
    assert make_need_reminders(at(28, 8))["new"] == 0
    assert make_need_reminders(at(28))["new"] == 1
    assert told("eve") == {"liaison"}
    assert make_need_reminders(at(30)) == {"needs": 1, "reminders": 3, "new": 2}
    assert told("late") == {"liaison", "principal"}
    assert make_need_reminders(at(30, 17))["new"] == 0
    for person in (cast.liaison, cast.principal):
        notice = notices_visible_to(person).get(kind="reminder.need.late")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(notice.link).status_code == 200
        assert notice.text == "需求应于 2022-06-29 前回应，已逾期，请回应：希望周六开窗"


def test_after_a_holiday_the_reminder_comes_on_the_last_working_day_before_it(cast, need):
    """国庆节 2022 is from 1 to 7 October."""
    act(need, "assign", cast.lead, department=cast.unit, reply_by=date(2022, 10, 8))
    make_need_reminders(at(30, month=9))
    assert told("eve") == {"liaison"}


def test_missed_days_are_made_up_for_and_the_earlier_reminder_is_merged(need):
    assert make_need_reminders(AUTUMN)["new"] == 3
    assert list(Notice.objects.filter(superseded=True).values_list("kind", flat=True)) == ["reminder.need.eve"]


@pytest.mark.parametrize("action", ["reply", "assign"])
def test_an_answer_and_another_unit_close_what_reminded(cast, need, action):
    make_need_reminders(at(30))
    given = {"reply": "已采纳"} if action == "reply" else {"department": cast.second_unit, "reply_by": date(2022, 7, 8)}
    act(need, action, cast.liaison if action == "reply" else cast.lead, now=at(30, 11), **given)
    reminders = unread(notices_visible_to(cast.liaison)).filter(kind__startswith="reminder")
    assert not reminders.exists()
    assert make_need_reminders(at(30, 12))["new"] == 0
    make_need_reminders(at(7, month=7))
    assert told("eve") == ({"liaison"} if action == "reply" else {"liaison", "second_liaison"})


def test_a_need_that_comes_back_is_reminded_of_anew_and_once(cast, need):
    make_need_reminders(at(30))
    act(need, "reply", cast.liaison, now=at(30, 10), reply="已采纳")
    act(need, "return_reply", cast.lead, now=at(30, 11), note="没有说明何时办成")
    assert make_need_reminders(at(30, 12))["new"] == 3
    assert make_need_reminders(at(30, 13))["new"] == 0
    reminders = unread(notices_visible_to(cast.principal)).filter(kind__startswith="reminder")
    assert list(reminders.values_list("kind", flat=True)) == ["reminder.need.late"]


def test_a_unit_that_is_named_again_for_the_same_date_is_reminded_anew(cast, need):
    make_need_reminders(at(28))
    for hour, unit in ((10, cast.second_unit), (11, cast.unit)):
        act(need, "assign", cast.lead, now=at(28, hour), department=unit, reply_by=date(2022, 6, 29))
        assert make_need_reminders(at(28, hour))["new"] == 1
    assert unread(notices_visible_to(cast.liaison)).filter(kind="reminder.need.eve").count() == 1


def test_a_reminder_of_a_date_that_was_changed_while_it_was_made_is_closed_by_the_next_round(cast, need):
    make_need_reminders(at(28))
    act(need, "assign", cast.lead, now=at(28, 10), department=cast.unit, reply_by=date(2022, 7, 8))
    Notice.objects.update(closed_at=None)
    make_need_reminders(at(28, 11))
    assert not Notice.objects.filter(kind="reminder.need.eve", closed_at=None).exists()


def test_a_need_answered_while_reminders_were_made_is_closed_by_the_next_round(cast, need):
    make_need_reminders(at(30))
    act(need, "reply", cast.liaison, reply="已采纳")
    Notice.objects.update(closed_at=None)
    make_need_reminders(at(30, 10))
    assert not Notice.objects.filter(kind__startswith="reminder", closed_at=None).exists()


def test_a_date_set_after_its_own_eve_reminds_of_lateness_alone(cast, need):
    act(need, "assign", cast.lead, now=at(22), department=cast.second_unit, reply_by=date(2022, 6, 22))
    make_need_reminders(at(24))
    assert (told("eve"), told("late")) == (set(), {"second_liaison"})


def test_where_the_unit_has_nobody_the_office_is_told_whom_to_press(cast, need):
    Membership.objects.filter(department=cast.unit, role="liaison").delete()
    make_need_reminders(at(28))
    assert told("eve") == {"principal"}
    Membership.objects.filter(department=cast.unit, role="principal").delete()
    make_need_reminders(at(30))
    assert told("late") == {"office", "office_second"}
    assert "县民政局没有联络员和主要负责同志" in Notice.objects.filter(kind="reminder.need.late").first().text


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_follow_the_number_of_needs(cast, count, django_assert_num_queries):
    needs_on(cast, *(f"希望{number}" for number in range(count)))
    # Calendar (two), needs, three groups of people; savepoint, look up, insert, count, release; open reminders, needs.
    with django_assert_num_queries(12):
        assert make_need_reminders(at(30))["new"] == 3 * count


@pytest.mark.clock(AUTUMN + timedelta(days=1))
def test_the_task_does_what_the_function_does(cast):
    needs_on(cast, "希望周六开窗", now=NOON)
    task()
    assert told("late") == {"liaison", "principal"}
