"""Reminders of review dates: the deferred issue of the cast is reviewed on Wednesday 2022-07-20."""

from datetime import datetime

import pytest

from issues.domain import lifecycle
from issues.domain.review_reminders import make_review_reminders
from issues.models import Issue
from notifications.models import Notice
from tests.cast import NOON, TZ, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.clock(NOON)]


def on(day: int, hour: int = 9) -> datetime:
    return datetime(2022, 7, day, hour, tzinfo=TZ)


def told(step: str) -> dict[str, str]:
    rows = Notice.objects.filter(kind=f"reminder.review.{step}", closed_at=None)
    return dict(rows.values_list("recipient__username", "text"))


def test_unit_and_office_are_told_a_week_before_and_on_the_eve_each_in_own_words(cast):
    issue = issue_in(cast, "deferred")
    assert make_review_reminders(on(13, 8))["new"] == 0
    make_review_reminders(on(13))
    what = f"{issue.number} 长期挂账，2022-07-20 复核，当日自动恢复整改"
    assert told("week") == {
        "liaison": f"{what}，请提前准备：{issue.description}",
        **dict.fromkeys(("office", "office_second"), f"县民政局办理的 {what}，请提前了解：{issue.description}"),
    }
    make_review_reminders(on(19))
    assert set(told("eve")) == {"liaison", "office", "office_second"}
    lifecycle.perform(issue=issue, action="resume", actor=cast.office, data={"note": "提前恢复"}, now=on(19, 10))
    make_review_reminders(on(19, 11))
    assert told("week") == told("eve") == {}


def test_a_date_set_within_the_week_before_it_reminds_on_its_eve_alone(cast):
    Issue.objects.filter(pk=issue_in(cast, "deferred").pk).update(clock_stopped_on=on(14).date())
    assert make_review_reminders(on(14))["reminders"] == 0
    make_review_reminders(on(19))
    assert (told("week"), set(told("eve"))) == ({}, {"liaison", "office", "office_second"})


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_follow_the_issues(cast, count, django_assert_num_queries):
    for _ in range(count):
        issue_in(cast, "deferred")
    with django_assert_num_queries(10):
        assert make_review_reminders(on(13))["reviews"] == count
