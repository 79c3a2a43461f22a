"""The only writer of workbooks: annex-format tables (title, notes, merged header, 序号, typed cells, foot row).

Rows are tuples and are written as they come, so memory does not grow with them. Same input, same bytes.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate, groupby
from os import PathLike
from typing import IO, Any, Literal

import xlsxwriter

from core.personal_data import mask
from core.xlsx_cells import (
    MIN_ROW_HEIGHT,
    Column,
    ColumnWriter,
    PlainWorksheet,
    Role,
    Styles,
    capacity_of,
    line_count,
    row_height,
    safe_text,
    text_width,
)
from core.xlsx_page import MARGINS, in_parts, is_too_long, last_page, paper_for

__all__ = ["DEFAULT_FOOT", "Column", "SheetSpec", "filename", "write_workbook"]

DEFAULT_FOOT = ("填报人：", "审核人：", "单位主要负责人（签字）：", "联系电话：")
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_SERIAL = Column("serial", "序号", width=6, kind="int")
_OPTIONS_SHEET = "选项"
_INLINE_LIST_LIMIT = 255  # Excel's limit for a list inside the rule
_PAPER = {"A3": 8, "A4": 9}
_LONG_SHEET = "长文全文"
_LONG_COLUMNS = (Column("sheet", "所在表", 16), Column("column", "栏目", 14), Column("text", "全文", 130, align="left"))
_LONG_NOTE = f"注：标※的行有文字超过一行所能打印的高度，全文另见“{_LONG_SHEET}”表。"
_OPTIONS = {
    # Widths count digits of this font: Arial, or a font of the same metrics, is on every desktop. Where the usual
    # Calibri is missing, columns are a third wider, and the page is printed a third smaller.
    "default_format_properties": {"font_name": "Arial", "font_size": 10},
    "default_row_height": 17,
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,
}
# Without a fixed time of creation two exports of the same rows would differ in bytes.
# The foot is set in 12 pt, widths of columns count digits of 10 pt.
_FOOT_SCALE = 1.2
_CREATED = datetime(2000, 1, 1)

Row = Sequence[Any]


@dataclass(frozen=True)
class SheetSpec:
    """One sheet. Rows follow ``columns``; 序号 is written by the writer, in front.

    ``as_of`` prints 截至…; ``missing`` stands for None (blank in ledgers, "—" in statistics); ``totals`` gives values
    of 合计 that are not sums, by column key (a rate is not the sum of rates). With ``own_numbers`` each row begins with
    the 序号 it has; else the writer counts. Identity numbers and phones in texts are masked unless ``unmasked``.
    """

    title: str
    columns: tuple[Column, ...]
    left_note: str = ""
    right_note: str = ""
    as_of: date | None = None
    foot: tuple[str, ...] = DEFAULT_FOOT
    missing: str = ""
    sheet_name: str = ""
    totals: Mapping[str, Any] = field(default_factory=dict)
    own_numbers: bool = False
    unmasked: bool = False


def write_workbook(target: str | PathLike | IO[bytes], sheets: Iterable[tuple[SheetSpec, Iterable[Row]]]) -> int:
    """Write all sheets, in order, and return the number of rows. Nothing is written to ``target`` when a row source
    fails.

    ValueError when a row has another length than the columns, or there is no sheet.
    """
    # XlsxWriter keeps rows on disk and leaves them there after an error: its files are put in a temporary folder.
    with tempfile.TemporaryDirectory(prefix="xlsx-") as folder:
        # A copy, because the library writes into what it is given: the second workbook would differ from the first.
        book = xlsxwriter.Workbook(target, {**deepcopy(_OPTIONS), "tmpdir": folder})
        try:
            writer = _BookWriter(book)
            total = sum(writer.add_sheet(spec, rows) for spec, rows in sheets)
            writer.finish()
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet._opt_close()
    return total


def filename(day: date, region_name: str, what: str, extension: str = "xlsx") -> str:
    """``20220620_青禾县_问题整改台账.xlsx``, with no character that a file system or a header refuses and no
    number of a person."""
    parts = (f"{day:%Y%m%d}", _safe_name(region_name), _safe_name(what))
    return "_".join(part for part in parts if part) + "." + extension


def _safe_name(text: str) -> str:
    text = re.sub(r'[\\/:*?"<>|\s]+', "_", mask(safe_text(text)).replace("\ufffd", ""))
    return "".join(char for char in text if char.isprintable()).strip("._ ")[:60]


class _BookWriter:
    """Sheets of one workbook, one of texts too long to be printed in their row, and the hidden sheet of validation
    lists that are too long for a rule."""

    def __init__(self, book: xlsxwriter.Workbook):
        self.book = book
        self.styles = Styles(book)
        self._names: set[str] = {_OPTIONS_SHEET, "history"}
        self._long_lists: dict[tuple[str, ...], int] = {}
        self.long_texts: list[tuple[int, str, str, str]] = []

    def add_sheet(self, spec: SheetSpec, rows: Iterable[Row]) -> int:
        if not self._names - {_OPTIONS_SHEET, "history"}:
            self.book.set_properties({"title": mask(safe_text(spec.title)), "created": _CREATED})
        sheet = self.book.add_worksheet(self._sheet_name(mask(spec.sheet_name or spec.title)), PlainWorksheet)
        return _SheetWriter(sheet, self, spec).write(rows)

    def finish(self) -> None:
        if not self.book.worksheets():
            raise ValueError("工作簿至少要有一个工作表。")
        if self.long_texts:
            spec = SheetSpec(title=_LONG_SHEET, columns=_LONG_COLUMNS, foot=(), own_numbers=True)
            self.add_sheet(spec, self._parts())
        if not self._long_lists:
            return
        sheet = self.book.add_worksheet(_OPTIONS_SHEET, PlainWorksheet)
        for row in range(max(map(len, self._long_lists))):
            for choices, col in self._long_lists.items():
                if row < len(choices):
                    self.styles.write_text(sheet, row, col, choices[row], "option")
        sheet.hide()

    def _parts(self) -> Iterator[Row]:
        for number, sheet, column, text in self.long_texts:
            for place, part in enumerate(in_parts(text, capacity_of(_LONG_COLUMNS[-1]))):
                yield (number, sheet, f"{column}（续）" if place else column, part)

    def list_source(self, choices: tuple[str, ...]) -> list[str] | str:
        """The source of a validation list: the values themselves, or their range on the hidden sheet."""
        values = [safe_text(choice) for choice in choices]
        fits = len(",".join(values).encode("utf-16-le")) // 2 <= _INLINE_LIST_LIMIT
        if fits and not any(mark in value for value in values for mark in ',"\n') and not values[0].startswith("="):
            return values
        col = self._long_lists.setdefault(tuple(choices), len(self._long_lists))
        return f"='{_OPTIONS_SHEET}'!" + xlsxwriter.utility.xl_range_abs(0, col, len(choices) - 1, col)

    def _sheet_name(self, text: str) -> str:
        base = re.sub(r"[\[\]:*?/\\]", "", safe_text(text)).strip("' \n\t") or "表"
        name, number = base[:31], 1
        while name.lower() in self._names:
            number += 1
            name = f"{base[:26]}({number})"
        self._names.add(name.lower())
        return name


class _SheetWriter:
    """Writes one sheet from top to bottom: in constant memory a finished row cannot be changed."""

    def __init__(self, sheet: PlainWorksheet, book: _BookWriter, spec: SheetSpec):
        self.sheet, self.book, self.spec, self.styles = sheet, book, spec, book.styles
        self.columns = (_SERIAL, *spec.columns)
        # Title, notes and foot end where the paper does.
        beside = [index for index, column in enumerate(self.columns) if not column.on_paper]
        self.last_col = (beside[0] if beside else len(self.columns)) - 1
        self.row = 0
        self.height = 0.0
        self.is_marked = False
        for index, column in enumerate(self.columns):
            sheet.set_column(index, index, column.width, None, {"hidden": column.hidden})
        self.writers = [
            ColumnWriter(sheet, self.styles, index, column, spec.missing, unmasked=spec.unmasked)
            for index, column in enumerate(self.columns)
        ]

    def write(self, rows: Iterable[Row]) -> int:
        self._title()
        self._notes()
        header_row, above = self.row, self.height
        self._header()
        first_row, head = self.row, self.height - above
        self._rows(rows)
        count = self.row - first_row
        if count:
            self._lists(first_row, self.row - 1)
        self.sheet.autofilter(first_row - 1, 0, max(self.row - 1, first_row - 1), len(self.columns) - 1)
        if count and any(column.total for column in self.columns):
            self._total(first_row, self.row - 1)
        self._foot()
        self._page(header_row, first_row, count, head)
        return count

    def _set_height(self, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.height += height

    def _line(self, cells: Mapping[int, str], role: Role | Literal["note"], height: float) -> None:
        """One line of merged blocks: column where a block begins → its text."""
        starts = sorted(cells)
        self._set_height(height)
        for start, end in zip(starts, [*starts[1:], self.last_col + 1], strict=True):
            side: Role = ("note_right" if start else "note_left") if role == "note" else role
            self.styles.write_text(self.sheet, self.row, start, cells[start], side)
            for col in range(start + 1, end):
                self.sheet.write_blank(self.row, col, None, self.styles.get(side))
            self.sheet.mark_merged(self.row, start, self.row, end - 1)
        self.row += 1

    def _title(self) -> None:
        # A 20 pt character is as wide as 3.8 half-width characters of the body.
        lines = line_count(self.spec.title, self._total_width() / 1.95)
        self._line({0: self.spec.title}, "title", 30 * lines + 6)
        if self.spec.as_of:
            day = self.spec.as_of
            self._line({0: f"截至{day.year}年{day.month}月{day.day}日"}, "as_of", 20)

    def _notes(self) -> None:
        left, right = self.spec.left_note, self.spec.right_note
        if not (left or right):
            return
        share = (text_width(left) + 1) / (text_width(left) + text_width(right) + 2)
        self._line({0: left, self._column_at(share): right} if right else {0: left}, "note", 22)

    def _header(self) -> None:
        grouped = any(column.group for column in self.columns)
        lines = max(line_count(one.header, one.width - 1.5) for one in self.columns if not one.hidden)
        if grouped:
            self._set_height(MIN_ROW_HEIGHT)
            for group, members in groupby(enumerate(self.columns), key=lambda pair: pair[1].group):
                self._header_top(group, [index for index, _ in members])
            self.row += 1
        self._set_height(max(30, row_height(lines)))
        for index, column in enumerate(self.columns):
            if grouped and not column.group:
                self.sheet.write_blank(self.row, index, None, self.styles.get("header"))
            else:
                self.styles.write_text(self.sheet, self.row, index, column.header, "header")
        self.row += 1

    def _header_top(self, group: str | None, indexes: list[int]) -> None:
        for index in indexes:
            if group is None:
                self.styles.write_text(self.sheet, self.row, index, self.columns[index].header, "header")
                self.sheet.mark_merged(self.row, index, self.row + 1, index)
            elif index == indexes[0]:
                self.styles.write_text(self.sheet, self.row, index, group, "header")
            else:
                self.sheet.write_blank(self.row, index, None, self.styles.get("header"))
        if group is not None:
            self.sheet.mark_merged(self.row, indexes[0], self.row, indexes[-1])

    def _rows(self, rows: Iterable[Row]) -> None:
        serial_writer, *writers = self.writers
        for number, values in enumerate(rows, 1):
            if self.spec.own_numbers:
                number, *values = values
            # The height comes after the values are known and still before the row is written to disk.
            serial_writer.write(self.row, number)
            lines = 1
            for writer, value in zip(writers, values, strict=True):
                taken = writer.write(self.row, value)
                if is_too_long(taken):
                    self._note_long(number, writer.column, value)
                lines = max(lines, taken)
            self._set_height(row_height(lines))
            self.row += 1

    def _note_long(self, number: int, column: Column, value: Any) -> None:
        """The cell keeps the whole text; what its row cannot show on paper is printed on a sheet of its own."""
        self.is_marked = True
        self.book.long_texts.append((number, self.sheet.get_name(), column.header, safe_text(value)))
        self.sheet.write_number(self.row, 0, number, self.styles.get("body", kind="marked", align="center"))

    def _lists(self, first_row: int, last_row: int) -> None:
        for index, column in enumerate(self.columns):
            if column.choices:
                rule = {
                    "validate": "list",
                    "source": self.book.list_source(column.choices),
                    "error_title": "请从列表中选择",
                    "error_message": f"“{column.header[:40]}”只能填写列表中的内容。",
                }
                self.sheet.data_validation(first_row, index, last_row, index, rule)
        texts = [index for index, column in enumerate(self.columns) if column.kind in ("text", "code")]
        ranges = (xlsxwriter.utility.xl_range(first_row, index, last_row, index) for index in texts)
        self.sheet.ignore_errors({"number_stored_as_text": " ".join(ranges)})

    def _total(self, first_row: int, last_row: int) -> None:
        label_end = next(index for index, column in enumerate(self.columns) if column.total) - 1
        self._set_height(MIN_ROW_HEIGHT)
        self.styles.write_text(self.sheet, self.row, 0, "合计", "total", align="center")
        for index, (writer, column) in enumerate(zip(self.writers, self.columns, strict=True)):
            if column.total:
                writer.write_total(self.row, first_row, last_row)
            elif column.key in self.spec.totals:
                writer.write(self.row, self.spec.totals[column.key], "total")
            elif index:
                self.sheet.write_blank(self.row, index, None, self.styles.get("total"))
        self.sheet.mark_merged(self.row, 0, self.row, label_end)
        self.row += 1

    def _foot(self) -> None:
        if self.is_marked:
            self._line({0: _LONG_NOTE}, "note", 22)
        if not self.spec.foot:
            return
        self._set_height(32)
        places: dict[int, str] = {}
        for index, label in enumerate(self.spec.foot):
            col = self._column_at(index / len(self.spec.foot), inner=False)
            if places and (free := self._column_after(*list(places.items())[-1])) != 0:
                col = max(col, free)
            elif places:
                col = list(places)[-1]
            places[col] = f"{places[col]}        {label}" if col in places else label
        for col, text in places.items():
            self.styles.write_text(self.sheet, self.row, col, text, "foot")
        self.row += 1

    def _page(self, header_row: int, first_row: int, count: int, head: float) -> None:
        paper = paper_for(self.columns)
        pages, kept = last_page(self.columns, paper, height=self.height, head=head)
        if 0 < kept < count:
            self.sheet.set_h_pagebreaks([first_row + count - kept])
        self.sheet.freeze_panes(first_row, 0)
        self.sheet.repeat_rows(header_row, first_row - 1)
        if self.last_col < len(self.columns) - 1:
            self.sheet.print_area(0, 0, self.row - 1, self.last_col)
        self.sheet.set_landscape()
        self.sheet.set_paper(_PAPER[paper])
        self.sheet.fit_to_pages(1, pages)
        self.sheet.set_margins(**MARGINS)
        self.sheet.center_horizontally()
        self.sheet.set_footer("&C&11第&P页 共&N页", {"margin": 0.35})

    def _column_after(self, col: int, text: str) -> int:
        """The first column that a text of the foot beginning in ``col`` leaves free; 0 when there is none."""
        edges = [0.0, *accumulate(column.printed_width for column in self.columns)][:-1]
        needed = edges[col] + text_width(text) * _FOOT_SCALE
        return next((index for index, edge in enumerate(edges) if edge >= needed), 0)

    def _total_width(self) -> float:
        return sum(column.printed_width for column in self.columns)

    def _column_at(self, share: float, *, inner: bool = True) -> int:
        """The column whose left edge is nearest to that share of the width; never the first one when ``inner``."""
        edges = [0.0, *accumulate(column.printed_width for column in self.columns)][:-1]
        goal = share * self._total_width()
        candidates = range(1 if inner else 0, len(edges))
        return min(candidates, key=lambda index: abs(edges[index] - goal))
