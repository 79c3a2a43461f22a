"""Periods, their codes, labels and neighbours."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import parse_period, period_of, whole_period

KINDS = st.sampled_from(
    [("month", None), ("month", 20), ("month", 28), ("month", 1), ("quarter", None), ("week", None)]
)


@pytest.mark.parametrize(
    ("code", "cutoff", "starts_on", "ends_on", "label"),
    [
        ("2022-06", 20, date(2022, 5, 21), date(2022, 6, 20), "2022年6月"),
        ("2022-01", 20, date(2021, 12, 21), date(2022, 1, 20), "2022年1月"),
        ("2022-03", 20, date(2022, 2, 21), date(2022, 3, 20), "2022年3月"),
        ("2022-02", None, date(2022, 2, 1), date(2022, 2, 28), "2022年2月"),
        ("2016Q4", None, date(2016, 10, 1), date(2016, 12, 31), "2016年第4季度"),
        ("2022-W23", None, date(2022, 6, 6), date(2022, 6, 12), "2022年第23周"),
        ("2020-W53", None, date(2020, 12, 28), date(2021, 1, 3), "2020年第53周"),
    ],
)
def test_a_code_gives_its_days_and_label(code, cutoff, starts_on, ends_on, label):
    period = parse_period(code, cutoff)
    assert (period.starts_on, period.ends_on, period.label) == (starts_on, ends_on, label)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), KINDS)
def test_every_day_lies_in_its_period_and_the_code_leads_back(day, rule):
    kind, cutoff = rule
    period = period_of(day, kind=kind, cutoff_day=cutoff)
    assert day in period
    assert parse_period(period.code, cutoff) == period


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), KINDS)
def test_neighbours_touch_without_gap_or_overlap(day, rule):
    kind, cutoff = rule
    period = period_of(day, kind=kind, cutoff_day=cutoff)
    assert period.next().starts_on == period.ends_on + timedelta(days=1)
    assert period.next().previous() == period


BAD = ("", "2022", "2022-13", "2022-00", "2022-6", "2016Q5", "2022-W54", "2021-W53", "202206", "2022-06\n", "x" * 99)


@pytest.mark.parametrize("code", [*BAD, "２０２２-06"])
def test_a_bad_code_is_refused_in_words(code):
    with pytest.raises(ValueError, match="周期"):
        parse_period(code)


@pytest.mark.parametrize("cutoff", [0, 29, 31])
def test_a_cut_off_that_some_month_lacks_is_refused(cutoff):
    with pytest.raises(ValueError, match="截止日"):
        parse_period("2022-02", cutoff)


def test_a_whole_campaign_has_no_neighbours():
    whole = whole_period(date(2022, 5, 25), date(2022, 12, 31))
    assert whole.code == "all"
    with pytest.raises(ValueError, match="全程"):
        whole.next()
