"""Tables that people made: read with tolerance, every fault reported by row and column.

``.xlsx`` and ``.csv`` (UTF-8 with or without BOM, GB18030), distinguished by content. Title rows above the header and
合计, blank and signature rows below it are skipped; columns may stand in any order; a header may take two rows.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from core.exceptions import Refused
from core.oserrors import why
from core.text import clean, normalize_text

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_ENTRIES = 200
MAX_ROWS, MAX_COLUMNS = 20_000, 100
HEADER_MARK = "序号"
ACCEPTED = "可以接受的文件：.xlsx，或 UTF-8、GB18030 编码的 .csv；不超过 10 MB、20000 行、100 列。"
TOTALS = {"合计", "总计", "小计", "共计"}
YES, NO = {"是", "y", "yes", "true", "1", "√", "✓", "有"}, {"", "否", "n", "no", "false", "0", "×", "无", "-", "—"}
_FOOT = re.compile(r"(填报人|审核人|填表人|单位主要负责人|联系电话|备注|注|说明)[^:]{0,8}:")
_UNWANTED = re.compile(r"(^|/)(externalLinks/|vbaProject)", re.IGNORECASE)
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*(?<!/)>')
_NAMES = re.compile(r"[、，,\n;；]")


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


@dataclass
class Row:
    """One line of a table. Its methods return the value of a cell, or note an error and return None."""

    number: int
    cells: dict[str, object]
    errors: list[CellError] = field(default_factory=list)

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

    def whole(self, column: str, *, most: int = 32767) -> int | None:
        """A whole number from 0 to ``most``; None for an empty cell."""
        value = normalize_text(as_text(self.cells.get(column)))
        if value in ("", "-", "—"):
            return None
        if not value.isdecimal() or int(value[:10]) > most:
            self.refuse(column, f"应为 0 至 {most} 之间的整数")
            return None
        return int(value)

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
        found = {_folded(word): key for word, key in words.items()}.get(_folded(value))
        if found is None:
            self.refuse(column, f"应为：{'、'.join(choices.values())}")
        return found

    def refuse(self, column: str, message: str) -> None:
        """Note an error of one cell."""
        self.errors.append(CellError(self.number, column, as_text(self.cells.get(column)), message))


class SheetTable(list[Row]):
    """The rows of the sheet that was read; ``unread``: the file's other sheets that hold anything, by name."""

    def __init__(self, rows: Iterable[Row], unread: Iterable[str] = ()):
        super().__init__(rows)
        self.unread = tuple(unread)


def as_text(value: object) -> str:
    """A cell as text, cleaned and stripped: 1.0 → 1, a date → 2022-06-08."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else clean(str(value)).strip()


def split_names(text: str) -> list[str]:
    """Several names in one cell, separated by 、，, ； or a line break; each once, in order."""
    return list(dict.fromkeys(part.strip() for part in _NAMES.split(text) if part.strip()))


def read_table(
    path: Path, columns: Sequence[str], *, required: Sequence[str] = (), aliases: Mapping[str, str] | None = None
) -> SheetTable:
    """The rows below the header, cells by the names in ``columns`` (``aliases``: other name → name).

    Unknown columns keep their own name. Raises Refused in words, saying what is accepted, when the file is not such a
    table or one of the ``required`` columns is missing.
    """
    sheets = _sheets(path)
    known = {_folded(own): own for own in columns} | {_folded(other): own for other, own in (aliases or {}).items()}
    for chosen, (_, lines) in enumerate(sheets):
        for place, line in enumerate(lines):
            if HEADER_MARK in {_folded(value) for value in line}:
                second = _second_row(line, lines[place + 1 : place + 2], known)
                named = _header(line, second, known, path.name)
                _require(required, named, columns, path.name)
                start = place + 1 + bool(second)
                others = [title for n, (title, cells) in enumerate(sheets) if n != chosen and _holds_anything(cells)]
                return SheetTable(_rows(enumerate(lines[start:], start=start + 1), named), others)
    raise Refused(
        f"{path.name} 中没有找到表头：表头行应含“{HEADER_MARK}”一列。"
        "可导入 xlsx 或 csv（UTF-8、GB18030）表格，未写入任何内容。",
        rule="table.header",
    )


def _second_row(line: Sequence, below: Sequence[Sequence], known: Mapping[str, str]) -> Sequence:
    """The row below when it continues the header: nothing under 序号, a column's name somewhere. Else nothing."""
    mark = next(place for place, value in enumerate(line) if _folded(value) == HEADER_MARK)
    for row in below:
        if not _folded(row[mark] if mark < len(row) else None) and any(_folded(value) in known for value in row):
            return row
    return ()


def _holds_anything(lines: Iterable[Sequence]) -> bool:
    return any(as_text(value) for line in lines for value in line)


