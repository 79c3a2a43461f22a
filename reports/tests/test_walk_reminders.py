"""Reminders of walks owed. L22's principals walk once a month; June 2022 ends on a Thursday, July on a Sunday."""

from datetime import date

import pytest

from accounts.models import Department
from campaigns.models import HotlineMonth, HotlineRow, RosterEntry
from notifications.models import Notice
from reports.domain.board.reminders import make_walk_reminders
from reports.tests.submitting import on
from tests.cast import NOON, covert_walk, open_walk
from walks.models import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.clock(NOON)]


def told(step: str) -> dict[str, str]:
    rows = Notice.objects.filter(kind=f"reminder.{step}", closed_at=None).order_by("id")
    return dict(rows.values_list("recipient__username", "text"))


def test_a_unit_is_told_a_week_before_the_last_day_and_on_the_eve_until_it_has_walked(cast):
    assert make_walk_reminders(on(22))["new"] == 0
    make_walk_reminders(on(23, 9))
    assert told("walk.week")["principal"] == (
        "“青禾县‘一把手走流程’”2022年6月主要负责同志至少体验 1 次，已体验 0 次，还差 1 次，请于 2022-06-30 前完成"
    )
    Walk.objects.filter(pk=open_walk(cast).pk).update(conforms=True, shortfall="")
    make_walk_reminders(on(29, 9))
    assert "principal" not in told("walk.week") | told("walk.eve")
    assert "second_liaison" in told("walk.eve")
    # Who lacks walks, by name in fixed order; the period that has ended is a matter of the pack.
    assert told("walks.missing")["office"].endswith("3 个单位未完成：县公安局、县司法局、县行政审批局")
    make_walk_reminders(on(1, 9, month=7))
    assert told("walk.eve") == told("walks.missing") == {}


def test_a_unit_that_owes_two_kinds_is_told_of_the_one_it_lacks_and_the_office_of_a_unit_with_nobody(cast):
    """A unit on the hotline's list walks once more, as 处投诉."""
    month = HotlineMonth.objects.create(
        campaign=cast.campaign, month="2022-05", duty_month="2022-06", made_by=cast.lead_unit
    )
    HotlineRow.objects.create(month=month, department=cast.unit, tickets=9, is_listed=True)
    HotlineMonth.objects.update(state="issued")
    make_walk_reminders(on(23, 9))
    week = Notice.objects.filter(kind="reminder.walk.week", closed_at=None)
    assert week.filter(recipient=cast.principal).count() == 2
    told_office = week.filter(recipient=cast.office).order_by("id")[0].text
    assert told_office.startswith("县司法局没有联络员和主要负责同志，请与该单位联系。")
    Walk.objects.filter(pk=open_walk(cast).pk).update(conforms=True, shortfall="")
    make_walk_reminders(on(24, 9))
    [left] = week.filter(recipient=cast.principal)
    assert "主要负责同志至少体验“处投诉” 1 次，已体验 0 次" in left.text
    complaint = open_walk(cast)
    Walk.objects.filter(pk=complaint.pk).update(conforms=True, shortfall="", activity_kind="complaint_handling")
    make_walk_reminders(on(24, 10))
    assert not week.filter(recipient=cast.principal).exists()


def test_what_would_come_on_a_rest_day_comes_before_it(cast):
    make_walk_reminders(on(22, 9, month=7))
    assert "principal" in told("walk.week")
    make_walk_reminders(on(29, 9, month=7))
    assert "principal" in told("walk.eve")


def test_a_covert_walk_changes_nothing_before_it_is_reported(cast):
    make_walk_reminders(on(23, 9))
    before = told("walk.week")
    covert_walk(cast)
    Walk.objects.filter(is_covert=True).update(state="in_progress", conforms=True, shortfall="")
    Notice.objects.all().delete()
    make_walk_reminders(on(23, 9))
    assert told("walk.week") == before


def test_what_a_unit_that_ended_walked_counts_for_the_one_in_its_place(cast):
    day, new = date(2022, 6, 10), Department.objects.get(name="县司法局", region=cast.county)
    ended = {"is_active": False, "abolished_on": day, "abolished_by": "县委文", "succeeded_by": new}
    Department.objects.filter(pk=cast.second_unit.pk).update(**ended)
    entries = RosterEntry.objects.filter(campaign=cast.campaign)
    entries.filter(department=cast.second_unit).update(left_on=day)
    entries.filter(department=new).update(joined_on=day)
    make_walk_reminders(on(29, 9))
    assert told("walks.missing")["office"].endswith("3 个单位未完成：县民政局、县司法局、县行政审批局")
    walk = open_walk(cast)
    Walk.objects.filter(pk=walk.pk).update(department=cast.second_unit, conforms=True, shortfall="")
    Notice.objects.all().delete()
    make_walk_reminders(on(29, 9))
    assert told("walks.missing")["office"].endswith("2 个单位未完成：县民政局、县行政审批局")


@pytest.mark.parametrize("units", [1, 3])
def test_the_number_of_queries_does_not_follow_the_units(cast, units, django_assert_num_queries):
    entries = RosterEntry.objects.filter(campaign=cast.campaign)
    entries.exclude(pk__in=list(entries.values_list("pk", flat=True)[:units])).delete()
    with django_assert_num_queries(17):
        assert make_walk_reminders(on(29))["walks"] == units
