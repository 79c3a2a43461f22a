"""Reminders of plans owed. W23's are due on Friday 2023-03-17, the fourth day of the campaign."""

from datetime import datetime

import pytest

from campaigns.models import Campaign, RosterEntry
from notifications.domain.notices import notices_visible_to, unread
from notifications.models import Notice
from plans.domain import lifecycle
from plans.domain.reminders import make_plan_reminders
from plans.tests.planning import FIRST_DAY, build_planning, row
from tests.cast import TZ

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.clock(FIRST_DAY)]


def on(day: int, hour: int = 9) -> datetime:
    return datetime(2023, 3, day, hour, tzinfo=TZ)


def told(step: str) -> dict[str, str]:
    rows = Notice.objects.filter(kind=f"reminder.{step}").order_by("id")
    return dict(rows.values_list("recipient__username", "text"))


@pytest.fixture
def cast():
    return build_planning()


def hand_in(cast):
    plan = lifecycle.open_plan(
        actor=cast.liaison, campaign=cast.planned, department_id=cast.unit.pk, period="all", now=on(16, 10)
    )
    lifecycle.save_rows(
        plan=plan,
        actor=cast.liaison,
        version=plan.version,
        rows=[row(cast, cast.bundles[0]), row(cast, cast.bundles[1])],
    )
    plan.refresh_from_db()
    return lifecycle.perform(plan=plan, action="submit", actor=cast.liaison, now=on(16, 11))


def test_the_unit_is_told_before_the_day_and_once_it_is_late_until_it_hands_in(cast):
    assert make_plan_reminders(on(16, 8))["new"] == 0
    make_plan_reminders(on(16))
    assert told("plan.eve")["liaison"] == "“一件事一次办行动”全程计划应于 2023-03-17 前报送，请填报"
    assert "principal" not in told("plan.eve")
    # A unit with nobody: the office reads whom to press.
    assert told("plan.eve")["office"].startswith("县政务服务局没有联络员和主要负责同志，")
    hand_in(cast)
    assert not unread(notices_visible_to(cast.liaison)).filter(kind="reminder.plan.eve").exists()
    make_plan_reminders(on(20))
    late = told("plan.late")
    assert late["second_liaison"] == "“一件事一次办行动”全程计划应于 2023-03-17 前报送，已逾期，请填报"
    assert not {"liaison", "principal"} & set(late)


def test_nobody_is_reminded_of_what_was_not_yet_known_nor_of_a_plan_without_a_day(cast):
    Campaign.objects.filter(pk=cast.planned.pk).update(issued_at=on(17))
    make_plan_reminders(on(17))
    assert told("plan.eve") == {}
    make_plan_reminders(on(20))
    assert "liaison" in told("plan.late")
    assert Notice.objects.exclude(duty__startswith=f"plan:{cast.planned.pk}:").count() == 0


def test_lead_and_office_read_on_the_evening_who_has_handed_in_nothing(cast):
    hand_in(cast)
    make_plan_reminders(on(17, 16))
    assert told("plans.missing") == {}
    make_plan_reminders(on(17, 17))
    assert set(told("plans.missing")) == {"receiving", "office", "office_second"}
    assert told("plans.missing")["receiving"].endswith("，4 个单位未报：县公安局、县司法局、县行政审批局、县政务服务局")
    assert make_plan_reminders(on(17, 18))["new"] == 0


@pytest.mark.parametrize("units", [1, 3])
def test_the_number_of_queries_does_not_follow_the_units(cast, units, django_assert_num_queries):
    kept = RosterEntry.objects.filter(campaign=cast.planned).values("pk")[:units]
    RosterEntry.objects.filter(campaign=cast.planned).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    with django_assert_num_queries(16):
        assert make_plan_reminders(on(20))["plans"] == units
