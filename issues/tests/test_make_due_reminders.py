"""Reminders in the database: the set that must exist, once, in a fixed number of queries, from two places at once."""

import os
import subprocess
import sys
import threading
from datetime import date, datetime

import pytest
from django.conf import settings
from django.db import connections

from accounts.models import User
from issues.domain import lifecycle
from issues.domain.reminder_delivery import make_due_reminders
from issues.models import Issue
from issues.tasks import make_due_reminders as task
from notifications.domain.notices import unread_count
from notifications.models import Notice
from tests.cast import AUTUMN, TZ, build_cast, issue_in
from tests.plugin import test_database_url, wait_until

pytestmark = pytest.mark.both_databases

RESPONSIBLE = {"responsible", "liaison"}
SUPERIORS = {"principal", "lead", "office", "office_second"}


def at(day: int, hour: int = 9, month: int = 6) -> datetime:
    """June 2022; issues of the cast are due on the 28th and their date was set on the 8th."""
    return datetime(2022, month, day, hour, 0, tzinfo=TZ)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=f"reminder.{kind}").values_list("recipient__username", flat=True))


@pytest.fixture
def issue(cast):
    return issue_in(cast, "rectifying")


def test_nothing_is_due_before_nine_and_a_saturday_comes_on_friday(issue):
    assert make_due_reminders(at(24, 8))["new"] == 0
    assert make_due_reminders(at(24, 9))["new"] == 2
    assert told("T-3") == RESPONSIBLE


def test_overdue_reaches_the_unit_and_those_above_it(issue):
    make_due_reminders(at(29))
    assert told("overdue") == RESPONSIBLE | SUPERIORS
    assert told("T-0") == told("T-3") == RESPONSIBLE


def test_missed_days_are_caught_up_merged_and_only_the_most_urgent_is_unread(cast, issue):
    assert make_due_reminders(at(29))["new"] == 10
    merged = Notice.objects.filter(superseded=True).values_list("kind", flat=True)
    assert set(merged) == {"reminder.T-3", "reminder.T-0"}
    assert unread_count(cast.responsible) == 1


def test_day_by_day_and_after_an_outage_make_the_same_set(cast, issue):
    for day in range(20, 30):
        make_due_reminders(at(day))
    daily = set(Notice.objects.filter(kind__startswith="reminder").values_list("dedupe_key", flat=True))
    Notice.objects.filter(kind__startswith="reminder").delete()
    make_due_reminders(at(29))
    assert set(Notice.objects.filter(kind__startswith="reminder").values_list("dedupe_key", flat=True)) == daily
    assert not Notice.objects.filter(kind="reminder.overdue", superseded=True).exists()


def test_running_twice_makes_each_reminder_once(issue):
    first = make_due_reminders(at(29))
    again = make_due_reminders(at(29))
    assert (first["new"], again["new"]) == (10, 0)
    assert first["reminders"] == again["reminders"] == 10


def test_a_clock_put_back_makes_nothing_and_takes_nothing_away(issue):
    make_due_reminders(at(29))
    assert make_due_reminders(at(25))["new"] == 0
    assert make_due_reminders(at(29))["new"] == 0


def test_an_issue_that_waits_for_acceptance_is_left_alone(cast, issue):
    lifecycle.perform(
        issue=issue, action="request_closing", actor=cast.responsible, data={"result": "已办"}, now=at(24)
    )
    assert make_due_reminders(at(30))["new"] == 0


DEFERRED = {"note": "等待上级系统升级", "review_on": date(2022, 12, 1)}


@pytest.mark.parametrize(
    ("action", "actor", "data", "left"),
    [
        ("request_closing", "responsible", {"result": "已办"}, 0),
        ("defer", "office", DEFERRED, 0),
        ("note_progress", "responsible", {"note": "正在采购"}, 2),
    ],
)
def test_reminders_of_a_date_that_binds_no_more_are_closed_and_others_stay(cast, issue, action, actor, data, left):
    other = issue_in(cast, "rectifying")
    make_due_reminders(at(25))
    lifecycle.perform(issue=issue, action=action, actor=cast.people[actor], data=data, now=at(27))
    reminders = Notice.objects.filter(kind="reminder.T-3", closed_at=None)
    assert reminders.filter(link=f"/issues/{issue.number}/").count() == left
    assert reminders.filter(link=f"/issues/{other.number}/").count() == 2


