"""The one place where an Excel form from outside is opened: a short-lived child process with hard limits.

Run as ``python -m core.xlsx_filler JOB``; job and answer: ``core.form_child``. ``values``:
``{"texts": {name: text}, "lists": [{"name", "columns": [header], "rows": [[cell]]}]}``; a cell is text, a number, null
or ``["day", ISO text]``.

A form has, on each sheet that is filled, one sample row. Its cells name columns in braces (``{序号}``, ``{发现问题}``);
elsewhere braces name texts (``{标题}``). Heads, widths, merges and print settings stay; what stands below the sample
row moves down.
"""

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.translate import Translator
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

from core import form_child
from core.docx import with_fixed_times
from core.form_package import EXCEL_MAIN, UnusableForm, require_harmless
from core.near_names import nearest
from core.personal_data import mask
from core.xlsx_cells import capacity_for, height_of, is_reread, line_count, safe_text
from core.xlsx_page import in_parts, is_too_long

SERIAL = "序号"
MOST_ROWS, MOST_COLUMNS = 400, 60
DEFAULT_WIDTH = 8.43
_FIELD = re.compile(r"\{([^{}\s]{1,30})\}")
_OUTSIDE = re.compile(r"[\[|]|\b(?:WEBSERVICE|HYPERLINK|IMAGE|RTD|CALL|REGISTER|EXEC)\b", re.IGNORECASE)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


@dataclass(frozen=True)
class Place:
    """One cell of the sample row. ``index``: the column of the list it takes, None for 序号 and for what stays;
    ``words``: its text where it says more than the name (第{序号}项), else "";
    ``capacity``: half-width characters a line holds, its merged neighbours included."""

    column: int
    name: str
    index: int | None
    fixed: object
    words: str
    capacity: float

    def value(self, row: list, number: int) -> object:
        """What stands in the cell for a record; text where the name stands among words."""
        found = number if self.name == SERIAL else self.fixed if self.index is None else row[self.index]
        return _FIELD.sub(lambda match: _text_of(found), self.words) if self.words else found


def filled(template: bytes, values: dict, job: dict) -> tuple[bytes, list[str]]:
    """The filled form and what of the original it does not have. Raises UnusableForm naming a cell."""
    lost = require_harmless(template, main=EXCEL_MAIN, most_bytes=job["most_bytes"], most_parts=job["most_parts"])
    with warnings.catch_warnings():
        # What openpyxl leaves out is named by require_harmless.
        warnings.simplefilter("ignore")
        book = load_workbook(io.BytesIO(template))
    if book.chartsheets:
        raise UnusableForm("placeholder", *(f"“{sheet.title}”是图表工作表" for sheet in book.chartsheets))
    _require_plain(book)
    lost += _drop_rest(book)
    samples = {sheet.title: _sample(sheet, values["lists"]) for sheet in book.worksheets}
    faults = [fault for sheet in book.worksheets for fault in _faults(sheet, values, samples[sheet.title])]
    if faults:
        raise UnusableForm("placeholder", *faults)
    if not any(samples.values()):
        raise UnusableForm("no_mark")
    for sheet in book.worksheets:
        _fill_texts(sheet, values["texts"], samples[sheet.title])
        if found := samples[sheet.title]:
            _fill_rows(sheet, *found)
    return _saved(book), lost


