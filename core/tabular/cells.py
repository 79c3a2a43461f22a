"""Cells as people write them: text, numbers, days, yes and no; each fault with its row and column. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import get_close_matches

from core.text import clean, normalize_text

YES, NO = {"是", "y", "yes", "true", "1", "√", "✓", "有"}, {"", "否", "n", "no", "false", "0", "×", "无", "-", "—"}
_NAMES = re.compile(r"[、，,\n;；]")
# What may follow a number without changing it: words that count things, or working days. Other days are no number of
# either: 20个自然日 is another time than 20个工作日.
COUNTED = "件次|人次|件|个|人|份|次|项|家|户|条|起|宗|笔|页|张|步|个?环节"
WORKDAYS = "个?工作日"
_NUMBER = r"'?(\d+|\d{{1,3}}(?:,\d{{3}})+|[零〇一二两三四五六七八九十百千]+)(?:\.0+)?(?:{units})?"
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_HOUR = r"\d{1,2}(?::\d{2}){1,2}(?:\.0+)?|\d{1,2}[时点](?:\d{1,2}分?|半|整)?"
_WEEKDAY = r"(?:\(?(?:周|星期)[一二三四五六日天]\)?)?"
_TIME = rf"{_WEEKDAY}(?:上午|下午|早上|中午|晚上)?(?:[ t]?(?:{_HOUR})(?:[-~](?:{_HOUR}))?)?"
_DAY = re.compile(rf"(\d{{4}})(?:[-./年](\d{{1,2}})[-./月](\d{{1,2}})(?:[日号]|(?!\d)){_TIME}|(\d{{2}})(\d{{2}}))")
_DAY_WITHOUT_YEAR = re.compile(rf"(\d{{1,2}})月(\d{{1,2}})[日号]?{_TIME}")
_SERIAL_DAYS = range(36526, 73051)  # 2000-01-01 … 2099-12-31 as Excel counts days
_SERIAL_ZERO = date(1899, 12, 30)
NO_RESULT = "公式没有保存结果，请在 Excel 中重新保存"
LONGEST_NUMBER = 10**15
LOST_DIGITS = "数字超过 15 位或写成了科学记数法，Excel 已经丢失末尾的数字；请把该列设为文本，重新填写"
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")


@dataclass(frozen=True)
class CellError:
    """One fault: ``row`` as counted in the file from 1 (None for the file as a whole), the column's own name."""

    row: int | None
    column: str
    value: str
    message: str

    def as_dict(self) -> dict:
        return {"row": self.row, "column": self.column, "value": self.value, "message": self.message}

    def __str__(self) -> str:
        if self.row is None:
            return self.message
        shown = f"（{self.value[:40]}）" if self.value else ""
        return f"第 {self.row} 行“{self.column}”{shown}：{self.message}"


@dataclass(frozen=True)
class NoValue:
    """A cell that stands for a value and has none: an error (``shown``: #N/A), or a formula without its result."""

    shown: str
    message: str


@dataclass
class Row:
    """One line of a table. Its methods return the value of a cell, or note an error and return None.

    ``told``: columns whose fault is already noted; nothing more is said of them.
    """

    number: int
    cells: dict[str, object]
    errors: list[CellError] = field(default_factory=list)
    told: frozenset[str] = frozenset()

    def has(self, column: str) -> bool:
        """True when the table has that column at all."""
        return column in self.cells

    def text(self, column: str, *, required: bool = False, limit: int | None = None) -> str:
        value = as_text(self.cells.get(column))
        if required and not value:
            self.refuse(column, "不能为空")
        if limit and len(value) > limit:
            self.refuse(column, f"最多 {limit} 个字，现有 {len(value)} 个")
        return value

    def whole(self, column: str, *, most: int = 32767, units: str = COUNTED) -> int | None:
        """A whole number from 0 to ``most`` (``read_whole``); None for an empty cell."""
        value = normalize_text(as_text(self.cells.get(column)))
        if value in ("", "-", "—"):
            return None
        number = read_whole(value, units)
        if number is None or number > most:
            self.refuse(column, f"应为 0 至 {most} 之间的整数{'（工作日）' if units == WORKDAYS else ''}")
            return None
        return number

    def yes(self, column: str) -> bool:
        """是 or 否; an empty cell is 否."""
        value = normalize_text(as_text(self.cells.get(column)))
        if value not in YES | NO:
            self.refuse(column, "应填“是”或“否”")
        return value in YES

    def choice(self, column: str, choices: Mapping[str, str], also: Mapping[str, str] | None = None) -> str | None:
        """The key whose label the cell holds, or one of the words of ``also`` (word → key); None for an empty cell."""
        value = as_text(self.cells.get(column))
        if not value:
            return None
        words = {label: key for key, label in choices.items()} | dict(also or {})
        found = {word_key(word): key for word, key in words.items()}.get(word_key(value))
        if found is None:
            self.refuse(column, f"应为：{'、'.join(choices.values())}{_offered(value, words, choices)}")
        return found

    def refuse(self, column: str, message: str) -> None:
        """Note an error of one cell, unless the cell could not be read at all, which is noted already."""
        if column not in self.told:
            self.errors.append(CellError(self.number, column, as_text(self.cells.get(column)), message))