def test_what_a_clock_that_ran_ahead_closed_is_open_again(cast, issue):
    make_due_reminders(at(25))
    Notice.objects.update(closed_at=at(27))
    assert make_due_reminders(at(25, 10))["new"] == 0
    assert unread_count(cast.responsible) == 1
    Notice.objects.update(closed_at=at(25))
    make_due_reminders(at(25, 11))
    assert unread_count(cast.responsible) == 0


def test_what_is_done_while_reminders_are_made_stays_closed(cast, issue, clock):
    make_due_reminders(at(25))
    clock.move_to(at(27, 10))
    Notice.objects.update(closed_at=at(27, 10))
    make_due_reminders(at(27, 9))
    assert unread_count(cast.responsible) == 0


def test_a_person_who_left_is_not_told(cast, issue):
    User.objects.filter(pk=cast.responsible.pk).update(is_active=False)
    make_due_reminders(at(25))
    assert told("T-3") == {"liaison"}


def test_the_notice_opens_the_issue(cast, issue):
    make_due_reminders(at(25))
    notice = Notice.objects.get(kind="reminder.T-3", recipient=cast.liaison)
    assert notice.link == f"/issues/{issue.number}/"
    assert issue.number in notice.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_follow_the_number_of_issues(cast, count, django_assert_num_queries):
    for _ in range(count):
        issue_in(cast, "rectifying")
    # Rules, calendar, issues, three groups of people; then savepoint, look up, insert, count, release.
    with django_assert_num_queries(14):
        assert make_due_reminders(at(29))["new"] == 10 * count


def test_more_issues_than_one_slice_are_all_reached(cast, monkeypatch):
    monkeypatch.setattr("issues.domain.reminder_delivery.BATCH", 2)
    numbers = {issue_in(cast, "rectifying").number for _ in range(5)}
    assert make_due_reminders(at(25))["issues"] == 5
    links = Notice.objects.filter(kind="reminder.T-3", recipient=cast.liaison).values_list("link", flat=True)
    assert set(links) == {f"/issues/{number}/" for number in numbers}


@pytest.mark.clock(AUTUMN)
def test_the_task_does_what_the_function_does(issue):
    task()
    assert told("overdue") == RESPONSIBLE | SUPERIORS


@pytest.mark.django_db(transaction=True)
def test_four_threads_at_once_make_each_reminder_once():
    cast = build_cast()
    for _ in range(3):
        issue_in(cast, "rectifying")
    barrier, new = threading.Barrier(4), []

    def work():
        barrier.wait()
        try:
            new.append(make_due_reminders(at(29))["new"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(new) == 4
    assert sum(new) == 30
    assert Notice.objects.filter(kind__startswith="reminder").count() == 30


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_make_each_reminder_once():
    issue_in(build_cast(), "rectifying")
    environment = os.environ | {"TEST_DATABASE_URL": test_database_url()}
    command = [sys.executable, "manage.py", "remind", "--now", "2022-06-29T09:00"]
    running = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    words = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    new = [int(text.split("新增 ")[1].split(" ")[0]) for text in words]
    # Ten of the issue, sixteen of walks that four units owe by the next day.
    assert sum(new) == 26
    assert Notice.objects.filter(kind__startswith="reminder").count() == 26


@pytest.mark.runtime
def test_a_real_worker_makes_them_when_beats_message_comes(start_worker):
    issue_in(build_cast(), "rectifying")
    start_worker()
    task.delay()
    task.delay()
    wait_until(lambda: Notice.objects.filter(kind="reminder.overdue").count() == 6, seconds=60)
    assert Issue.objects.count() == 1
    assert Notice.objects.filter(kind__startswith="reminder").count() == 10
