"""What goes into a cell of a workbook, and how it looks: safe text, typed values, formats, estimated heights. Pure.

`core.xlsx` is the module to call; this one is used by it alone.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from core.personal_data import mask

CELL_LIMIT = 32767  # UTF-16 units, Excel's own limit
TRUNCATED = "…（内容过长，已截断）"
LINE_HEIGHT = 15.5  # points, one line of 10.5 pt body text, in the tallest of the usual Chinese fonts
ROW_PADDING = 7
MIN_ROW_HEIGHT = 24
MAX_ROW_HEIGHT = 409  # Excel's own limit

_LOCAL_ZONE = ZoneInfo("Asia/Shanghai")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NEWLINES = re.compile("\r\n?")
# A spreadsheet re-reads a cell when a person edits it: these would become formulas, numbers or dates.
_REREAD = re.compile(
    r"\s*[=+\-@＝＋－＠|%]|\s|'|[0-9０-９.,:/\-年月日时分秒%Ee+\s]+$|(?:true|false)$|[¥￥$]\s*[0-9]", re.IGNORECASE
)

Role = Literal["title", "as_of", "note_left", "note_right", "header", "body", "total", "foot", "option"]
_ROLES: dict[Role, dict[str, Any]] = {
    "title": {"font_name": "方正小标宋简体", "font_size": 20, "align": "center", "text_wrap": True},
    "as_of": {"font_name": "仿宋", "font_size": 12, "align": "center"},
    "note_left": {"font_name": "仿宋", "font_size": 12, "align": "left"},
    "note_right": {"font_name": "仿宋", "font_size": 12, "align": "right"},
    "header": {
        "font_name": "黑体",
        "font_size": 11,
        "align": "center",
        "text_wrap": True,
        "border": 1,
        "bg_color": "#E6EDF7",
    },
    "body": {"font_name": "宋体", "font_size": 10.5, "text_wrap": True, "border": 1, "valign": "top"},
    "total": {"font_name": "黑体", "font_size": 10.5, "text_wrap": True, "border": 1},
    "foot": {"font_name": "仿宋", "font_size": 12, "align": "left"},
    "option": {"font_name": "宋体", "font_size": 10.5},
}
_NUMBER_FORMATS = {
    "date": "yyyy-mm-dd",
    "code": "@",
    "int": "0",
    "percent": "0.0",
    "percent_sign": '0.0"%"',
    "marked": '0"※"',
}


@dataclass(frozen=True)
class Column:
    """One column after 序号.

    ``width`` in half-width characters; ``percent`` values are on the scale 0–100; ``code`` is text such as a phone or
    a number of a document. ``choices`` become a validation list, neighbours of one ``group`` a merged header.
    ``hidden``: neither shown nor printed; sorting and filtering the table take it along. ``on_paper`` False: shown and
    not printed; such columns stand at the right end.
    """

    key: str
    header: str
    width: float = 12
    kind: Literal["text", "int", "number", "percent", "date", "code"] = "text"
    align: Literal["left", "center", "right"] | None = None
    choices: tuple[str, ...] | None = None
    group: str | None = None
    total: Literal["sum"] | None = None
    hidden: bool = False
    on_paper: bool = True

    @property
    def is_printed(self) -> bool:
        return self.on_paper and not self.hidden

    @property
    def printed_width(self) -> float:
        """The width it takes on the page."""
        return self.width if self.is_printed else 0.0


def safe_text(value: Any) -> str:
    """Text a workbook can hold: newlines as ``\\n``, illegal characters as U+FFFD, cut visibly at Excel's limit."""
    text = value if isinstance(value, str) else str(value)
    if "\r" in text:
        text = _NEWLINES.sub("\n", text)
    text = _ILLEGAL.sub("\ufffd", text)
    if len(text) * 2 > CELL_LIMIT:
        units = text.encode("utf-16-le")
        if len(units) // 2 > CELL_LIMIT:
            keep = (CELL_LIMIT - len(TRUNCATED)) * 2
            text = units[:keep].decode("utf-16-le", "ignore") + TRUNCATED
    return text


def text_width(text: str) -> int:
    """Width in half-width characters: a Chinese character counts two."""
    return len(text) if text.isascii() else len(text.encode("gbk", "replace"))


