"""The plan of reminders as a table: rows and a day in, the set that must exist out."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.calendar import official_calendar
from issues.domain.reminders import IssueRow, last_due_on, plan_reminders, reminder_day

CALENDAR = official_calendar()
# A Wednesday; three days before it is a Sunday.
DUE = date(2022, 6, 22)
ROW = IssueRow(
    issue_id=7,
    number="QH2022-00007",
    description="窗口未一次性告知",
    state="rectifying",
    due_on=DUE,
    due_set_on=date(2022, 6, 8),
    requested_on=None,
    recipients=(2, 1),
    superiors=(9, 1),
    rights={1: "a", 2: "b", 9: "c"},
)


def kinds(row: IssueRow, today: date, days=(3, 0)) -> dict[str, bool]:
    """{kind: whether it is merged}, for the first recipient."""
    return {r.kind: r.superseded for r in plan_reminders([row], today, CALENDAR, days) if r.recipient_id == 1}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (16, {}),
        (17, {"T-3": False}),
        (21, {"T-3": False}),
        (22, {"T-3": True, "T-0": False}),
        (23, {"T-3": True, "T-0": True, "overdue": False}),
        (30, {"T-3": True, "T-0": True, "overdue": False}),
    ],
)
def test_each_kind_comes_on_its_day_and_the_latest_covers_the_earlier_ones(day, expected):
    assert kinds(ROW, date(2022, 6, day)) == expected


@pytest.mark.parametrize(
    ("set_on", "expected"),
    [
        (date(2022, 6, 17), {"T-3", "T-0", "overdue"}),
        (date(2022, 6, 18), {"T-0", "overdue"}),
        (date(2022, 6, 22), {"T-0", "overdue"}),
        (date(2022, 6, 23), {"overdue"}),
        (date(2022, 6, 24), set()),
        (None, {"T-3", "T-0", "overdue"}),
    ],
)
def test_a_kind_whose_day_came_before_the_date_was_set_is_not_made(set_on, expected):
    assert set(kinds(replace(ROW, due_set_on=set_on), date(2022, 7, 1))) == expected


@pytest.mark.parametrize(
    ("state", "requested_on", "runs"),
    [
        ("assigned", None, True),
        ("planning", None, True),
        ("rectifying", None, True),
        ("deferred", None, False),
        ("referred", None, False),
        ("closing", date(2022, 6, 22), False),
        ("closing", date(2022, 6, 23), True),
        ("closed", date(2022, 6, 22), False),
        ("verified", date(2022, 6, 22), False),
        ("merged", None, False),
        ("dismissed", None, False),
    ],
)
def test_only_an_issue_whose_clock_runs_is_spoken_of(state, requested_on, runs):
    row = replace(ROW, state=state, requested_on=requested_on)
    assert bool(plan_reminders([row], date(2022, 6, 25), CALENDAR)) is runs


def test_superiors_hear_of_overdue_only_and_nobody_hears_twice():
    told = {(r.kind, r.recipient_id) for r in plan_reminders([ROW], date(2022, 6, 23), CALENDAR)}
    assert told == {(kind, person) for kind in ("T-3", "T-0", "overdue") for person in (1, 2)} | {("overdue", 9)}


def test_the_campaign_chooses_how_many_days_ahead():
    assert set(kinds(ROW, date(2022, 6, 20), (7, 1))) == {"T-7"}
    assert set(kinds(ROW, date(2022, 6, 23), ())) == {"overdue"}


def test_the_key_names_issue_kind_date_and_recipient_so_that_a_new_date_speaks_anew():
    first = plan_reminders([ROW], date(2022, 6, 19), CALENDAR)
    later = plan_reminders([replace(ROW, due_on=DUE + timedelta(days=10))], date(2022, 6, 29), CALENDAR)
    keys = [reminder.draft("/x/").dedupe_key for reminder in (*first, *later)]
    assert keys == [
        "reminder:7:T-3:2022-06-22:1",
        "reminder:7:T-3:2022-06-22:2",
        "reminder:7:T-3:2022-07-02:1",
        "reminder:7:T-3:2022-07-02:2",
    ]


def test_the_text_names_number_date_and_problem():
    [reminder] = plan_reminders([replace(ROW, recipients=(1,))], date(2022, 6, 19), CALENDAR)
    assert reminder.text == "QH2022-00007 整改时限 2022-06-22，即将到期，请抓紧整改：窗口未一次性告知"


@pytest.mark.parametrize(
    ("due", "come"),
    [
        # Sunday: what would come on the weekend comes on Friday, 逾期 on Monday.
        (date(2022, 6, 19), {"T-3": date(2022, 6, 16), "T-0": date(2022, 6, 17), "overdue": date(2022, 6, 20)}),
        # 端午节, Friday 3 June to Sunday 5 June.
        (date(2022, 6, 6), {"T-3": date(2022, 6, 2), "T-0": date(2022, 6, 6), "overdue": date(2022, 6, 7)}),
        # 国庆节, seven days; Saturday 8 and Sunday 9 October are worked.
        (date(2022, 10, 1), {"T-3": date(2022, 9, 28), "T-0": date(2022, 9, 30), "overdue": date(2022, 10, 8)}),
    ],
)
def test_nothing_comes_on_a_rest_day(due, come):
    row = replace(ROW, due_on=due, due_set_on=None)
    days = [due + timedelta(days=day) for day in range(-10, 11)]
    assert {kind: min(day for day in days if kind in kinds(row, day)) for kind in come} == come
    for day in come.values():
        assert last_due_on(day, (3, 0), CALENDAR) >= due or day > due


def test_a_date_on_a_rest_day_is_not_called_today():
    [*_, reminder] = plan_reminders(
        [replace(ROW, recipients=(1,), due_on=date(2022, 6, 19))], date(2022, 6, 17), CALENDAR
    )
    assert reminder.text == "QH2022-00007 整改时限 2022-06-19，到期日为休息日，请提前办结或申请销号：窗口未一次性告知"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2022, 6, 19, 8, 59, 59), date(2022, 6, 18)),
        (datetime(2022, 6, 19, 9, 0), date(2022, 6, 19)),
        (datetime(2022, 6, 19, 23, 59), date(2022, 6, 19)),
        (datetime(2022, 7, 1, 0, 0), date(2022, 6, 30)),
    ],
)
def test_reminders_of_a_day_become_due_at_nine_local_time(moment, day):
    local = moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    assert reminder_day(local) == day
    assert reminder_day(local.astimezone(ZoneInfo("America/New_York"))) == day
