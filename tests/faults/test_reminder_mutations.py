"""Mutation tests of reminders: as ``test_rights_mutations``."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from core import jobs
from core.calendar import official_calendar
from core.models import Job
from core.periods import period_of
from issues.domain import lifecycle
from issues.domain.reminder_delivery import make_due_reminders
from issues.domain.reminders import plan_reminders
from issues.tests.test_plan_reminders import ROW
from notifications.domain import dated
from notifications.models import Notice
from reports.domain import publication_reminders
from reports.domain.board.reminders import make_walk_reminders
from reports.domain.publication_reminders import Out
from reports.tests.submitting import on
from tests.cast import NOON, covert_walk, issue_in
from tests.faults.fault import Fault, FaultTests, replaced, rewritten
from walks.domain.reminders import make_result_reminders
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.clock]


def an_issue_reminds_on_no_rest_day(cast):
    # Due on a Sunday: nothing new on the Saturday before it or on the day itself.
    row, calendar = replace(ROW, due_on=date(2022, 6, 19), due_set_on=None), official_calendar()
    friday, sunday = (plan_reminders([row], date(2022, 6, day), calendar) for day in (17, 19))
    assert friday == sunday


def a_covert_walk_reminds_of_no_result(cast):
    walk = covert_walk(cast)
    Walk.objects.filter(pk=walk.pk).update(state="in_progress", is_waiting=True, promised_days=1)
    assert make_result_reminders(on(30))["results"] == 0


def a_covert_walk_counts_for_no_reminder_of_walks(cast):
    covert_walk(cast)
    Walk.objects.filter(is_covert=True).update(state="in_progress", conforms=True, shortfall="")
    make_walk_reminders(on(29))
    assert Notice.objects.filter(recipient=cast.principal, kind="reminder.walk.eve").exists()


def the_office_reads_of_a_unit_with_nobody(cast):
    people = dated.UnitPeople(liaisons={}, principals={}, office={1: "a"})
    steps = dated.unit_steps(NOON.date(), official_calendar(), people, ask=str, tell=str, link="/")
    assert [dict(message.people) for step in steps for message in step.messages] == [{1: "a"}] * 2


def an_issue_asked_to_be_struck_off_reminds_nobody(cast):
    issue = issue_in(cast, "rectifying")
    make_due_reminders(on(25))
    lifecycle.perform(
        issue=issue, action="request_closing", actor=cast.responsible, data={"result": "已办"}, now=on(27)
    )
    assert not Notice.objects.filter(kind="reminder.T-3", closed_at=None).exists()


def a_clock_that_ran_ahead_closes_nothing_for_good(cast):
    make_walk_reminders(on(29))
    Notice.objects.update(closed_at=on(30, 20))
    make_walk_reminders(on(29, 11))
    assert Notice.objects.filter(kind="reminder.walk.eve", closed_at=None).exists()


def a_job_of_a_clock_that_ran_ahead_is_taken_up(cast):
    facts = {"kind": "k", "label": "导出", "state": "running", "attempts": 1}
    job = Job.objects.create(**facts, lease_until=timezone.now() + timedelta(days=2))
    assert jobs.claim(job.pk)


def a_publication_struck_out_counts_no_more(cast):
    out = [Out(NOON.date(), "2022-05", is_struck=True)]
    assert publication_reminders.publications_in(out, period_of(NOON.date(), "month")) == 0


FAULTS = [
    Fault(
        an_issue_reminds_on_no_rest_day,
        rewritten(
            "issues.domain.reminders._trigger",
            "calendar.previous_workday(due_on - timedelta(days=step))",
            "due_on - timedelta(days=step)",
        ),
    ),
    Fault(a_covert_walk_reminds_of_no_result, rewritten("walks.domain.reminders._waiting", "not_hidden(), ", "")),
    Fault(
        a_covert_walk_counts_for_no_reminder_of_walks,
        rewritten("reports.domain.board.counts._walks", "not_hidden(), ", ""),
    ),
    Fault(
        the_office_reads_of_a_unit_with_nobody,
        rewritten("notifications.domain.dated.unit_steps", "not asked and ", "False and "),
    ),
    Fault(
        an_issue_asked_to_be_struck_off_reminds_nobody,
        replaced("issues.domain.lifecycle.close_reminders_of", lambda issue, now: 0),
    ),
    Fault(
        a_clock_that_ran_ahead_closes_nothing_for_good,
        rewritten("notifications.domain.notices._insert_missing", "closed_at and closed_at > present", "False"),
    ),
    Fault(
        a_job_of_a_clock_that_ran_ahead_is_taken_up,
        rewritten("core.jobs._lease_is_over", " | Q(lease_until__gt=now + LEASE)"),
    ),
    Fault(
        a_publication_struck_out_counts_no_more,
        rewritten("reports.domain.publication_reminders.publications_in", " and not one.is_struck", ""),
    ),
]


class TestReminderFaults(FaultTests):
    """Of the table above."""