def _offered(value: str, words: Mapping[str, str], choices: Mapping[str, str]) -> str:
    """ "。相近的有：行政许可（审批）", or nothing."""
    near = get_close_matches(value, words, 3, 0.5)
    shown = [word if word == choices[words[word]] else f"{word}（{choices[words[word]]}）" for word in near]
    return f"。相近的有：{'、'.join(shown)}" if shown else ""


def as_text(value: object) -> str:
    """A cell as text, cleaned and stripped: 1.0 → 1, a date → 2022-06-08."""
    if value is None:
        return ""
    # Nearly every cell, and asked for several times.
    if type(value) is str:
        return clean(value).strip()
    if isinstance(value, NoValue):
        return value.shown
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else clean(str(value)).strip()


def has_lost_digits(value: object) -> bool:
    """Whether a code that was kept as a number may no longer be the one that was typed."""
    is_long = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= LONGEST_NUMBER
    return is_long or _SCIENTIFIC.fullmatch(as_text(value)) is not None


def word_key(value: object) -> str:
    """The form in which headings and words of a choice are compared: no width, case, spaces or asterisks."""
    return re.sub(r"[\s*]", "", normalize_text(as_text(value)))


def split_names(text: str) -> list[str]:
    """Several names in one cell, separated by 、，, ； or a line break; each once, in order."""
    return list(dict.fromkeys(part.strip() for part in _NAMES.split(text) if part.strip()))


def read_whole(text: str, units: str = COUNTED) -> int | None:
    """1,234 · 99件 · 8.0 · 三份 as a number from 0; None for anything else (12,0 · 0.5 · -1 · 3天).

    ``units``: COUNTED, or WORKDAYS for 20个工作日.
    """
    match = re.fullmatch(_NUMBER.format(units=units), re.sub(r"\s", "", normalize_text(text))[:40])
    if match is None:
        return None
    figure = match.group(1).replace(",", "")
    return int(figure) if figure.isdecimal() else _chinese(figure)


def _chinese(figure: str) -> int | None:
    """三 → 3, 二十 → 20, 一百零二 → 102; None where the characters are in no order or say two things (一百二)."""
    total, digit, last, has_zero = 0, None, 10_000, False
    for sign in figure:
        if sign in _TENS:
            if _TENS[sign] >= last or digit == 0 or (digit is None and sign != "十"):
                return None
            last = _TENS[sign]
            total, digit, has_zero = total + (1 if digit is None else digit) * last, None, False
        elif digit not in (None, 0):
            return None
        else:
            digit = _DIGITS[sign]
            has_zero = has_zero or digit == 0
    # 一百二 is 120 as people speak and 102 by its characters: the person is asked.
    return None if digit and 100 <= last < 10_000 and not has_zero else total + (digit or 0)


def read_day(value: object, window: tuple[date, date] | None = None) -> date | None:
    """A day as people write it: a date, an Excel serial, 2022.5.20, 2022/5/20 0:00, 2022年5月20日上午, 20220520.

    9月17日 takes the year in which that day falls into ``window`` (first and last day) when there is one only.
    Raises ValueError in words.
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    # A space parts the day from the hour; every other one is a matter of taste (2022 年 9 月 14 日).
    text = re.sub(r"(?<!\d) | (?!\d)", "", normalize_text(as_text(value)))
    if not text:
        return None
    if text.isdecimal() and int(text[:9]) in _SERIAL_DAYS:
        return _SERIAL_ZERO + timedelta(days=int(text))
    if match := _DAY_WITHOUT_YEAR.fullmatch(text):
        return _in_window(int(match[1]), int(match[2]), window)
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError("无法识别的日期，请写作 2022-06-08")
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError("没有这一天，请核对日期") from error


def _in_window(month: int, day: int, window: tuple[date, date] | None) -> date:
    years = range(window[0].year, window[1].year + 1) if window else ()
    days = []
    for year in years:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    fitting = [one for one in days if window and window[0] <= one <= window[1]]
    if len(fitting) != 1:
        raise ValueError("日期没有写年份，请写作 2022-06-08")
    return fitting[0]
