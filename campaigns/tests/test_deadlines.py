"""Due dates as they were shown: later at once, earlier never without the office."""

from datetime import date, timedelta

import pytest

from campaigns.domain import deadlines
from campaigns.domain.lifecycle import create_campaign
from campaigns.domain.work_calendar import load_year, remove_day, set_day, token_of_day
from campaigns.models import Deadline
from core.calendar import SpecialDay, official_calendar, special_days, work_calendar, write_days, year_is_loaded
from core.exceptions import IllegalTransition
from core.models import AuditEntry
from notifications.models import Notice
from tests.cast import NOON, build_cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LAST = max(official_calendar().known_years)
NEXT = LAST + 1
TODAY = date(LAST, 11, 20)
NOW = NOON.replace(year=LAST, month=11, day=20)


@pytest.fixture
def cast():
    found = build_cast()
    create_campaign(
        template="fushun-2016", code="FS", name="换位体验", region_name="青禾县", region=found.county,
        start=date(LAST, 7, 1), end=date(NEXT, 12, 31),
    )  # fmt: skip
    deadlines.refresh_all(today=TODAY, now=NOW)
    Notice.objects.all().delete()
    return found


def row(period=f"{LAST}Q4", kind="report"):
    return Deadline.objects.select_related("campaign").get(campaign__code="FS", kind=kind, period=period)


def dates(found):
    """What the page shows of an earlier date."""
    return found.due_on, found.proposed_on


def shown_day(day):
    return token_of_day(next(one for one in special_days(day.year) if one.date == day))


FORETOLD = [day for day, works in official_calendar().overrides.items() if day.year == NEXT and not works]


def whole_year(*, rests=(), works=(), named=FORETOLD):
    """A notice for the coming year: the days the package foretold, so that nothing but what the test adds moves."""
    days = [SpecialDay(day, False, "放假") for day in named]
    days += [SpecialDay(day, False, "放假") for day in rests] + [SpecialDay(day, True, "调休") for day in works]
    return days


def load(cast, **days):
    return load_year(year=NEXT, days=whole_year(**days), source="国办发明电〔2026〕7号", actor=cast.sysadmin, now=NOW)


def workdays_from_new_year(n, skipped=()):
    """The n-th Monday-to-Friday day of January but 元旦 and what else rests."""
    day, left = date(NEXT, 1, 1), n
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in skipped
    return day


def weekdays_of_january(count):
    return [workdays_from_new_year(n) for n in range(1, count + 1)]


def test_a_date_that_depends_on_an_unknown_year_is_provisional_until_the_year_is_loaded(cast):
    assert row().is_provisional
    shown = row().due_on
    load(cast)
    assert year_is_loaded(NEXT)
    assert (row().is_provisional, row().due_on) == (False, shown)
    assert not Deadline.objects.filter(campaign__code="FS", is_provisional=True, due_on__year=NEXT).exists()


def test_a_later_date_is_taken_over_at_once_and_the_first_one_stays_visible(cast):
    shown = row().due_on
    first_two = weekdays_of_january(2)
    change = load(cast, rests=first_two)
    after = row()
    assert after.due_on == workdays_from_new_year(5, skipped=first_two) > shown
    assert (after.first_due_on, after.proposed_on, after.is_provisional) == (shown, None, False)
    assert change.deadlines >= 1
    assert not Notice.objects.filter(kind="deadline.proposed").exists()


def earlier(cast):
    """Load a year whose first weekend works: the fifth working day comes sooner than was shown."""
    weekend = [day for day in (date(NEXT, 1, n) for n in range(2, 9)) if day.weekday() >= 5]
    load(cast, works=weekend)
    return row()


def test_an_earlier_date_waits_for_the_office_and_the_office_alone_is_told_once(cast):
    shown = row().due_on
    after = earlier(cast)
    assert after.due_on == shown
    assert after.proposed_on < shown
    told = Notice.objects.filter(kind="deadline.proposed")
    assert set(told.values_list("recipient__username", flat=True)) == {"office", "office_second"}
    assert str(after.proposed_on) in told[0].text
    deadlines.refresh_all(today=TODAY, now=NOW)
    assert told.count() == 2


