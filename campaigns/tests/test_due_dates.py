"""What falls due when: each notice's own dates, rest days, and years not announced yet."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.rulebook.due_dates import deadlines, report_due
from campaigns.domain.rulebook.due_rule import Due
from campaigns.domain.rulebook.rulebook import load_template, template_names
from campaigns.enums import DeadlineKind, DueWay, Shift
from core.calendar import official_calendar
from core.models import CalendarDay

CALENDAR = official_calendar()
LAST = max(CALENDAR.known_years)


def dates(template, start, end, kind, *, shift=Shift.KEEP):
    rules = load_template(template).fitted(date.fromisoformat(start), date.fromisoformat(end))
    rules = replace(rules, reporting=replace(rules.reporting, shift=shift))
    return {one.period.code: one.due_on.isoformat() for one in deadlines(rules, CALENDAR) if one.kind == kind}


@pytest.mark.parametrize(
    ("quarter", "due"),
    [
        ("2016Q1", "2016-04-08"),
        ("2016Q2", "2016-07-07"),
        ("2016Q3", "2016-10-12"),
        ("2016Q4", "2017-01-09"),
        ("2023Q4", "2024-01-08"),
        ("2024Q1", "2024-04-08"),
        ("2025Q4", "2026-01-08"),
        ("2026Q3", "2026-10-13"),
    ],
)
def test_f16_a_quarter_is_reported_within_the_first_five_working_days_of_the_next(quarter, due):
    rules = load_template("fushun-2016").fitted(date(2016, 1, 22), date(2026, 12, 31))
    assert report_due(rules, rules.period(quarter), CALENDAR) == (date.fromisoformat(due), False)


@given(st.integers(min(CALENDAR.known_years), LAST - 1), st.integers(1, 4), st.integers(1, 15))
def test_working_days_of_the_next_quarter_equal_counting_day_by_day(year, quarter, n):
    rules = load_template("fushun-2016").fitted(date(year, 1, 1), date(year, 12, 31))
    rules = replace(rules, reporting=replace(rules.reporting, due=Due(DueWay.NEXT_WORKDAYS, n=n)))
    period = rules.period(f"{year}Q{quarter}")
    day, counted = period.ends_on, 0
    while counted < n:
        day += timedelta(days=1)
        counted += CALENDAR.is_workday(day)
    assert report_due(rules, period, CALENDAR) == (day, False)


@given(st.dates(date(2016, 1, 1), date(LAST - 1, 12, 1)), st.integers(1, 30))
def test_working_days_after_the_last_walk_equal_counting_day_by_day(last, n):
    rules = load_template("wushen-2023").fitted(last - timedelta(days=32), last)
    rules = replace(
        rules,
        cadence=replace(rules.cadence, due=Due(DueWay.DATE, on=last.isoformat())),
        reporting=replace(rules.reporting, due=Due(DueWay.AFTER_WALKS, n=n)),
    )
    day, counted = last, 0
    while counted < n:
        day += timedelta(days=1)
        counted += CALENDAR.is_workday(day)
    assert report_due(rules, rules.whole, CALENDAR)[0] == day


def test_m18_walks_end_on_a_sunday_and_the_report_follows_on_the_20th():
    window = ("mudanjiang-2018", "2018-07-03", "2018-07-15")
    assert date(2018, 7, 15).weekday() == 6
    assert dates(*window, DeadlineKind.WALK) == {"all": "2018-07-15"}
    assert dates(*window, DeadlineKind.REPORT) == {"all": "2018-07-20"}
    assert dates(*window, DeadlineKind.PLAN) == {}


def test_w23_plan_by_the_17th_walks_to_a_saturday_report_five_working_days_on():
    window = ("wushen-2023", "2023-03-14", "2023-04-15")
    assert dates(*window, DeadlineKind.PLAN) == {"all": "2023-03-17"}
    assert dates(*window, DeadlineKind.WALK) == {"all": "2023-04-15"}
    # 04-17 … 04-21; Sunday 04-23 works for 劳动节 and is not needed.
    assert dates(*window, DeadlineKind.REPORT) == {"all": "2023-04-21"}


def test_l22_materials_by_the_20th_and_the_summary_by_the_22nd_weekend_or_not():
    window = ("lantian-2022", "2022-05-25", "2022-12-31")
    reports = dates(*window, DeadlineKind.REPORT)
    assert reports == {f"2022-{month:02d}": f"2022-{month:02d}-20" for month in range(6, 13)}
    assert date.fromisoformat(reports["2022-08"]).weekday() == 5
    assert date.fromisoformat(reports["2022-11"]).weekday() == 6
    assert dates(*window, DeadlineKind.SUMMARY)["2022-06"] == "2022-06-22"
    assert dates(*window, DeadlineKind.WALK)["2022-06"] == "2022-06-30"


@pytest.mark.parametrize(
    ("shift", "august", "november"),
    [(Shift.KEEP, "2022-08-20", "2022-11-20"), (Shift.LATER, "2022-08-22", "2022-11-21"),
     (Shift.EARLIER, "2022-08-19", "2022-11-18")],
)  # fmt: skip
def test_the_20th_on_a_weekend_moves_only_when_the_setting_says_so(shift, august, november):
    found = dates("lantian-2022", "2022-05-25", "2022-12-31", DeadlineKind.REPORT, shift=shift)
    assert (found["2022-08"], found["2022-11"]) == (august, november)


def test_a_date_that_needs_a_year_without_a_notice_is_provisional_and_others_are_not():
    rules = load_template("fushun-2016").fitted(date(LAST, 1, 1), date(LAST, 12, 31))
    found = {one.period.code: one.is_provisional for one in deadlines(rules, CALENDAR) if one.kind == "report"}
    assert found == {f"{LAST}Q1": False, f"{LAST}Q2": False, f"{LAST}Q3": False, f"{LAST}Q4": True}


def preview(capsys, *options):
    call_command("preview_campaign", *options)
    return capsys.readouterr().out


@pytest.mark.django_db
def test_preview_campaign_prints_one_json_object_of_the_contract(capsys):
    out = preview(capsys, "--template", "fushun-2016", "--start", "2016-01-22", "--end", "2016-12-31", "--json")
    shown = json.loads(out)
    assert set(shown) == {"template", "deadlines"}
    assert all(set(one) == {"period", "kind", "due_on", "provisional"} for one in shown["deadlines"])
    reports = [(one["period"], one["due_on"]) for one in shown["deadlines"] if one["kind"] == "report"]
    assert reports == [
        ("2016Q1", "2016-04-08"), ("2016Q2", "2016-07-07"), ("2016Q3", "2016-10-12"), ("2016Q4", "2017-01-09"),
    ]  # fmt: skip
    assert [one["due_on"] for one in shown["deadlines"]] == sorted(one["due_on"] for one in shown["deadlines"])


@pytest.mark.django_db
@pytest.mark.parametrize("template", template_names())
def test_preview_campaign_prints_every_template_in_words(capsys, template):
    rules = load_template(template)
    out = preview(capsys, "--template", template, "--start", rules.window.starts_on, "--end", rules.window.ends_on)
    assert "项期限" in out
    assert "完成体验" in out


@pytest.mark.django_db
def test_preview_campaign_follows_the_days_entered_here(capsys):
    CalendarDay.objects.create(date=date(2016, 4, 8), is_workday=False, name="停工")
    out = preview(capsys, "--template", "fushun-2016", "--start", "2016-01-22", "--end", "2016-06-30", "--json")
    assert '"2016-04-11"' in out


@pytest.mark.parametrize(
    ("start", "end", "said"), [("2022-06-01", "2022-05-01", "早于开始日期"), ("六月", "2022-07-01", "--start")]
)
def test_preview_campaign_refuses_in_words(start, end, said):
    with pytest.raises(CommandError, match=said):
        call_command("preview_campaign", "--template", "lantian-2022", "--start", start, "--end", end)


def test_preview_campaign_needs_no_database_that_was_ever_migrated(tmp_path):
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'never.sqlite3'}"}
    command = [sys.executable, "manage.py", "preview_campaign", "--template", "wushen-2023"]
    command += ["--start", "2023-03-14", "--end", "2023-04-15", "--json"]
    environment["DJANGO_SETTINGS_MODULE"] = "walkthrough.settings"
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert ("report", "2023-04-21") in [(one["kind"], one["due_on"]) for one in json.loads(done.stdout)["deadlines"]]
