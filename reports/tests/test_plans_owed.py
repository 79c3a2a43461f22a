"""Who owes a plan: the board, the list of plans and 等我办 give one answer, whatever became of a unit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Department
from campaigns.domain.rulebook.rulebook import Due, Rulebook
from campaigns.enums import DueWay, HotlineState
from campaigns.models import Campaign, HotlineMonth, HotlineRow, RosterEntry, RuleVersion
from plans.domain.progress import MISSING
from plans.models import Plan
from plans.tests.planning import FIRST_DAY, build_planning
from tests.cast import TZ
from tests.scale import sample_of, scaled

pytestmark = [pytest.mark.django_db, pytest.mark.clock(FIRST_DAY)]
LONG_AGO = date(2000, 1, 1)


def left(day: date) -> Callable:
    return lambda entry: entry.update(left_on=day)


def joined(day: date) -> Callable:
    return lambda entry: entry.update(joined_on=day)


def away(first: date, back: date) -> Callable:
    return lambda entry: entry.update(away=[[first.isoformat(), back.isoformat()]])


def abolished(day: date | None) -> Callable:
    return lambda entry: Department.objects.filter(pk__in=entry.values("department")).update(
        is_active=False, abolished_on=day
    )


def on_no_list(entry) -> None:
    Department.objects.filter(pk__in=entry.values("department")).update(is_approval=False, kind="other")
    Department.objects.get(pk__in=entry.values("department")).items.filter(kind="bundle").update(is_active=False)


def histories(due_on: date, end: date) -> dict[str, Callable]:
    """What may have become of a unit around the day its plan is due and the day its walks are."""
    one = timedelta(days=1)
    return {
        "always": lambda entry: None,
        "joined on the day": joined(due_on),
        "joined after it": joined(due_on + one),
        "joined much later": joined(due_on + 15 * one),
        "left on the day": left(due_on),
        "left after it": left(due_on + one),
        "left long ago": left(LONG_AGO),
        "away that day": away(due_on, due_on + one),
        "away before": away(due_on - one, due_on),
        "away at the end": away(end - one, end + one),
        "abolished": abolished(None),
        "abolished on the day": abolished(due_on),
        "abolished at the end": abolished(end),
        "on no list": on_no_list,
    }


def build(template: str, start: date, end: date, due_on: date, changes: Callable[[Rulebook], Rulebook]):
    """A campaign with one unit for each history; the office reads it, and one person is liaison of every unit."""
    cast = build_planning(template, start=start, end=end)
    version = RuleVersion.objects.get(campaign=cast.planned)
    RuleVersion.objects.create(
        campaign=cast.planned, number=2, data=changes(Rulebook.from_data(version.data)).as_data(),
        effective_on=start, issued_at=timezone.now(),
    )  # fmt: skip
    RosterEntry.objects.filter(campaign=cast.planned).delete()
    for order, (name, befall) in enumerate(histories(due_on, end).items(), start=1):
        unit = Department.objects.create(region=cast.county, name=name, order=order, is_approval=True)
        unit.items.create(name=f"{name}一件事", kind="bundle", order=1)
        RosterEntry.objects.create(campaign=cast.planned, department=unit, order=order)
        cast.liaison.memberships.create(department=unit, role=Role.LIAISON)
        befall(RosterEntry.objects.filter(campaign=cast.planned, department=unit))
    return cast


def asking(rules: Rulebook) -> Rulebook:
    """L22 with a plan a month, filed by the fifth."""
    due = Due(DueWay.MONTH_DAY, n=5)
    return replace(rules, planning=replace(rules.planning, required=True, filed=True, due=due))


def kept(rules: Rulebook) -> Rulebook:
    """W23 with plans the units keep."""
    return replace(rules, planning=replace(rules.planning, filed=False))


W23 = ("wushen-2023", date(2023, 3, 14), date(2023, 4, 15), date(2023, 3, 17))
L22 = ("lantian-2022", date(2023, 2, 25), date(2023, 12, 31), date(2023, 4, 5))


def on_the_board(client, cast, day: date) -> dict[str, str]:
    """{unit: its lateness in words} of the units the board says handed in nothing."""
    client.force_login(cast.office)
    code = "all" if cast.planned.template == "wushen-2023" else f"{day:%Y-%m}"
    lines = client.get("/campaigns/W23/board/", {"period": code}).context["board"].lines
    plans = {line.unit.name: line.plan for line in lines if line.plan and line.plan.state == MISSING}
    return {name: plan.words.removeprefix("未报").removeprefix("，") for name, plan in plans.items()}


def on_the_list(client, cast) -> dict[str, str]:
    client.force_login(cast.office)
    missing = client.get("/plans/", {"tab": "missing", "campaign": cast.planned.pk}).context["missing"]
    return {unit["department"]: unit["late"] for unit in missing}


def to_begin(client, cast, day: date) -> set[str]:
    """Units that 等我办 of their liaison asks for a plan of the period that runs."""
    client.force_login(cast.liaison)
    period = "all" if cast.planned.template == "wushen-2023" else f"{day:%Y-%m}"
    found = [duty for duty, _ in client.get("/plans/", {"tab": "own"}).context["duties"] if duty.is_owed]
    return {duty.department for duty in found if (duty.campaign.code, duty.period) == ("W23", period)}


def gone(name: str, day: date) -> bool:
    """Whether a unit can begin nothing any more on that day."""
    entry = RosterEntry.objects.select_related("department").get(campaign__code="W23", department__name=name)
    return entry.left_on is not None or not entry.department.is_active


# From the day plans are due.
DAYS = (-3, 0, 1, 2, 14, 15, 16, 25)


@pytest.mark.parametrize(("place", "changes"), [(W23, lambda rules: rules), (L22, asking), (W23, kept)])
def test_board_list_and_inbox_name_the_same_units_on_every_day(client, clock, subtests, place, changes):
    *_, due_on = place
    cast = build(*place, changes)
    asked = changes is not kept
    for offset in sample_of(DAYS, scaled(4, len(DAYS)), of="days of plans"):
        day = due_on + timedelta(days=offset)
        clock.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=TZ))
        with subtests.test(str(day)):
            board = on_the_board(client, cast, day)
            assert ("always" in board) is asked
            assert on_the_list(client, cast) == board
            assert to_begin(client, cast, day) == {name for name in board if not gone(name, day)}


def test_a_unit_that_joined_after_the_day_owes_no_plan_anywhere(client, clock):
    cast = build_planning()
    RosterEntry.objects.filter(department=cast.unit).update(joined_on=date(2023, 4, 1))
    clock.move_to(datetime(2023, 4, 3, 9, tzinfo=TZ))
    assert cast.unit.name not in on_the_board(client, cast, date(2023, 4, 3))
    assert cast.unit.name not in on_the_list(client, cast)
    assert cast.unit.name not in to_begin(client, cast, date(2023, 4, 3))
    client.force_login(cast.liaison)
    assert "本单位本期不须报计划，可自行安排" in client.get("/plans/", {"tab": "own"}).text


def test_a_plan_that_was_not_owed_is_never_late(client, clock):
    cast = build_planning()
    RosterEntry.objects.filter(department=cast.unit).update(joined_on=date(2023, 4, 1))
    clock.move_to(datetime(2023, 4, 3, 9, tzinfo=TZ))
    from_list = f"{cast.planned.pk}-{cast.unit.pk}-all"
    client.force_login(cast.liaison)
    client.post("/plans/start/", {"place": from_list, "idempotency_key": "a" * 32})
    assert Plan.objects.get(campaign=cast.planned).due_on is None


def test_a_period_that_holds_too_little_of_the_campaign_owes_no_plan(client, clock):
    cast = build(*L22, asking)
    clock.move_to(datetime(2023, 2, 27, 9, tzinfo=TZ))
    assert on_the_list(client, cast) == {}
    assert to_begin(client, cast, date(2023, 2, 27)) == set()
    # The board's first batch, cut off on 20 March, is that of the walks of March.
    assert "always" in on_the_board(client, cast, date(2023, 3, 1))


def test_a_unit_on_the_hotline_list_of_the_month_owes_the_plan_of_that_month(client, clock):
    cast = build(*L22, asking)
    unit = Department.objects.get(name="on no list")
    month = HotlineMonth.objects.create(campaign=cast.planned, month="2023-03", duty_month="2023-04")
    HotlineRow.objects.create(month=month, department=unit, tickets=3, is_listed=True)
    HotlineMonth.objects.filter(pk=month.pk).update(state=HotlineState.ISSUED)
    for day, owes in ((date(2023, 4, 3), True), (date(2023, 5, 3), False)):
        clock.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=TZ))
        assert ("on no list" in on_the_board(client, cast, day)) is owes
        assert ("on no list" in on_the_list(client, cast)) is owes


def test_rules_that_hold_from_a_later_day_ask_for_nothing_before(client, clock):
    cast = build(*W23, lambda rules: rules)
    version = RuleVersion.objects.get(campaign=cast.planned, number=2)
    later = kept(Rulebook.from_data(version.data)).as_data()
    day = date(2023, 4, 10)
    RuleVersion.objects.create(
        campaign=cast.planned, number=3, data=later, effective_on=day, issued_at=timezone.now()
    )  # fmt: skip
    for today, owed in ((date(2023, 4, 3), True), (day, False)):
        clock.move_to(datetime(today.year, today.month, today.day, 9, tzinfo=TZ))
        assert bool(on_the_board(client, cast, today)) is owed
        assert on_the_list(client, cast) == on_the_board(client, cast, today)


def test_a_lead_sees_as_missing_the_units_whose_own_activities_it_receives(client, clock):
    cast = build(*L22, asking)
    unit = Department.objects.get(name="on no list")
    Department.objects.filter(pk=unit.pk).update(is_enforcement=True)
    clock.move_to(datetime(2023, 4, 3, 9, tzinfo=TZ))
    Campaign.objects.get(pk=cast.planned.pk).receivers.filter(activity_kind="enforcement_ride_along").update(
        department=cast.service
    )
    seen = {}
    for persona in ("receiving", "lead"):
        client.force_login(cast.people[persona])
        missing = client.get("/plans/", {"tab": "missing", "campaign": cast.planned.pk}).context["missing"]
        seen[persona] = {one["department"] for one in missing}
    assert seen["receiving"] == {"on no list"}
    assert "always" in seen["lead"]
    assert "on no list" not in seen["lead"]
