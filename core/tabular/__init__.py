"""Tables that people made: read with tolerance, every fault reported by row and column.

``.xlsx`` and ``.csv`` (UTF-8 with or without BOM, GB18030), distinguished by content. Title rows above the headings,
合计, blank and signature rows below them are passed over and named; columns may stand in any order; headings may take
two rows and come again. ``sheets`` opens the file in a child process, ``layout`` finds the table, ``cells`` reads
values.
"""

from dataclasses import replace
from pathlib import Path

from core.exceptions import Refused
from core.tabular.cells import (
    COUNTED,
    NO,
    WORKDAYS,
    YES,
    CellError,
    NoValue,
    Row,
    as_text,
    read_day,
    read_whole,
    split_names,
    word_key,
)
from core.tabular.layout import Shape, find_head, read_body
from core.tabular.sheets import ACCEPTED, HEADER_MARK, MAX_BYTES, MAX_COLUMNS, MAX_ROWS, read_sheets

__all__ = [
    "ACCEPTED",
    "COUNTED",
    "HEADER_MARK",
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "NO",
    "WORKDAYS",
    "YES",
    "CellError",
    "NoValue",
    "Row",
    "Shape",
    "SheetTable",
    "as_text",
    "read_day",
    "read_table",
    "read_whole",
    "split_names",
    "word_key",
]  # fmt: skip


class SheetTable(list[Row]):
    """The rows of the sheet that was read; ``file``: its name; ``notes``: what was passed over or read otherwise than
    the file may have meant, in sentences."""

    def __init__(self, rows: list[Row], file: str, notes: list[str]):
        super().__init__(rows)
        self.file, self.notes = file, notes

    def copied(self) -> list[Row]:
        """The rows anew, with the faults of reading alone: a table may be staged twice."""
        return [replace(row, errors=list(row.errors)) for row in self]


def read_table(path: Path, shape: Shape) -> SheetTable:
    """The rows below the headings, cells by the names in ``shape``; unknown columns keep their own name.

    Raises Refused in words, saying what is accepted, when the file is not such a table or a required column is missing.
    A cell without a value (#N/A, a formula without its result) is an error of its row. Must not be called inside a
    transaction: the file is opened by a child process.
    """
    sheets = read_sheets(path)
    for sheet in sorted(sheets, key=lambda sheet: not sheet.is_visible):
        found = find_head(sheet.lines, shape, path.name)
        if found is None:
            continue
        body = read_body(sheet, *found, shape, path.name)
        unread = [other.name for other in sheets if other is not sheet and other.holds_anything()]
        notes = [f"只读取了一张工作表，没有读取：{'、'.join(unread)}。"] if unread else []
        if not sheet.is_visible:
            notes.append(f"读取的工作表“{sheet.name}”在文件中是隐藏的，请核对。")
        return SheetTable(body.rows, path.name, [*notes, *body.notes()])
    raise Refused(
        f"{path.name} 中没有找到表头：表头行应含“{HEADER_MARK}”一列。"
        "可导入 xlsx 或 csv（UTF-8、GB18030）表格，未写入任何内容。",
        rule="table.header",
    )
