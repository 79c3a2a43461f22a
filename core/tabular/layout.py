"""Where in a sheet the table stands: headings in one row or two, repeated, groups, totals, signatures. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from core.exceptions import Refused
from core.tabular.cells import LOST_DIGITS, CellError, NoValue, Row, as_text, has_lost_digits, word_key
from core.tabular.sheets import HEADER_MARK, Sheet
from core.text import normalize_text

SHOWN_NUMBERS = 20
_TOTAL = re.compile(r"(?:本页)?(?:合计|小计|总计|共计)(?:[:(].*)?")
_SIGNATURES = "填报人|审核人|填表人|制表人|负责人|单位主要负责人|联系电话|填报日期|填表日期"
_FOOT = re.compile(rf"(?:(?:{_SIGNATURES})[^:]{{0,8}}|备注|注|说明):")
_ORDINAL = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)、.]?")
_TITLE = re.compile(r"(?:[(][一二三四五六七八九十]{1,3}[)]|[一二三四五六七八九十]{1,3}、)")
_WORDS = {
    "total": "{rows}是合计或小计，没有作为数据读入。",
    "foot": "{rows}是填报人、说明等表下文字，没有作为数据读入。",
    "head": "{rows}重复了表头，没有作为数据读入。",
    "hidden": "{rows}在表格中是隐藏的，已一并读入，请核对。",
}


@dataclass(frozen=True)
class Shape:
    """The columns of one kind of table. ``aliases``: other name → name; ``required``: those it cannot be without.

    ``hidden``: those that our own exports hide; ``codes``: those whose digits Excel may have lost. Of a table that is
    fitted (``core.tabular.fitting``) also ``joined``: columns that several of the file may make together.
    """

    columns: Sequence[str]
    required: Sequence[str] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    joined: Sequence[str] = ()
    codes: Sequence[str] = ()
    hidden: Sequence[str] = ()

    def known(self) -> dict[str, str]:
        """{key of a name or of another name: name}."""
        others = {word_key(other): own for other, own in self.aliases.items()}
        return {word_key(own): own for own in self.columns} | others


@dataclass(frozen=True)
class Head:
    """The headings: {place: column}, the place of 序号 (-1 without one), and how many rows they take."""

    named: dict[int, str]
    mark: int
    height: int


@dataclass
class Body:
    """The rows below the headings, and what of the sheet is no row, by kind: numbers of the rows."""

    rows: list[Row] = field(default_factory=list)
    set_aside: dict[str, list[int]] = field(default_factory=dict)
    groups: list[tuple[int, str]] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)

    def put_aside(self, kind: str, number: int) -> None:
        self.set_aside.setdefault(kind, []).append(number)

    def name_hidden(self, sheet: Sheet, head: Head, expected: Sequence[str] = ()) -> None:
        """Note the hidden columns that hold anything, but for the ``expected`` ones."""
        for place, column in sorted(head.named.items()):
            if place in sheet.hidden_columns and column not in expected:
                self.hidden_columns += [column] if any(as_text(row.cells.get(column)) for row in self.rows) else []

    def notes(self) -> list[str]:
        """One sentence for each kind of row that was not read as data, with the numbers of the rows."""
        said = [
            text.format(rows=in_words(self.set_aside[kind])) for kind, text in _WORDS.items() if kind in self.set_aside
        ]
        if self.hidden_columns:
            said.append(f"“{'”“'.join(self.hidden_columns)}”在表格中是隐藏的列，已一并读入，请核对。")
        shown = "、".join(f"第 {number} 行“{word[:40]}”" for number, word in self.groups[:SHOWN_NUMBERS])
        more = f"等 {len(self.groups)} 行" if len(self.groups) > SHOWN_NUMBERS else ""
        return [*said, f"{shown}{more}是分组标题，没有作为数据读入。"] if self.groups else said


def in_words(numbers: Sequence[int]) -> str:
    """第 3、7 行; of more than 20 the first and how many."""
    shown = "、".join(map(str, numbers[:SHOWN_NUMBERS]))
    return f"第 {shown} 行" + (f"等 {len(numbers)} 行" if len(numbers) > SHOWN_NUMBERS else "")


def find_head(lines: Sequence[Sequence], shape: Shape, name: str) -> tuple[int, Head] | None:
    """(place of the line, its headings) of the first line that has 序号; None when there is none."""
    for place, line in enumerate(lines):
        if is_head(line):
            return place, read_head(line, lines[place + 1 : place + 2], shape, name)
    return None


def is_head(line: Sequence) -> bool:
    return any(word_key(value) == HEADER_MARK for value in line)


def read_head(line: Sequence, below: Sequence[Sequence], shape: Shape, name: str) -> Head:
    """The headings of a line and, when it continues them, of the line below.

    Raises Refused for a name that stands twice or a required column that is missing.
    """
    known = shape.known()
    mark = next(place for place, value in enumerate(line) if word_key(value) == HEADER_MARK)
    second: Sequence = next((row for row in below if _continues(line, row, mark, known)), ())
    named = _named(line, second, known, name)
    missing = "”“".join(column for column in shape.required if column not in named.values())
    if missing:
        raise Refused(f"{name} 缺少“{missing}”一列；应有的列：{'、'.join(shape.columns)}。", rule="table.header")
    return Head(named, mark, 1 + bool(second))


def _continues(line: Sequence, below: Sequence, mark: int, known: Mapping[str, str]) -> bool:
    """True when the row below has nothing under 序号, a column's name somewhere, and no data under a known name."""
    pairs = [(word_key(upper), word_key(lower)) for upper, lower in zip_longest(line, below)]
    if pairs[mark][1] or not any(lower in known for _, lower in pairs):
        return False
    return not any(upper in known and lower and lower not in known for upper, lower in pairs)