def _require_plain(book: Workbook) -> None:
    """No formulas, and no more cells than a form has."""
    for sheet in book.worksheets:
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
            raise UnusableForm("extent", f"“{sheet.title}”有 {sheet.max_row} 行 {sheet.max_column} 列")
    formulas = [
        f"“{sheet.title}”{cell.coordinate} 的公式"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    formulas += [f"“{sheet.title}”{place}" for sheet in book.worksheets for place in _reaching_out(sheet)]
    if formulas:
        raise UnusableForm("formula", *formulas)


def _reaching_out(sheet: Worksheet) -> Iterator[str]:
    """Conditions and choices whose formula names what is not in the workbook, or a function that fetches or starts
    something; other formulas there are no figures and stay."""
    for one in sheet.conditional_formatting:
        if any(_OUTSIDE.search(formula) for rule in one.rules for formula in rule.formula if formula):
            yield f"{one.sqref} 的条件格式公式"
    for one in sheet.data_validations.dataValidation:
        if any(_OUTSIDE.search(formula) for formula in (one.formula1, one.formula2) if formula):
            yield f"{one.sqref} 的数据验证公式"


def _drop_rest(book: Workbook) -> list[str]:
    """Take out what would otherwise come through in part: pictures, charts, defined names. Returns the names' words."""
    for sheet in book.worksheets:
        sheet._images, sheet._charts = [], []
    names = [f"名称“{name[:30]}”" for name in book.defined_names]
    book.defined_names.clear()
    return names


def _fields(value: object) -> list[str]:
    return _FIELD.findall(value) if isinstance(value, str) else []


def _sample(sheet: Worksheet, lists: Sequence[dict]) -> tuple[dict, int] | None:
    """(the list the sheet takes, number of its sample row): the first row with the most columns of one list, at least
    one of them beside 序号; the list of the sheet's own name before others."""
    best: tuple[int, dict, int] | None = None
    for row in sheet.iter_rows():
        named = {name for cell in row for name in _fields(cell.value)}
        for one in sorted(lists, key=lambda one: one["name"] not in sheet.title):
            count = len(named & set(one["columns"]))
            if count and (best is None or count > best[0]):
                best = count, one, row[0].row
    return best[1:] if best else None


def _faults(sheet: Worksheet, values: dict, sample: tuple[dict, int] | None) -> Iterator[str]:
    """Every name in braces that is neither a column of the sample row nor a text, with its cell."""
    for row in sheet.iter_rows():
        for cell in row:
            listed = sample[0] if sample and cell.row == sample[1] else None
            known = [SERIAL, *listed["columns"]] if listed else list(values["texts"])
            for name in _fields(cell.value):
                if name not in known:
                    what = f"“{listed['name']}”没有这一栏" if listed else "没有这个字段"
                    yield f"“{sheet.title}”{cell.coordinate} 的 {{{name}}}：{what}{nearest(name, known)}"
            if listed and len(_fields(cell.value)) > 1:
                yield f"“{sheet.title}”{cell.coordinate}：样行的一格只能写一个字段"


def _fill_texts(sheet: Worksheet, texts: dict[str, str], sample: tuple[dict, int] | None) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if _fields(cell.value) and not (sample and cell.row == sample[1]):
                _put_text(cell, _FIELD.sub(lambda match: texts[match[1]], cell.value))


def _fill_rows(sheet: Worksheet, listed: dict, sample: int) -> None:
    """One row, or several for a long text, for each record, looking like the sample row."""
    places = _places(sheet, listed, sample)
    lines = [line for number, row in enumerate(listed["rows"], 1) for line in _lines(row, places, number)]
    lines = lines or [{}]
    merges = _move_below(sheet, sample, len(lines) - 1)
    styles = {place.column: copy(sheet.cell(sample, place.column)._style) for place in places}
    aligned = {place.column: _top(sheet.cell(sample, place.column).alignment) for place in places}
    for offset, line in enumerate(lines):
        row = sample + offset
        for first, last in merges:
            sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
        for place in places:
            cell = sheet.cell(row, place.column)
            if isinstance(cell, MergedCell):
                continue
            cell._style = copy(styles[place.column])
            cell.alignment = aligned[place.column]
            _put(cell, line.get(place.column))
        tallest = max((line_count(_text_of(line.get(one.column)), one.capacity) for one in places), default=1)
        sheet.row_dimensions[row].height = height_of(tallest)


def _places(sheet: Worksheet, listed: dict, sample: int) -> list[Place]:
    found = []
    for cell in sheet[sample]:
        [name] = _fields(cell.value) or [""]
        index = listed["columns"].index(name) if name in listed["columns"] else None
        merged = next((one for one in sheet.merged_cells.ranges if cell.coordinate in one), None)
        columns = range(merged.min_col, merged.max_col + 1) if merged else [cell.column]
        width = sum(_width(sheet, column) for column in columns)
        size = (cell.font.sz if cell.font else None) or 11
        words = cell.value if name and cell.value.strip() != f"{{{name}}}" else ""
        fixed = None if name else cell.value
        found.append(Place(cell.column, name, index, fixed, words, capacity_for(width, size)))
    return found


def _width(sheet: Worksheet, column: int) -> float:
    """A group of columns of one width is kept by openpyxl under its first."""
    for known in sheet.column_dimensions.values():
        if known.min and known.min <= column <= (known.max or known.min) and known.width:
            return known.width
    return sheet.column_dimensions[get_column_letter(column)].width or DEFAULT_WIDTH


def _lines(row: list, places: list[Place], number: int) -> Iterator[dict[int, object]]:
    """{column: value} of a record; a text that is higher than a row may be goes on in the next one."""
    parts: dict[int, list] = {}
    for place in places:
        value = place.value(row, number)
        if isinstance(value, str):
            text = mask(safe_text(value))
            long = is_too_long(line_count(text, place.capacity))
            parts[place.column] = list(in_parts(text, place.capacity)) if long else [text]
        else:
            parts[place.column] = [value]
    for part in range(max(map(len, parts.values()))):
        yield {column: texts[part] for column, texts in parts.items() if part < len(texts)}


def _move_below(sheet: Worksheet, sample: int, by: int) -> list[tuple[int, int]]:
    """Move what stands below the sample row; returns the merges of the sample row as (first, last column)."""
    own: list[CellRange] = []
    below: list[CellRange] = []
    for one in list(sheet.merged_cells.ranges):
        if one.max_row < sample:
            continue
        if one.min_row <= sample < one.max_row or one.min_row < sample:
            raise UnusableForm("placeholder", f"“{sheet.title}”{one.coord}：合并单元格跨过样行")
        (own if one.min_row == sample else below).append(CellRange(one.coord))
        sheet.unmerge_cells(one.coord)
    last = sheet.max_row
    if by and last > sample:
        heights = {row: sheet.row_dimensions[row].height for row in range(sample + 1, last + 1)}
        sheet.move_range(f"A{sample + 1}:{get_column_letter(sheet.max_column)}{last}", rows=by)
        for row in range(sample + 1, sample + 1 + by):
            sheet.row_dimensions[row].height = None
        for row, height in heights.items():
            sheet.row_dimensions[row + by].height = height
    for one in below:
        one.shift(row_shift=by)
        sheet.merge_cells(one.coord)
    _grow_areas(sheet, sample, by)
    return [(one.min_col, one.max_col) for one in own]


def _grow_areas(sheet: Worksheet, sample: int, by: int) -> None:
    """What is printed, filtered, chosen from a list or shown by a condition grows with the rows."""
    if sheet.print_area:
        areas = [CellRange(area.rpartition("!")[2].replace("$", "")) for area in str(sheet.print_area).split(",")]
        sheet.print_area = ",".join(_grown(area, sample, by, heads=1).coord for area in areas)
    for rule in sheet.data_validations.dataValidation:
        rule.sqref, is_moved = _grown_together(rule.sqref, sample, by)
        if is_moved:
            rule.formula1, rule.formula2 = _moved(rule.formula1, by), _moved(rule.formula2, by)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _grown(CellRange(sheet.auto_filter.ref), sample, by, heads=1).coord
    conditions = list(sheet.conditional_formatting)
    sheet.conditional_formatting = ConditionalFormattingList()
    for one in conditions:
        area, is_moved = _grown_together(one.sqref, sample, by)
        for rule in one.rules:
            if is_moved:
                rule.formula = [_moved(formula, by) for formula in rule.formula]
            sheet.conditional_formatting.add(str(area), rule)


def _grown_together(areas: MultiCellRange, sample: int, by: int) -> tuple[MultiCellRange, bool]:
    """The areas of one rule, and whether the cell its formulas speak from, the first one, has moved down."""
    found = [CellRange(one.coord) for one in areas.ranges]
    is_moved = min(one.min_row for one in found) > sample
    return MultiCellRange([_grown(one, sample, by) for one in found]), is_moved


def _grown(area: CellRange, sample: int, by: int, *, heads: int = 0) -> CellRange:
    """The area as many rows lower where it begins below the sample row, and with ``by`` rows more where it reaches it,
    or one of the ``heads`` above."""
    if area.min_row > sample:
        area.shift(row_shift=by)
    elif area.max_row >= sample - heads:
        area.expand(down=by)
    return area


def _moved(formula: str | None, by: int) -> str | None:
    if not formula:
        return formula
    return Translator(f"={formula}", "A1").translate_formula(row_delta=by, col_delta=0)[1:]


def _top(alignment: Alignment) -> Alignment:
    """As the form has it, but from the top of the row and wrapped: no text disappears in print."""
    made = copy(alignment)
    made.vertical, made.wrap_text, made.shrink_to_fit = "top", True, False
    return made


def _text_of(value: object) -> str:
    return value[1] if isinstance(value, list) else "" if value is None else str(value)


def _put(cell: Cell, value: object) -> None:
    if isinstance(value, list):
        cell.value = date.fromisoformat(value[1])
        if cell.number_format == "General":
            cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, str) and value:
        _put_text(cell, value)
    else:
        cell.value = value or None if isinstance(value, str) else value


def _put_text(cell: Cell, text: str) -> None:
    """Text stays text, also after somebody edits the cell."""
    cell.value = None
    cell._value, cell.data_type = safe_text(text), "s"
    if is_reread(text):
        cell.quotePrefix = True


def _saved(book: Workbook) -> bytes:
    """The workbook with fixed times: same form, same rows, same bytes."""
    file = io.BytesIO()
    book.save(file)
    return with_fixed_times(file.getvalue(), lambda part: _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z\2", part))


if __name__ == "__main__":
    form_child.run(filled)
