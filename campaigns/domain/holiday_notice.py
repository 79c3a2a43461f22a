"""Reading a year's 放假安排: the official notice's text as published, or lines of date, 放假/上班, name. Pure.

Every fault is told at once, by line; a weekday or a number of days that does not fit the year is one (the notice of
another year was pasted).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.calendar import SpecialDay
from core.text import normalize_text

NAME_LIMIT = 40
WEEKDAYS = "一二三四五六日"
_WEEKDAY = r"(?:\([^()周]*(?:周|星期)([一二三四五六日天])\))?"
_CHINESE = rf"(?:(\d{{4}})年)?(\d{{1,2}})月(\d{{1,2}})日{_WEEKDAY}"
_UNTIL = rf"\s*(?:至|到|-|~)\s*(?:(\d{{4}})年)?(?:(\d{{1,2}})月)?(\d{{1,2}})日{_WEEKDAY}"
_ISO = r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)"
_SPAN = rf"(?P<cn>{_CHINESE}(?:{_UNTIL})?)|(?P<iso>{_ISO}(?:\s*(?:至|到|~)\s*{_ISO})?)"
_PART = re.compile(rf"{_SPAN}|(?P<rest>放假|休息)|(?P<work>上班|工作日)|共(?P<total>\d+)天")
_HEADING = re.compile(r"^(?:[一二三四五六七八九十]+[、.]\s*)?([^\d:、][^\d:]{0,19}):")
_LAST_WORD = re.compile(r"(?:放假|休息|上班|工作日)(?:调休)?[\s,]+([^\s,\d]{2,20})$")


@dataclass
class RestDayNotice:
    """``days`` named by the notice, by date; ``faults``: what could not be read, each with its line."""

    year: int
    days: dict[date, SpecialDay] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read_notice(text: str, year: int) -> RestDayNotice:
    """The rest days and 调休 working days of ``year``; nothing may be saved as long as there are faults."""
    notice, name = RestDayNotice(year), ""
    for number, line in enumerate(text.splitlines(), start=1):
        for sentence in re.split(r"[。;；]", line):
            words = normalize_text(sentence)
            heading = _HEADING.match(words)
            name = heading[1] if heading else name
            try:
                _read(notice, words, name)
            except ValueError as error:
                notice.faults.append(f"第 {number} 行：{error}")
        if not line.strip():
            name = ""
    if not notice.faults:
        notice.faults += _incomplete(notice)
    return notice


def _read(notice: RestDayNotice, words: str, name: str) -> None:
    """One sentence: dates wait for the word that follows them."""
    waiting: list[date] = []
    last: list[date] = []
    own = _LAST_WORD.search(words)
    label = (own[1] if own else name)[:NAME_LIMIT]
    for part in _PART.finditer(words):
        if part["cn"] or part["iso"]:
            waiting += _days(part, notice.year)
        elif part["total"]:
            if len(last) != int(part["total"]):
                raise ValueError(f"“{words[:30]}”写明共 {part['total']} 天，但日期有 {len(last)} 天")
        elif waiting:
            for day in waiting:
                _enter(notice, SpecialDay(day, bool(part["work"]), label))
            waiting, last = [], waiting
    if waiting:
        raise ValueError(f"“{words[:30]}”没有写明放假还是上班")


def _enter(notice: RestDayNotice, one: SpecialDay) -> None:
    known = notice.days.get(one.date)
    if known and known.is_workday != one.is_workday:
        raise ValueError(f"{one.date} 既写了放假又写了上班")
    notice.days[one.date] = one


def _days(part: re.Match, year: int) -> list[date]:
    if part["iso"]:
        numbers = [int(digits) for digits in re.findall(r"\d+", part["iso"])]
        first = _date(*numbers[:3])
        last = _date(*numbers[3:6]) if len(numbers) > 3 else first
    else:
        found = re.match(rf"{_CHINESE}(?:{_UNTIL})?", part["cn"])
        if found is None:
            raise ValueError(f"“{part[0][:30]}”不是日期")
        first, last = _chinese(found.groups(), year)
    if not first <= last or (last - first).days > 31:
        raise ValueError(f"“{part[0][:30]}”的起止日期不成立")
    # A notice may begin on the last days of the year before (2023: 2022-12-31).
    if not date(year - 1, 12, 25) <= first <= last <= date(year + 1, 1, 5):
        raise ValueError(f"“{part[0][:30]}”不在 {year} 年内")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _chinese(found: tuple, year: int) -> tuple[date, date]:
    from_year, from_month, from_day, from_weekday, to_year, to_month, to_day, to_weekday = found
    first = _date(from_year or year, from_month, from_day)
    last = _date(to_year or first.year, to_month or first.month, to_day) if to_day else first
    for day, weekday in ((first, from_weekday), (last, to_weekday)):
        told = (weekday or "").replace("天", "日")
        if told and WEEKDAYS[day.weekday()] != told:
            raise ValueError(f"{day} 是星期{WEEKDAYS[day.weekday()]}，不是星期{told}，请核对是否为 {year} 年的通知")
    return first, last


def _date(year: int | str, month: int | str, day: int | str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise ValueError(f"没有 {year} 年 {month} 月 {day} 日这一天") from error


def _incomplete(notice: RestDayNotice) -> Iterator[str]:
    """Every notice names 元旦 first and 国庆节 last; without them it is not the whole year's."""
    for name, day in (("元旦", date(notice.year, 1, 1)), ("国庆节", date(notice.year, 10, 1))):
        found = notice.days.get(day)
        if found is None or found.is_workday:
            yield f"没有{name}（{day}）的放假安排，不是 {notice.year} 年全年的通知"