def _named(line: Sequence, second: Sequence, known: Mapping[str, str], name: str) -> dict[int, str]:
    """{place: column}. Where both rows name a column, the known name is taken, else the lower one."""
    named: dict[int, str] = {}
    for place, pair in enumerate(zip_longest(line, second)):
        words = [value for value in reversed(pair) if as_text(value)]
        value = next((one for one in words if word_key(one) in known), words[0] if words else None)
        column = known.get(word_key(value), as_text(value))
        if column in named.values():
            raise Refused(f"{name} 的表头中“{column}”出现了两次，请删去一列。", rule="table.header")
        if column:
            named[place] = column
    return named


def read_body(sheet: Sheet, place: int, head: Head, shape: Shape, name: str) -> Body:
    """The rows below the headings at ``place``; headings that come again are followed where they name other columns."""
    body = Body()
    start = place + head.height
    lines = filled_merges(sheet, start)
    digits = any(as_text(cell_at(line, head.mark)).isdecimal() for line in sheet.lines[start:])
    skip = start
    for at in range(start, len(lines)):
        own, line = sheet.lines[at], lines[at]
        if at < skip or not any(as_text(value) for value in own):
            continue
        if is_head(own):
            head = read_head(own, sheet.lines[at + 1 : at + 2], shape, name)
            skip = at + head.height
            for number in range(at + 1, skip + 1):
                body.put_aside("head", number)
        elif kind := non_data_kind(own, line, head, shape):
            body.put_aside(kind, at + 1)
        elif word := group_title(own, line, head, shape, digits):
            body.groups.append((at + 1, word))
        else:
            body.rows.append(_row(at + 1, line, head, shape))
            if at + 1 in sheet.hidden:
                body.put_aside("hidden", at + 1)
    body.name_hidden(sheet, head, shape.hidden)
    return body


def filled_merges(sheet: Sheet, start: int) -> list[Sequence]:
    """The lines, a merged value standing in each of its rows."""
    lines: list[Sequence] = list(sheet.lines)
    for first, last, column in sheet.merged:
        value = cell_at(sheet.lines[first], column) if start <= first < len(lines) else None
        if value is None:
            continue
        for at in range(first + 1, min(last + 1, len(lines))):
            line = list(lines[at])
            line.extend([None] * (column + 1 - len(line)))
            line[column] = value
            lines[at] = line
    return lines


def cell_at(line: Sequence, place: int) -> object:
    """The value at a place; None beyond either end."""
    return line[place] if 0 <= place < len(line) else None


def non_data_kind(own: Sequence, line: Sequence, head: Head, shape: Shape) -> str:
    """total or foot for a row without a number that begins with such a word, else nothing.

    A row that has all it needs is data: 负责人变更登记：个体工商户. A total has that too (合计 as unit, its figure).
    """
    first = next((word for value in own if (word := normalize_text(as_text(value)))), "").replace(" ", "")
    number = normalize_text(as_text(cell_at(own, head.mark))).replace(" ", "")
    if number and number != first:
        return ""
    if _TOTAL.fullmatch(first):
        return "total"
    return "foot" if _FOOT.match(first) and not _is_complete(line, head, shape) else ""


def _is_complete(line: Sequence, head: Head, shape: Shape) -> bool:
    """True when the row has a value in each required column; one column alone says too little."""
    wanted = [place for place, column in head.named.items() if column in shape.required]
    return len(wanted) > 1 and all(as_text(cell_at(line, place)) for place in wanted)


def group_title(own: Sequence, line: Sequence, head: Head, shape: Shape, has_digits: bool) -> str:
    """The title of a group of rows (一、审批事项; 二 | 公共服务), or nothing."""
    number = normalize_text(as_text(cell_at(own, head.mark)))
    if number.isdecimal() or _is_complete(line, head, shape):
        return ""
    words = [text for value in own if (text := as_text(value))]
    if len(words) == 1:
        return words[0] if number or _TITLE.match(normalize_text(words[0])) else ""
    is_ordinal = bool(_ORDINAL.fullmatch(number)) and has_digits
    return "、".join(words) if is_ordinal and len(words) == 2 else ""


def _row(number: int, line: Sequence, head: Head, shape: Shape) -> Row:
    row = Row(number, {column: cell_at(line, place) for place, column in head.named.items()})
    faults = {column: value.message for column, value in row.cells.items() if isinstance(value, NoValue)}
    faults |= {column: LOST_DIGITS for column in shape.codes if has_lost_digits(row.cells.get(column))}
    own = set(shape.columns) - {HEADER_MARK}
    row.errors = [
        CellError(number, column, as_text(row.cells[column]), said) for column, said in faults.items() if column in own
    ]
    row.told = frozenset(faults)
    return row
