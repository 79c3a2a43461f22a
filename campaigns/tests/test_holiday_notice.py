"""Reading the yearly notice: the text as published, lines of a table, and what does not fit."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.domain.holiday_notice import read_notice
from core.calendar import official_calendar

NOTICE_2026 = """各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。"""
LINES = "2027-01-01\t放假\t元旦\n2027年2月5日 放假 春节\n2027/2/20 上班 春节调休\n2027.10.1至2027.10.7 放假 国庆节"


def test_the_published_text_gives_exactly_the_official_calendar():
    notice = read_notice(NOTICE_2026, 2026)
    assert notice.faults == []
    official = {
        day: works for day, works in official_calendar().overrides.items()
        if day.year == 2026 and (works or day.weekday() < 5)
    }  # fmt: skip
    told = {one.date: one.is_workday for one in notice.days.values() if one.is_workday or one.date.weekday() < 5}
    assert told == official
    assert notice.days[date(2026, 2, 14)].name == "春节"


def test_lines_of_date_arrangement_and_name_are_read_in_any_writing():
    notice = read_notice(LINES, 2027)
    assert notice.faults == []
    assert (notice.days[date(2027, 2, 20)].is_workday, notice.days[date(2027, 2, 20)].name) == (True, "春节调休")
    assert len([day for day in notice.days if day.month == 10]) == 7


def test_the_notice_of_another_year_is_found_out_by_its_weekdays():
    faults = read_notice(NOTICE_2026, 2027).faults
    assert "第 2 行：2027-01-01 是星期五，不是星期四，请核对是否为 2027 年的通知" in faults


def test_a_notice_that_begins_in_the_old_year_is_read(monkeypatch):
    text = "一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。\n七、国庆节：9月29日至10月6日放假，共8天。"
    notice = read_notice(text, 2023)
    assert notice.faults == []
    assert date(2022, 12, 31) in notice.days


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("春节：2月5日至11日放假，共9天", "写明共 9 天，但日期有 7 天"),
        ("2月30日放假", "没有 2027 年 2 月 30 日这一天"),
        ("5月1日至3日", "没有写明放假还是上班"),
        ("2029年5月1日放假", "不在 2027 年内"),
        ("5月5日至1日放假", "起止日期不成立"),
        ("1月1日上班", "既写了放假又写了上班"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(line, said):
    faults = read_notice(f"{LINES}\n{line}", 2027).faults
    assert len(faults) == 1
    assert faults[0].startswith("第 5 行")
    assert said in faults[0]


@pytest.mark.parametrize(("text", "missing"), [("10月1日放假", "元旦"), ("1月1日放假", "国庆节"), ("", "元旦")])
def test_part_of_a_year_is_not_taken_for_the_whole(text, missing):
    assert any(missing in fault for fault in read_notice(text, 2027).faults)


@given(st.text(max_size=300), st.integers(2000, 2099))
def test_no_text_makes_it_fail(text, year):
    read_notice(text, year)


@given(st.text(alphabet="0123456789年月日至-./（）周一放假上班共天，。 \n", max_size=200))
def test_no_broken_notice_makes_it_fail(text):
    read_notice(text, 2027)
