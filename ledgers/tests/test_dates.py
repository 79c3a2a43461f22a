"""Days as ledgers tell them."""

from datetime import date

import pytest

from core.calendar import official_calendar
from ledgers.domain.dates import read_due, read_found, title_day, years_of

FOUND = date(2022, 6, 8)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *[("6月底前", date(2022, 6, 30)), ("2月底", date(2022, 2, 28)), ("2024年2月底前", date(2024, 2, 29))],
        *[("2022年6月", date(2022, 6, 30)), ("2022.06", date(2022, 6, 30)), ("6月份", date(2022, 6, 30))],
        *[("月底前", date(2022, 6, 30)), ("本月底", date(2022, 6, 30)), ("7月上旬", date(2022, 7, 10))],
        *[("7月中旬前", date(2022, 7, 20)), ("第三季度末", date(2022, 9, 30)), ("年底前", date(2022, 12, 31))],
        *[("立即", FOUND), ("立即整改", FOUND), ("当日", FOUND), ("立行立改", FOUND)],
        *[("3日内", date(2022, 6, 11)), ("三天内", date(2022, 6, 11)), ("一周内", date(2022, 6, 15))],
        *[("半个月内", date(2022, 6, 23)), ("1个月内", date(2022, 7, 8)), ("3个月以内", date(2022, 9, 8))],
        *[("5个工作日内", date(2022, 6, 15)), ("6.20", date(2022, 6, 20)), ("6月20日前", date(2022, 6, 20))],
        *[("2022.06.30前", date(2022, 6, 30)), ("2022年6月30日前完成", date(2022, 6, 30))],
    ],
)
def test_words_name_a_day_that_is_shown_for_confirmation(text, day):
    told = read_due(text, found_on=FOUND, calendar=official_calendar())
    assert (told.day, told.is_read_out) == (day, True)


@pytest.mark.parametrize("value", ["2022-06-30", "2022.6.30", "2022年6月30日", "20220630", date(2022, 6, 30), 44742])
def test_a_day_that_stands_there_is_no_reading(value):
    told = read_due(value, found_on=FOUND, calendar=official_calendar())
    assert (told.day, told.is_read_out) == (date(2022, 6, 30), False)


@pytest.mark.parametrize(
    ("text", "track"), [("长期坚持", "long_term"), ("持续推进", "long_term"), ("无", ""), ("", "")]
)
def test_no_date_is_no_date(text, track):
    told = read_due(text, found_on=FOUND, calendar=official_calendar())
    assert (told.day, told.track) == (None, track)


@pytest.mark.parametrize("text", ["尽快", "上月", "13月底前", "2月30日", "6月8日至9日", "半日内"])
def test_what_names_no_day_is_refused(text):
    with pytest.raises(ValueError, match=r"日期|这一天"):
        read_due(text, found_on=FOUND, calendar=official_calendar())


def test_a_month_without_its_year_lies_after_the_finding_across_the_turn_of_the_year():
    told = read_due("1月底前", found_on=date(2022, 12, 20), calendar=official_calendar())
    assert told.day == date(2023, 1, 31)


@pytest.mark.parametrize("text", ["6.8", "6.8上午", "6月8日", "6/8"])
def test_a_day_without_its_year_takes_that_of_the_table(text):
    told = read_found(text, year=2022)
    assert (told.day, told.is_read_out) == (FOUND, True)
    with pytest.raises(ValueError, match="没有写年份"):
        read_found(text, year=None)


def test_the_title_tells_years_and_the_day_up_to_which_it_counts():
    title = ["整改清单", "截至2022年06月20日"]
    assert (years_of(title), title_day(title)) == ({2022}, date(2022, 6, 20))
    assert (years_of(["办事环节问题库（6.20）"]), title_day(["问题库"])) == (set(), None)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2022-09-14 09:30", 14), ("2022/9/15 0:00", 15), ("2022年9月16日上午", 16), ("9月17日", 17)],
)
def test_a_day_found_may_come_with_an_hour_or_without_a_year(text, day):
    assert read_found(text, year=2022).day == date(2022, 9, day)
