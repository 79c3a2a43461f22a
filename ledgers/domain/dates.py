"""Days as ledgers tell them: 6月底前, 立即, 3日内, 6.8. Pure.

A ``ToldDay`` says whether the day stands in the cell or was read out of words, which a person then confirms.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.tabular import as_text, read_day, read_whole
from core.text import normalize_text
from core.workdays import WorkCalendar
from issues.enums import Track

AT_ONCE = ("立即", "立刻", "马上", "即时", "当日", "当天", "即日", "现场", "立即整改", "当场")
ON_SPOT = ("立行立改", "即知即改", "随走随改", "边走边改")
FOR_LONG = ("长期", "长期坚持", "长期整改", "持续", "持续推进", "持续整改", "常态化", "长期有效")
NOTHING = ("", "-", "—", "/", "无", "暂无", "待定", "未定")
UNITS = "日|天|个自然日|个工作日|工作日|周|个星期|星期|个月|月"
THIRDS = {"上旬": 10, "中旬": 20}
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WITHIN = re.compile(rf"(\d{{1,3}}|[一二两三四五六七八九十半]{{1,3}})({UNITS})(?:之内|以内|内)")
_MONTH = re.compile(r"(?:(\d{4})年)?(\d{1,2}|本)月份?(底|末|上旬|中旬|下旬)?")
_YEAR_END = re.compile(r"(?:(\d{4})年|本年|今年)?年?[底末]")
_QUARTER = re.compile(r"(?:(\d{4})年)?第?([一二三四1-4])季度[底末]?")
_SHORT = re.compile(r"(\d{1,2})[.月/-](\d{1,2})[日号]?(?:上午|下午|早上|中午|晚上)?(?:\d{1,2}[时点:].*)?")
_YEAR_MONTH = re.compile(r"(\d{4})[./-](\d{1,2})")
_END = re.compile(r"(?:之前|以前|前|止|前完成|前整改到位|前整改完成|完成)$")
UNREADABLE = "无法识别的日期，请写作 2022-06-08"


@dataclass(frozen=True)
class ToldDay:
    """``day`` None: no date, as 长期坚持. ``track``: what the words say of the kind of rectification, or "".
    ``is_read_out``: the day does not stand in the cell as such."""

    day: date | None
    track: str = ""
    is_read_out: bool = False


def read_found(value: object, *, year: int | None) -> ToldDay:
    """The day of a walk or of a problem; 6.8 and 6月8日 take ``year``. Raises ValueError in words."""
    text = _folded(value)
    if text in NOTHING:
        return ToldDay(None)
    if match := _SHORT.fullmatch(text):
        if year is None:
            raise ValueError("日期没有写年份，请写作 2022-06-08")
        return ToldDay(_day(year, int(match[1]), int(match[2])), is_read_out=True)
    return ToldDay(read_day(value))


def read_due(value: object, *, found_on: date, calendar: WorkCalendar) -> ToldDay:
    """By when: a day, or words that name one, counted from the day found. Raises ValueError in words."""
    text = _folded(value)
    if text in NOTHING:
        return ToldDay(None)
    bare = _END.sub("", text)
    if text in AT_ONCE or bare in AT_ONCE:
        return ToldDay(found_on, is_read_out=True)
    if bare in ON_SPOT:
        return ToldDay(found_on, Track.ON_SPOT, is_read_out=True)
    if bare in FOR_LONG:
        return ToldDay(None, Track.LONG_TERM, is_read_out=True)
    day = _in_words(bare, found_on, calendar)
    if day is not None:
        return ToldDay(day, is_read_out=True)
    try:
        return ToldDay(read_day(value))
    except ValueError:
        return ToldDay(read_day(bare), is_read_out=True)


def _folded(value: object) -> str:
    return normalize_text(as_text(value)).replace(" ", "")


def _in_words(text: str, found_on: date, working: WorkCalendar) -> date | None:
    if match := _WITHIN.fullmatch(text):
        return _within(match[1], match[2], found_on, working)
    if match := _SHORT.fullmatch(text):
        return _after(found_on, int(match[1]), int(match[2]))
    if match := _MONTH.fullmatch(text):
        month = found_on.month if match[2] == "本" else int(match[2])
        year = int(match[1]) if match[1] else _year_after(found_on, month)
        return _day(year, month, THIRDS[match[3]]) if match[3] in THIRDS else _month_end(year, month)
    if text in ("月底", "月末"):
        return _month_end(found_on.year, found_on.month)
    if match := _QUARTER.fullmatch(text):
        return _month_end(int(match[1] or found_on.year), 3 * QUARTERS[match[2]])
    if match := _YEAR_MONTH.fullmatch(text):
        return _month_end(int(match[1]), int(match[2]))
    match = _YEAR_END.fullmatch(text)
    return date(int(match[1] or found_on.year), 12, 31) if match else None


def _within(number: str, unit: str, found_on: date, working: WorkCalendar) -> date:
    if number == "半":
        if unit not in ("个月", "月"):
            raise ValueError(UNREADABLE)
        return found_on + timedelta(days=15)
    count = read_whole(number) or 0
    if "工作日" in unit:
        return working.add_workdays(found_on, count)
    if unit in ("个月", "月"):
        months = found_on.month - 1 + count
        year, month = found_on.year + months // 12, months % 12 + 1
        return date(year, month, min(found_on.day, calendar.monthrange(year, month)[1]))
    return found_on + timedelta(days=count * (7 if unit in ("周", "个星期", "星期") else 1))


def _after(found_on: date, month: int, day: int) -> date:
    return _day(_year_after(found_on, month), month, day)


def _year_after(found_on: date, month: int) -> int:
    """The year of a month named without one: that of the finding, the next one across the turn of the year."""
    return found_on.year + (found_on.month >= 10 and month <= 3)


def _month_end(year: int, month: int) -> date:
    _day(year, month, 1)
    return date(year, month, calendar.monthrange(year, month)[1])


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError("没有这一天，请核对日期") from error


def years_of(texts: list[str]) -> set[int]:
    """The years that texts name: 截至2022年06月20日 · 填报日期：2022年6月20日 · 2022-06-08."""
    return {int(year) for text in texts for year in re.findall(r"(?<!\d)(20\d{2})(?=[年./-])", normalize_text(text))}


def title_day(texts: list[str]) -> date | None:
    """The day up to which the table tells, where its title says so: 截至2022年06月20日; None otherwise."""
    for text in texts:
        match = re.search(r"(?:截至|截止|填报日期|填表日期)[:到至]?(\d{4})年(\d{1,2})月(\d{1,2})日", _folded(text))
        if match:
            return _day(*(int(part) for part in match.groups()))
    return None
