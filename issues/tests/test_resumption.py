"""长期挂账 and 转上级: the clock stands still in working days, and a deferred issue comes back by itself."""

from datetime import date, datetime, timedelta

import pytest

from core.exceptions import Refused
from issues import tasks
from issues.domain import lifecycle, resumption
from issues.models import Issue, IssueEvent
from notifications.models import Notice
from tests.cast import NOON, TZ, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_it_comes_back_on_its_review_date_with_the_working_days_added_once(cast, clock):
    issue = issue_in(cast, "deferred")  # on 8 June, due 28 June, to be reviewed on 20 July
    day, came_back = NOON.replace(hour=0, minute=10), []
    while day.date() <= date(2022, 7, 25):  # the beat looks twice a day
        for hour in (0, 15):
            clock.move_to(day.replace(hour=hour))
            came_back += [day.date()] * resumption.resume_due(day.replace(hour=hour))
        day += timedelta(days=1)
    assert came_back == [date(2022, 7, 20)]
    issue.refresh_from_db()
    # From 8 June to 20 July 30 working days: 16 in June, 14 in July.
    assert (issue.state, issue.due_on, issue.first_due_on) == ("rectifying", date(2022, 8, 9), date(2022, 6, 28))
    assert (issue.review_on, issue.clock_stopped_on, issue.due_set_on) == (None, None, date(2022, 7, 20))
    event = IssueEvent.objects.get(issue=issue, kind="resume")
    assert (event.actor, event.due_on, event.data) == (
        None,
        issue.due_on,
        {"due_on": "2022-08-09", "due_before": "2022-06-28"},
    )
    assert Notice.objects.filter(kind="issue.resume", recipient=cast.responsible).count() == 1


def test_a_system_that_was_off_adds_no_more_than_the_days_until_the_review(cast, clock):
    issue = issue_in(cast, "deferred")
    clock.move_to(datetime(2022, 8, 15, 9, 0, tzinfo=TZ))
    tasks.resume_deferred()
    issue.refresh_from_db()
    assert (issue.state, issue.due_on) == ("rectifying", date(2022, 8, 9))


def test_passing_up_stops_the_clock_in_the_same_way(cast):
    issue = issue_in(cast, "referred")
    lifecycle.perform(issue=issue, action="resume", actor=cast.office, now=NOON + timedelta(days=12))
    # 8 working days until 20 June; the end of 28 June + 8 is 8 July.
    assert (issue.due_on, issue.first_due_on) == (date(2022, 7, 8), date(2022, 6, 28))


def test_the_office_brings_it_back_earlier_and_reads_the_new_date_before(client, cast, clock):
    issue = issue_in(cast, "deferred")
    clock.move_to(NOON + timedelta(days=2))
    client.force_login(cast.office)
    page = client.get(f"/issues/{issue.number}/resume/")
    assert "由 2022-06-28 改为 2022-06-30，首次时限仍然显示" in page.text


def test_one_issue_that_cannot_be_resumed_keeps_no_other_from_it(cast, clock, caplog):
    bad, good = issue_in(cast, "deferred"), issue_in(cast, "deferred")
    Issue.objects.filter(pk=bad.pk).update(due_on=None, first_due_on=None, review_on=date(2022, 7, 19))
    when = datetime(2022, 7, 25, 9, 0, tzinfo=TZ)
    clock.move_to(when)
    assert resumption.resume_due(when) == 1
    states = dict(Issue.objects.values_list("pk", "state"))
    assert states == {bad.pk: "deferred", good.pk: "rectifying"}
    assert f"issue {bad.pk} not resumed" in caplog.text


def test_what_was_rectified_on_the_spot_and_is_returned_is_given_a_date(client, cast):
    issue = issue_in(cast, "registered")
    done = {"measures": "改", "done_on": NOON.date(), "result": "好"}
    lifecycle.perform(issue=issue, action="fix_on_spot", actor=cast.liaison, data=done, now=NOON)
    client.force_login(cast.lead)
    assert "due_on" in client.get(f"/issues/{issue.number}/return_closing/").context["form"].fields
    with pytest.raises(Refused) as refused:
        lifecycle.perform(issue=issue, action="return_closing", actor=cast.lead, data={"note": "未改好"}, now=NOON)
    assert list(refused.value.fields) == ["due_on"]
    given = {"note": "未改好", "due_on": date(2022, 6, 28)}
    lifecycle.perform(issue=issue, action="return_closing", actor=cast.lead, data=given, now=NOON)
    assert (issue.state, issue.due_on, issue.first_due_on) == ("rectifying", date(2022, 6, 28), date(2022, 6, 28))