def _header(line: Sequence, second: Sequence, known: Mapping[str, str], name: str) -> dict[int, str]:
    """{place: column}. Where both rows of a header name a column, the known name is taken, else the lower one."""
    named: dict[int, str] = {}
    for place, pair in enumerate(zip_longest(line, second)):
        words = [value for value in reversed(pair) if as_text(value)]
        value = next((one for one in words if _folded(one) in known), words[0] if words else None)
        column = known.get(_folded(value), as_text(value))
        if column in named.values():
            raise Refused(f"{name} 的表头中“{column}”出现了两次，请删去一列。", rule="table.header")
        if column:
            named[place] = column
    return named


def _require(required: Sequence[str], named: dict[int, str], columns: Sequence[str], name: str) -> None:
    missing = "”“".join(column for column in required if column not in named.values())
    if missing:
        raise Refused(f"{name} 缺少“{missing}”一列；应有的列：{'、'.join(columns)}。", rule="table.header")


def _rows(lines: Iterable[tuple[int, Sequence]], named: dict[int, str]) -> list[Row]:
    rows = []
    for number, line in lines:
        if not _is_beside_the_table(line):
            cells = {column: line[place] if place < len(line) else None for place, column in named.items()}
            rows.append(Row(number, cells))
    return rows


def _is_beside_the_table(line: Sequence) -> bool:
    """True for blank, 合计 and signature rows."""
    words = [normalize_text(as_text(value)) for value in line]
    filled = [word for word in words if word]
    is_total = any(word.replace(" ", "") in TOTALS for word in filled)
    return not filled or is_total or bool(_FOOT.match(filled[0]))


def _folded(value: object) -> str:
    return re.sub(r"[\s*]", "", normalize_text(as_text(value)))


def _sheets(path: Path) -> list[tuple[str, Sequence[Sequence]]]:
    """[(name, lines)]; the one sheet of a csv has no name."""
    data = _bytes(path)
    if data.startswith(b"PK"):
        return _xlsx(data, path.name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(f"{path.name} 是旧版 .xls 或加密的文件，请另存为 .xlsx 再导入。{ACCEPTED}", rule="table.format")
    return [("", _csv(data, path.name))]


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused(f"无法读取文件 {path}：{why(error)}。", rule="table.file") from error
    if len(data) > MAX_BYTES:
        raise Refused(f"{path.name} 超过 10 MB。{ACCEPTED}", rule="table.size")
    return data


def _csv(data: bytes, name: str) -> list[Sequence]:
    # A NUL stands in every picture and in no text. Text named .xlsx is read as csv only when it has a header row.
    if b"\0" in data or (name.lower().endswith(".xlsx") and HEADER_MARK not in _decoded(data, name)):
        raise Refused(f"{name} 不是表格文件。{ACCEPTED}", rule="table.format")
    try:
        lines: list[Sequence] = list(csv.reader(io.StringIO(_decoded(data, name), newline="")))
    except csv.Error as error:
        raise Refused(f"{name} 不是完整的 csv 表格。{ACCEPTED}", rule="table.format") from error
    _check_extent(len(lines), max(map(len, lines), default=0), name)
    return lines


def _decoded(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    if name.lower().endswith(".csv"):
        raise Refused(f"{name} 的编码无法识别。{ACCEPTED}", rule="table.encoding")
    raise Refused(f"{name} 不是表格文件。{ACCEPTED}", rule="table.format")


def _xlsx(data: bytes, name: str) -> list[tuple[str, Sequence[Sequence]]]:
    try:
        _check_package(data, name)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            return [(sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)) for sheet in names]
    except (zipfile.BadZipFile, CalamineError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused(f"{name} 已损坏、加密或不是 Excel 表格。{ACCEPTED}", rule="table.format") from error


def _check_package(data: bytes, name: str) -> None:
    """Refuse a file that would take too much to open, before it is parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entries = package.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise Refused(f"{name} 解压后过大。{ACCEPTED}", rule="table.size")
        if any(_UNWANTED.search(entry.filename) for entry in entries):
            raise Refused(f"{name} 含宏或外部链接，请另存为不含宏的 .xlsx 再导入。", rule="table.format")
        for entry in entries:
            content = package.read(entry)  # fails when more or other bytes come out than the directory says
            if entry.filename.startswith("xl/worksheets/"):
                rows = columns = 0
                for letters, digits in _CELL.findall(content):
                    rows, columns = max(rows, int(digits)), max(columns, _column_number(letters))
                _check_extent(rows, columns, name)


def _check_extent(rows: int, columns: int, name: str) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise Refused(f"{name} 有 {rows} 行 {columns} 列，超过上限。{ACCEPTED}", rule="table.size")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
