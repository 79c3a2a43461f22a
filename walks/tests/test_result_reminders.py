"""Reminders of promised results: a walk of Wednesday 2022-06-08 with three working days promised is due on Monday."""

import pytest

from notifications.models import Notice
from tests.cast import NOON, TZ, open_walk
from walks.domain import lifecycle
from walks.domain.reminders import make_result_reminders
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON)]
DUE = NOON.astimezone(TZ).replace(day=13, hour=9)


def told(step: str) -> set[str]:
    rows = Notice.objects.filter(kind=f"reminder.result.{step}", closed_at=None)
    return set(rows.values_list("recipient__username", flat=True))


def waiting_walk(cast, **facts):
    walk = open_walk(cast)
    Walk.objects.filter(pk=walk.pk).update(promised_days=3, **facts)
    lifecycle.set_waiting(walk=walk, waiting=True, actor=cast.principal, now=NOON)
    return walk


def test_walker_and_liaison_are_told_on_the_day_and_after_it_until_the_result_is_there(cast):
    walk = waiting_walk(cast)
    assert make_result_reminders(DUE.replace(day=10))["new"] == 0
    make_result_reminders(DUE)
    assert told("due") == {"principal", "liaison"}
    text = Notice.objects.filter(kind="reminder.result.due").values_list("text", flat=True)[0]
    assert text == "《结婚登记》承诺 3 个工作日办结，应于 2022-06-13 前出结果，请核实并登记结果"
    make_result_reminders(DUE.replace(day=14))
    assert told("late") == {"principal", "liaison"}
    lifecycle.set_waiting(walk=walk, waiting=False, actor=cast.principal, now=DUE)
    make_result_reminders(DUE.replace(day=14, hour=10))
    assert told("due") == told("late") == set()


def test_a_walk_for_which_nothing_is_promised_reminds_nobody(cast):
    waiting_walk(cast)
    Walk.objects.update(promised_days=None)
    assert make_result_reminders(DUE)["results"] == 0


def test_a_covert_walk_is_in_no_message_before_it_is_reported(cast):
    waiting_walk(cast, is_covert=True)
    assert make_result_reminders(DUE) == {"results": 0, "reminders": 0, "new": 0}


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_follow_the_walks(cast, count, django_assert_num_queries):
    for _ in range(count):
        waiting_walk(cast)
    with django_assert_num_queries(10):
        assert make_result_reminders(DUE)["results"] == count