def is_reread(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula, a number or a date once somebody edits the cell."""
    return _REREAD.match(text) is not None


def capacity_for(width: float, size: float) -> float:
    """As ``capacity_of``, for a column of ``width`` in text of ``size`` points."""
    return max(2.0, (width - 2.2) * 10.5 / size)


def capacity_of(column: Column) -> float:
    """Half-width characters a line of the column holds; a mark that may not begin a line leaves one place empty."""
    return math.inf if column.hidden else max(2.0, column.width - 2.2)


def line_count(text: str, capacity: float) -> int:
    """How many lines the text takes in a column that holds ``capacity`` half-width characters."""
    if "\n" in text:
        return sum(line_count(line, capacity) for line in text.split("\n"))
    return max(1, math.ceil(text_width(text) / capacity))


def height_of(lines: int) -> float:
    """Points that so many lines take, more than a row may have if need be."""
    return max(MIN_ROW_HEIGHT, lines * LINE_HEIGHT + ROW_PADDING)


def row_height(lines: int) -> float:
    return min(MAX_ROW_HEIGHT, height_of(lines))


class PlainWorksheet(Worksheet):
    """XlsxWriter's sheet in constant memory, with three changes."""

    def mark_merged(self, first_row: int, first_col: int, last_row: int, last_col: int) -> None:
        """Record a merge whose cells are written row by row: ``merge_range`` would leave the current row."""
        if (first_row, first_col) != (last_row, last_col):
            self.merge.append([first_row, first_col, last_row, last_col])

    def _write_single_row(self, current_row_num: int = 0) -> None:
        # Heights of rows already on disk would otherwise stay in memory, two objects a row.
        flushed = self.previous_row
        super()._write_single_row(current_row_num)
        self.row_info.pop(flushed, None)
        self.row_sizes.pop(flushed, None)

    def _xml_rich_inline_string(self, string: str, attributes: Sequence[tuple] = ()) -> None:
        # In constant memory a text "<r>…</r>" would be written as raw XML; nothing here writes rich text.
        self._xml_inline_string(string, True, attributes)


class Styles:
    """The formats of one workbook, made when first asked for."""

    def __init__(self, workbook: xlsxwriter.Workbook):
        self._workbook = workbook
        self._made: dict[tuple, Format] = {}

    def get(self, role: Role, *, kind: str = "", align: str = "", quoted: bool = False) -> Format:
        key = (role, kind, align, quoted)
        if key not in self._made:
            properties = {"valign": "vcenter", "font_charset": 134, **_ROLES[role]}
            if align:
                properties["align"] = align
            if kind in _NUMBER_FORMATS:
                properties["num_format"] = _NUMBER_FORMATS[kind]
            if quoted:
                properties["quote_prefix"] = True
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def write_text(self, sheet: Worksheet, row: int, col: int, text: Any, role: Role, **style: str) -> None:
        """Write text that stays text: never a formula or a link, also after somebody edits the cell."""
        text = mask(safe_text(text))
        sheet.write_string(row, col, text, self.get(role, quoted=bool(_REREAD.match(text)), **style))


class ColumnWriter:
    """Writes the values of one column; ``write`` returns how many lines the value takes."""

    def __init__(
        self, sheet: Worksheet, styles: Styles, index: int, column: Column, missing: str, *, unmasked: bool = False
    ):
        self._shown: Callable[[str], str] = str if unmasked else mask
        self._sheet, self._styles, self._index, self._missing = sheet, styles, index, missing
        self.column = column
        self.sum: int | float = 0
        says_percent = any(sign in column.header for sign in "%％")
        kind = "percent_sign" if column.kind == "percent" and not says_percent else column.kind
        self._style = {"kind": kind, "align": column.align or ("left" if kind == "text" else "center")}
        self.capacity = capacity_of(column)
        self._put = {"text": self._text, "code": self._text, "date": self._date}.get(column.kind, self._number)

    @cached_property
    def _formats(self) -> dict[tuple[str, bool], Format]:
        return {
            (role, quoted): self._styles.get(role, quoted=quoted, **self._style)
            for role in ("body", "total")
            for quoted in (False, True)
        }

    def write(self, row: int, value: Any, role: Role = "body") -> int:
        if value is None or value == "":
            if not self._missing:
                self._sheet.write_blank(row, self._index, None, self._formats[role, False])
                return 1
            value = self._missing
        return self._put(row, value, role)

    def write_total(self, row: int, first_row: int, last_row: int) -> None:
        """The only formula in a workbook; its cached value serves viewers that do not calculate."""
        letters = xlsxwriter.utility.xl_col_to_name(self._index)
        formula = f"=SUM({letters}{first_row + 1}:{letters}{last_row + 1})"
        self._sheet.write_formula(row, self._index, formula, self._formats["total", False], self.sum)

    def _text(self, row: int, value: Any, role: Role) -> int:
        if isinstance(value, bool):
            value = "是" if value else "否"
        text = self._shown(safe_text(value))
        self._sheet.write_string(row, self._index, text, self._formats[role, bool(_REREAD.match(text))])
        return line_count(text, self.capacity)

    def _number(self, row: int, value: Any, role: Role) -> int:
        # A figure such as 60余, and one beyond the 15 digits a spreadsheet keeps, stays text.
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not _fits(value):
            return self._text(row, value, role)
        self.sum += value if isinstance(value, int) else float(value)
        self._sheet.write_number(row, self._index, value, self._formats[role, False])
        return 1

    def _date(self, row: int, value: Any, role: Role) -> int:
        if isinstance(value, datetime):
            value = (value.astimezone(_LOCAL_ZONE) if value.tzinfo else value).date()
        if not isinstance(value, date) or value.year < 1900:
            return self._text(row, value, role)
        self._sheet.write_datetime(row, self._index, value, self._formats[role, False])
        return 1


def _fits(value: float | Decimal) -> bool:
    return math.isfinite(value) and -(10**15) < value < 10**15
