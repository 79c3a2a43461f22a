"""The one place where a table from outside is opened: a short-lived child process with hard limits.

Run as ``python -m core.table_reader JOB`` where JOB is a JSON object: ``path``, ``name`` (of the file, for its ending),
``max_unpacked``, ``max_entries``, ``max_rows``, ``max_columns``, ``max_cells``, ``max_cell`` (characters), ``mark``
(the heading a table has), and what ``core.limits`` asks for. Prints JSON lines: for each sheet ``{"sheet", "visible",
"merged", "hidden", "hidden_columns"}``, then one list of cells for each of its rows; last ``{"end": true}``. Instead of
any of them
``{"error": code, ...}`` with a code of ``core.tabular.sheets.FAULTS``. Cells are text, numbers, true, false, null,
``["day", ISO text]``, ``["error", "#N/A"]`` or ``["formula"]`` (a formula without a stored result).
Imports neither Django nor anything of the project but ``core.limits``.
"""

import codecs
import csv
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from posixpath import join, normpath
from xml.etree import ElementTree
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from core.limits import answer, limit_process

DAMAGED = (
    zipfile.BadZipFile, zlib.error, CalamineError, ElementTree.ParseError, RuntimeError, EOFError, ValueError,
    LookupError,
)  # fmt: skip
NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
Z_MEM_ERROR = -4
UNWANTED = re.compile(r"(^|/)(externalLinks/|vbaProject)", re.IGNORECASE)
HAN = re.compile("[\u4e00-\u9fff]")
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class UnusableTable(Exception):
    """The table is refused; ``args[0]`` is the code, ``told`` what the message names."""

    def __init__(self, code: str, **told: int):
        super().__init__(code)
        self.told = told


@dataclass
class SheetMarks:
    """What the XML of a sheet says beside the values: places count from 0, rows of ``hidden`` from 1;
    ``hidden_columns`` are ranges of places, the last one included."""

    rows: int = 0
    columns: int = 0
    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[list[int]] = field(default_factory=list)
    cells: dict[tuple[int, int], list[str]] = field(default_factory=dict)


def read(job: dict) -> Iterator[object]:
    """What is printed, line by line."""
    with open(job["path"], "rb") as file:
        data = file.read()
    if data.startswith(b"PK"):
        sheets = read_workbook(data, job)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnusableTable("old")
    else:
        sheets = iter(
            [({"sheet": "", "visible": True, "merged": [], "hidden": [], "hidden_columns": []}, read_csv(data, job))]
        )
    cells = 0
    for head, lines in sheets:
        yield head
        rows = 0
        for line in lines:
            short = trimmed(line)
            cells, rows = cells + max(1, len(short)), rows + 1
            check_extent(rows, len(short), job)
            if cells > job["max_cells"]:
                raise UnusableTable("cells")
            if any(isinstance(value, str) and len(value) > job["max_cell"] for value in short):
                raise UnusableTable("cell")
            yield short
    yield {"end": True}


def trimmed(line: list) -> list:
    """The cells of a row without the empty ones at its end."""
    length = len(line)
    while length and line[length - 1] in ("", None):
        length -= 1
    return line[:length]


def check_extent(rows: int, columns: int, job: dict) -> None:
    if rows > job["max_rows"] or columns > job["max_columns"]:
        raise UnusableTable("extent", rows=rows, columns=columns)


def read_csv(data: bytes, job: dict) -> list[list]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnusableTable("encoding")
    # A NUL stands in every picture and in no text. Text named .xlsx is read as csv only when it has a header row.
    if b"\0" in data:
        raise UnusableTable("no_table")
    text = decoded(data, job["name"])
    if job["name"].lower().endswith(".xlsx") and job["mark"] not in text:
        raise UnusableTable("no_table")
    lines = []
    try:
        # Strict: a quote that is never closed would take all rows below it into one cell.
        for line in csv.reader(io.StringIO(text, newline=""), strict=True):
            lines.append(line)
            if len(lines) > job["max_rows"] or len(line) > job["max_columns"]:
                check_extent(len(lines), len(line), job)
    except csv.Error as error:
        raise UnusableTable("csv") from error
    return lines


