"""Mutation tests of reminders: as ``test_rights_mutations``."""

from dataclasses import replace
from datetime import date

import pytest

from core.calendar import official_calendar
from issues.domain.reminders import plan_reminders
from issues.tests.test_plan_reminders import ROW
from notifications.domain import dated
from notifications.models import Notice
from reports.domain.board.reminders import make_walk_reminders
from reports.tests.submitting import on
from tests.cast import NOON, covert_walk
from tests.faults.fault import Fault, FaultTests, rewritten
from walks.domain.reminders import make_result_reminders
from walks.models import Walk

pytestmark = pytest.mark.django_db


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
]


class TestReminderFaults(FaultTests):
    """Of the table above."""
