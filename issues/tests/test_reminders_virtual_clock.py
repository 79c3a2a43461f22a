"""400 days of a virtual clock with outages: what was made is what had to exist, told by another road."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendar import official_calendar
from issues.domain.reminders import IssueRow, plan_reminders, reminder_day
from tests.scale import scaled

ZONE = ZoneInfo("Asia/Shanghai")
START = date(2022, 1, 1)
DAYS = 400
CLOCK_TIMES = (time(8, 55), time(9, 0), time(17, 30))
AHEAD = {"T-3": 3, "T-0": 0, "overdue": -1}
CALENDAR = official_calendar()
STATES = ("rectifying", "deferred", "closed")

days = st.integers(min_value=0, max_value=DAYS - 1)
# From a day on, the issue stands in this state with a date this many days ahead.
phases = st.lists(st.tuples(days, st.sampled_from(STATES), st.integers(0, 40)), min_size=1, max_size=4)
outages = st.lists(st.tuples(days, st.integers(min_value=1, max_value=14)), max_size=8)


def timeline(issue_id: int, drawn) -> list[tuple[datetime, IssueRow]]:
    """The rows an issue shows one after the other, each from the noon of a day on."""
    shown = {}
    for day, state, ahead in drawn:
        set_on = START + timedelta(days=day)
        shown[set_on] = IssueRow(
            issue_id=issue_id,
            number=f"N{issue_id}",
            description="问题",
            state=state,
            due_on=set_on + timedelta(days=ahead),
            due_set_on=set_on,
            requested_on=None,
            recipients=(1,),
            rights={1: "a"},
        )
    return [(datetime.combine(day, time(12), ZONE), shown[day]) for day in sorted(shown)]


def ticks(down) -> list[datetime]:
    """The moments at which the system was up and looked."""
    off = {day + offset for day, length in down for offset in range(length)}
    return [
        datetime.combine(START + timedelta(days=day), moment, ZONE)
        for day in range(DAYS)
        if day not in off
        for moment in CLOCK_TIMES
    ]


def run(issues, moments) -> dict[str, bool]:
    """{key: merged} of everything made: the first word stands, as the unique key of the database keeps it."""
    made: dict[str, bool] = {}
    for now in moments:
        rows = [row for line in issues for since, row in [x for x in line if x[0] <= now][-1:]]
        for reminder in plan_reminders(rows, reminder_day(now), CALENDAR):
            made.setdefault(reminder.draft("").dedupe_key, reminder.superseded)
    return made


def worked(day: date, ahead: int) -> date:
    """Before or on the due date the nearest working day that is not later; after it the nearest not earlier."""
    near = sorted((abs((other - day).days), other) for other in (day + timedelta(days=n) for n in range(-14, 15)))
    return next(
        other for _, other in near if CALENDAR.is_workday(other) and (other <= day if ahead >= 0 else other >= day)
    )


def oracle(issues, moments) -> dict[str, bool]:
    """The same set, per issue, phase and kind instead of per tick."""
    expected: dict[str, bool] = {}
    for line in issues:
        for (since, row), until in zip(line, [*(start for start, _ in line[1:]), None], strict=True):
            seen = [now for now in moments if since <= now and (until is None or now < until)]
            due = {kind: worked(row.due_on - timedelta(days=ahead), ahead) for kind, ahead in AHEAD.items()}
            for place, (kind, day) in enumerate(due.items()):
                nine = datetime.combine(day, time(9), ZONE)
                first = next((now for now in seen if now >= nine), None)
                if row.state == "rectifying" and first is not None and day >= row.due_set_on:
                    after = list(due.values())[place + 1 :]
                    later = [d for d in after if datetime.combine(d, time(9), ZONE) <= first and d >= row.due_set_on]
                    expected.setdefault(f"reminder:{row.issue_id}:{kind}:{row.due_on}:1", bool(later))
    return expected


@settings(max_examples=scaled(40, 2000))
@given(st.lists(phases, min_size=1, max_size=4), outages)
def test_whatever_the_outages_the_set_is_the_one_that_must_exist(drawn, down):
    issues = [timeline(number, one) for number, one in enumerate(drawn)]
    moments = ticks(down)
    assert run(issues, moments) == oracle(issues, moments)


@settings(max_examples=scaled(15, 500))
@given(st.lists(phases, min_size=1, max_size=3), outages)
def test_looking_twice_and_looking_back_make_nothing_new(drawn, down):
    issues = [timeline(number, one) for number, one in enumerate(drawn)]
    moments = ticks(down)
    # Every tick twice, and again two hours back: a clock that is put back a little.
    jumpy = [now for moment in moments for now in (moment, moment - timedelta(hours=2), moment)]
    assert run(issues, jumpy).keys() == run(issues, moments).keys()