def decoded(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            if is_begun_in_utf8(data):
                break
    raise UnusableTable("encoding" if name.lower().endswith(".csv") else "no_table")


def is_begun_in_utf8(data: bytes) -> bool:
    """Whether the first line is Chinese in UTF-8: in GB18030 the whole would be read as other words."""
    try:
        return len(HAN.findall(data.split(b"\n", 1)[0].decode("utf-8-sig"))) > 1
    except UnicodeDecodeError:
        return False


def read_workbook(data: bytes, job: dict) -> Iterator[tuple[dict, Iterable[list]]]:
    """For each worksheet its head and its rows. Raises UnusableTable before anything that costs much is done."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        check_package(package, job)
        parts = sheet_parts(package)
        marks = {name: read_marks(package, part, job) for name, part in parts.items()}
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet, found = book.get_sheet_by_name(about.name), marks.get(about.name, SheetMarks())
            yield (
                {
                    "sheet": about.name,
                    "visible": about.visible == SheetVisibleEnum.Visible,
                    "merged": tall_merges(sheet.merged_cell_ranges or [], job),
                    "hidden": found.hidden,
                    "hidden_columns": found.hidden_columns,
                },
                with_marks(sheet.to_python(skip_empty_area=False), found),
            )


def check_package(package: zipfile.ZipFile, job: dict) -> None:
    entries = package.infolist()
    if len(entries) > job["max_entries"] or sum(entry.file_size for entry in entries) > job["max_unpacked"]:
        raise UnusableTable("unpacked")
    if any(UNWANTED.search(entry.filename) for entry in entries):
        raise UnusableTable("macro")
    for entry in entries:
        with package.open(entry) as content:  # fails when more or other bytes come out than the directory says
            while content.read(1 << 16):
                pass


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """{name of a sheet: its part of the package}, as the workbook says; what it does not say is left out."""
    names = {name.casefold(): name for name in package.namelist()}
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(names):
        return {}
    links = {
        link.get("Id"): link.get("Target", "")
        for link in ElementTree.fromstring(package.read(names["xl/_rels/workbook.xml.rels"]))
    }
    parts = {}
    for node in ElementTree.fromstring(package.read(names["xl/workbook.xml"])).iter():
        if local(node.tag) == "sheet":
            link = next((value for key, value in node.items() if key.endswith("}id")), None)
            target = links.get(link, "")
            place = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            if place.casefold() in names:
                parts[node.get("name", "")] = names[place.casefold()]
    return parts


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def read_marks(package: zipfile.ZipFile, part: str, job: dict) -> SheetMarks:
    """Hidden rows and columns, error cells, formulas without a result; UnusableTable when the sheet is too large.

    A formatted cell without content does not count.
    """
    marks, row, column = SheetMarks(), 0, 0
    with package.open(part) as content:
        for event, node in ElementTree.iterparse(content, events=("start", "end")):
            name = local(node.tag)
            if event == "start":
                if name == "row":
                    row, column = min(int(node.get("r") or row + 1), 9_999_999), 0
                    if node.get("hidden") in ("1", "true"):
                        marks.hidden.append(row)
                elif name == "col" and node.get("hidden") in ("1", "true"):
                    note_hidden_columns(node, marks, job)
            elif name == "c":
                row, column = place_of(node, row, column)
                note_cell(node, row, column, marks, job)
            if event == "end" and name in ("row", "c"):
                node.clear()
    marks.hidden = sorted({number for number in marks.hidden if number <= marks.rows})
    return marks


def place_of(node: ElementTree.Element, row: int, column: int) -> tuple[int, int]:
    """(row, column) of a cell from 1; one that does not say stands behind the last one."""
    at = REFERENCE.fullmatch(node.get("r") or "")
    return (int(at[2]), column_number(at[1])) if at else (row, column + 1)


def note_hidden_columns(node: ElementTree.Element, marks: SheetMarks, job: dict) -> None:
    first, last = int(node.get("min") or 0), int(node.get("max") or 0)
    # A file may hide every column to the right of its table, one by one.
    if 0 < first <= last and first <= job["max_columns"] and len(marks.hidden_columns) < job["max_columns"]:
        marks.hidden_columns.append([first - 1, min(last, job["max_columns"]) - 1])


def note_cell(node: ElementTree.Element, row: int, column: int, marks: SheetMarks, job: dict) -> None:
    inner = {local(child.tag): child.text or "" for child in node}
    if not {"v", "f", "is"} & set(inner):
        return
    marks.rows, marks.columns = max(marks.rows, row), max(marks.columns, column)
    check_extent(marks.rows, marks.columns, job)
    if node.get("t") == "e":
        marks.cells[row - 1, column - 1] = ["error", inner.get("v", "")[:20]]
    elif "f" in inner and not inner.get("v") and node.get("t") != "str":
        marks.cells[row - 1, column - 1] = ["formula"]


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def tall_merges(ranges: Iterable[tuple], job: dict) -> list[list[int]]:
    """[first row, last row, column] of merges over several rows; of two that overlap the first stays."""
    found: list[list[int]] = []
    ends: dict[int, int] = {}
    for (top, left), (bottom, _) in sorted(ranges):
        if bottom > top > ends.get(left, -1) and left < job["max_columns"] and top < job["max_rows"]:
            found.append([top, bottom, left])
            ends[left] = bottom
    if len(found) > job["max_rows"]:
        raise UnusableTable("cells")
    return found


def with_marks(lines: list[list], marks: SheetMarks) -> Iterator[list]:
    for number, line in enumerate(lines):
        yield [marks.cells.get((number, place)) or plain(value) for place, value in enumerate(line)]


def plain(value: object) -> object:
    """A cell as JSON can hold it."""
    if isinstance(value, date | datetime):
        return ["day", value.isoformat()]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def run(job: dict) -> Iterator[object]:
    """Read the table. Nothing raised by a file leaves this function."""
    try:
        yield from read(job)
        return
    except UnusableTable as refusal:
        fault = {"error": refusal.args[0], **refusal.told}
    except MemoryError:
        fault = {"error": "memory"}
    except DAMAGED as error:
        fault = {"error": "memory" if is_out_of_memory(error) else "damaged"}
    # Told here and not above: until its clause ends an exception keeps everything that was read.
    yield fault


def is_out_of_memory(fault: Exception) -> bool:
    """Whether a library written in C says in its own way that it got no memory."""
    if isinstance(fault, ElementTree.ParseError):
        return fault.code == NO_MEMORY
    return isinstance(fault, zlib.error) and str(fault).startswith(f"Error {Z_MEM_ERROR} ")


def written(lines: Iterable[object], most: int) -> Iterator[bytes]:
    """The lines as JSON; more bytes than ``most`` are an error of the table."""
    left = most - 4096
    for line in lines:
        text = json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        left -= len(text)
        if left < 0:
            text = b'{"error": "cells"}\n'
        yield text
        if left < 0:
            return


if __name__ == "__main__":
    job = json.loads(sys.argv[1])
    limit_process(job)
    answer(written(run(job), job["output_bytes"]))