def test_every_morning_leaves_the_waiting_date_waiting(cast):
    after = earlier(cast)
    for _ in range(3):
        assert deadlines.refresh_all(today=TODAY, now=NOW) == 0
    assert (row().due_on, row().proposed_on) == (after.due_on, after.proposed_on)


def test_approved_it_holds_and_the_first_date_stays_visible(cast):
    before = earlier(cast)
    deadlines.approve(deadline=before, actor=cast.office, seen=dates(before), today=TODAY)
    after = row()
    assert (after.due_on, after.proposed_on, after.first_due_on) == (before.proposed_on, None, before.due_on)
    assert AuditEntry.objects.filter(action="campaign.deadline_approved").count() == 1
    assert deadlines.refresh_all(today=TODAY, now=NOW) == 0
    with pytest.raises(IllegalTransition, match=r"已由测试office于 .+，现处于“已批准提前”，不能批准提前"):
        deadlines.approve(deadline=after, actor=cast.office, seen=dates(before), today=TODAY)


def test_kept_it_is_not_proposed_again_until_the_calendar_gives_another_date(cast):
    before = earlier(cast)
    deadlines.keep(deadline=before, actor=cast.office, seen=dates(before))
    deadlines.refresh_all(today=TODAY, now=NOW)
    assert (row().due_on, row().proposed_on, row().kept_on) == (before.due_on, None, before.proposed_on)
    another = next(day for day in weekdays_of_january(3) if day < before.proposed_on)
    set_day(day=another, is_workday=False, name="停工", source="通知", actor=cast.sysadmin, now=NOW)
    assert row().proposed_on not in (None, before.proposed_on) or row().due_on > before.proposed_on


def test_a_proposal_that_the_calendar_no_longer_gives_is_dropped(cast):
    shown = row().due_on
    proposed = earlier(cast).proposed_on
    for day in (date(NEXT, 1, n) for n in range(2, 9)):
        if day.weekday() >= 5:
            remove_day(day=day, actor=cast.sysadmin, seen=shown_day(day), now=NOW)
    assert proposed is not None
    assert (row().due_on, row().proposed_on) == (shown, None)


def test_a_proposal_that_returns_to_the_date_once_dropped_does_not_linger(cast):
    kept = earlier(cast).proposed_on
    deadlines.keep(deadline=row(), actor=cast.office, seen=dates(row()))
    Deadline.objects.filter(pk=row().pk).update(proposed_on=kept - timedelta(days=1))
    deadlines.refresh_all(today=TODAY, now=NOW)
    assert row().proposed_on is None


def test_nobody_becomes_late_by_an_approval(cast):
    before = earlier(cast)
    after_it = before.proposed_on + timedelta(days=1)
    with pytest.raises(IllegalTransition, match="随即逾期"):
        deadlines.approve(deadline=before, actor=cast.office, seen=dates(before), today=after_it)
    assert row().due_on == before.due_on
    deadlines.approve(deadline=before, actor=cast.office, seen=dates(before), today=before.proposed_on)
    assert row().due_on == before.proposed_on


def test_a_date_that_has_passed_never_moves(cast):
    shown = row().due_on
    write_days(whole_year(rests=weekdays_of_january(4)))
    deadlines.refresh_all(today=shown + timedelta(days=1), now=NOW)
    assert row().due_on == shown


def test_a_missing_row_is_made_a_year_ahead_and_a_second_run_changes_nothing(cast):
    gone = row()
    gone.delete()
    assert deadlines.refresh_all(today=TODAY, now=NOW) == 1
    assert row().due_on == gone.due_on
    assert deadlines.refresh_all(today=TODAY, now=NOW) == 0


def test_a_closed_campaign_is_left_alone(cast):
    shown = row()
    type(shown.campaign).objects.filter(code="FS").update(state="summarised")
    write_days(whole_year(rests=weekdays_of_january(4)))
    deadlines.refresh_all(today=TODAY, now=NOW)
    assert row().due_on == shown.due_on


def test_what_the_package_foretold_gives_way_to_the_years_own_notice(cast):
    bridge = next(day for day in FORETOLD if day.weekday() < 5 and day.month in (2, 5))
    assert not work_calendar().is_workday(bridge)
    load(cast, named=[date(NEXT, 1, 1), date(NEXT, 10, 1)])
    assert AuditEntry.objects.get(action="calendar.year_loaded").detail["rows"] == 2
    assert work_calendar().is_workday(bridge)
