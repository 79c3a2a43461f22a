"""措施进展, and what stands still because nobody has noted any."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from core.calendar import work_calendar
from core.exceptions import Refused
from core.workdays import late_days
from issues.domain import lifecycle
from issues.domain.measure_progress import MeasureNote
from issues.domain.stale import stale_q
from issues.models import Issue
from issues.tests.acting import send
from tests.cast import AUTUMN, NOON, issue_in

pytestmark = [pytest.mark.django_db, pytest.mark.clock(NOON, tick=True)]
DAYS = 15


def test_owner_date_and_progress_of_each_measure_are_noted_and_shown(client, cast):
    issue = issue_in(cast, "rectifying")
    measure = issue.measures.get()
    data = {f"owner_{measure.pk}": "王工", f"due_on_{measure.pk}": "2022-06-20", f"progress_{measure.pk}": "已起草"}
    assert send(client, cast.responsible, issue, "track_measures", **data).status_code == 302
    measure.refresh_from_db()
    assert (measure.owner, measure.due_on, measure.progress) == ("王工", date(2022, 6, 20), "已起草")
    assert measure.progress_on == NOON.date()
    assert issue.events.last().note == "1.已起草"
    page = client.get(reverse("issue", args=[issue.number])).text
    assert "王工" in page
    assert "2022-06-08：已起草" in page
    # The same again is no progress.
    assert send(client, cast.responsible, issue, "track_measures", **data).status_code == 400


def test_no_measure_ends_after_the_issue_is_due(cast):
    issue = issue_in(cast, "rectifying")
    measure = issue.measures.get()
    notes = {measure.pk: MeasureNote("", issue.due_on + timedelta(days=1), "")}
    with pytest.raises(Refused) as refused:
        lifecycle.perform(issue=issue, action="track_measures", actor=cast.responsible, data={"notes": notes}, now=NOON)
    assert set(refused.value.fields) == {f"due_on_{measure.pk}"}


def test_on_every_day_the_condition_counts_the_workdays_since_the_last_progress(cast):
    issue = issue_in(cast, "rectifying")
    calendar = work_calendar()
    for ahead in range(60):
        today = NOON.date() + timedelta(days=ahead)
        found = Issue.objects.filter(stale_q([cast.campaign.pk], today)).exists()
        assert found == ((late_days(issue.progressed_on, today, calendar) or 0) > DAYS), today
    assert found


def test_progress_ends_the_standstill_and_what_is_not_rectified_never_stands_still(cast):
    issue, waiting = issue_in(cast, "rectifying"), issue_in(cast, "planning")
    autumn = AUTUMN.date()
    still = Issue.objects.filter(stale_q([cast.campaign.pk], autumn))
    assert list(still) == [issue]
    lifecycle.perform(issue=issue, action="note_progress", actor=cast.responsible, data={"note": "已改"}, now=AUTUMN)
    assert not still.all().exists()
    Issue.objects.filter(pk=issue.pk).update(progressed_on=None)
    assert not still.all().exists(), "brought in, and nobody has worked on it since"
    assert waiting.progressed_on is None


def test_what_stands_still_is_a_filter_of_the_ledger(client, cast):
    issue, fresh = issue_in(cast, "rectifying"), issue_in(cast, "planning")
    with time_machine.travel(AUTUMN, tick=True):
        client.force_login(cast.office)
        page = client.get(reverse("issues") + "?stale=1").text
    assert issue.number in page
    assert fresh.number not in page
