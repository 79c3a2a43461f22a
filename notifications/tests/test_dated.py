"""The pure plan of dated reminders: 400 days of a virtual clock with outages, computed a second way."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.workdays import WorkCalendar
from notifications.domain.dated import (
    DatedDuty,
    ReminderMessage,
    ReminderStep,
    evening_of,
    morning_after,
    morning_before,
    morning_of,
    plan,
)
from tests.scale import scaled

ZONE = ZoneInfo("Asia/Shanghai")
START, DAYS = date(2022, 1, 1), 400
# 劳动节 2022 with its 调休: the Sunday before works, Saturday to Wednesday rest.
MAY = {date(2022, 4, 24): True} | {date(2022, 5, day): False for day in (2, 3, 4)} | {date(2022, 4, 30): False}
CALENDAR = WorkCalendar(MAY | {date(2022, 5, 1): False, date(2022, 5, 7): True}, frozenset({2022}))


def moment(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2022, month, day, hour, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("when", "due_on", "expected"),
    [
        (morning_before, date(2022, 6, 20), moment(6, 17)),
        (morning_before, date(2022, 5, 5), moment(4, 29)),
        (morning_after, date(2022, 6, 17), moment(6, 20)),
        (morning_after, date(2022, 4, 29), moment(5, 5)),
        (evening_of, date(2022, 6, 20), moment(6, 20, 17)),
        (evening_of, date(2022, 8, 20), moment(8, 19, 17)),
        (morning_of, date(2022, 5, 7), moment(5, 7)),
        (morning_of, date(2022, 5, 8), moment(5, 7)),
    ],
)
def test_reminders_come_on_working_days(when, due_on, expected):
    assert when(due_on, CALENDAR) == expected


def duty(due_on: date, known_since: date, number: int = 1) -> DatedDuty:
    messages = (ReminderMessage({1: "a"}, "请报送", "/x/"),)
    steps = (
        ReminderStep("eve", morning_before(due_on, CALENDAR), messages),
        ReminderStep("late", morning_after(due_on, CALENDAR), (*messages, ReminderMessage({2: "b"}, "请督促", "/y/"))),
    )
    return DatedDuty(f"pack:{number}", "pack", due_on, known_since, steps)


def test_each_reads_the_own_words_and_a_missed_one_is_merged():
    owed = duty(date(2022, 6, 20), date(2022, 6, 1))
    assert plan([owed], moment(6, 17, 8)) == []
    [eve] = plan([owed], moment(6, 17))
    assert (eve.kind, eve.dedupe_key, eve.superseded) == (
        "reminder.pack.eve",
        "reminder:pack:1:eve:2022-06-20:1",
        False,
    )
    found = [(one.kind[-4:], one.recipient_id, one.text, one.superseded) for one in plan([owed], moment(6, 21))]
    assert found == [(".eve", 1, "请报送", True), ("late", 1, "请报送", False), ("late", 2, "请督促", False)]
    assert {one.duty for one in plan([owed], moment(6, 21))} == {"pack:1"}


def test_a_step_before_the_date_was_set_is_not_made():
    owed = duty(date(2022, 6, 20), date(2022, 6, 20))
    assert {one.kind for one in plan([owed], moment(6, 21))} == {"reminder.pack.late"}


duties = st.lists(st.tuples(st.integers(20, 300), st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=4)
outages = st.lists(st.tuples(st.integers(0, DAYS), st.integers(1, 14)), max_size=8)


@settings(max_examples=scaled(40, 2000))
@given(duties, outages)
def test_whatever_the_outages_the_set_is_the_one_that_must_exist(drawn, down):
    """A duty falls due, is known some days before and done some days around its date."""
    off = {day + more for day, length in down for more in range(length)}
    ticks = [
        datetime.combine(START + timedelta(days=day), at, ZONE)
        for day in range(DAYS)
        if day not in off
        for at in (time(8, 55), time(9), time(17, 30))
    ]
    made, expected = {}, {}
    for number, (due, ahead, around) in enumerate(drawn):
        due_on = START + timedelta(days=due)
        done_on = due_on + timedelta(days=around - 30)
        one = duty(due_on, due_on - timedelta(days=ahead), number)
        seen = [tick for tick in ticks if tick.date() < done_on]
        # Every moment twice and once again after a clock that was put back.
        for moment_seen in (again for tick in seen for again in (tick, tick - timedelta(hours=2), tick)):
            for draft in plan([one], moment_seen):
                made.setdefault(draft.dedupe_key, draft.superseded)
        eve, late = due_on - timedelta(days=1), due_on + timedelta(days=1)
        while not CALENDAR.is_workday(eve):
            eve -= timedelta(days=1)
        while not CALENDAR.is_workday(late):
            late += timedelta(days=1)
        nine = {name: datetime.combine(day, time(9), ZONE) for name, day in (("eve", eve), ("late", late))}
        for name, people in (("eve", (1,)), ("late", (1, 2))):
            first = next((tick for tick in seen if tick >= nine[name]), None)
            if first and nine[name].date() >= one.known_since:
                merged = name == "eve" and first >= nine["late"]
                expected |= {f"reminder:pack:{number}:{name}:{due_on}:{person}": merged for person in people}
    assert made == expected
