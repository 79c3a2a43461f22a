"""Tables with the headings an office gives them: several rows deep, without 序号, one name twice. Pure but for reading.

Nothing here knows what a column means: ``core.tabular.fitting`` says which of them are ours.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.exceptions import Refused
from core.tabular.cells import Row, as_text, word_key
from core.tabular.layout import Body, Head, Shape, cell_at, filled_merges, group_title, non_data_kind
from core.tabular.sheets import HEADER_MARK, Sheet, read_sheets
from core.text import normalize_text

# Headings that number the rows; the first one found stands for 序号.
MARKS = (HEADER_MARK, "编号")
JOINT = "·"
_DEEPEST = 4
_FEWEST = 2
# Headings stand near the top of a sheet.
_TOP = 100
_NUMBER = re.compile(r"[\d.,%/年月日:-]+")


@dataclass(frozen=True)
class OwnTable:
    """A table under its own names, each name once: of two that are equal the second is called 按时办结 (2).

    ``title``: the texts above the headings; ``mark``: the column that numbers the rows, "" without one; ``repeated``:
    the names that stood more than once; ``notes``: what was passed over, in sentences. Cells are values or NoValue.
    """

    file: str
    columns: tuple[str, ...]
    rows: list[Row]
    title: tuple[str, ...] = ()
    mark: str = ""
    repeated: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def read_own_table(path: Path, known: Collection[str]) -> OwnTable:
    """The table of the file, whatever its headings. ``known``: keys of names by which headings without 序号 are found.

    A sheet a person sees is preferred to a hidden one, one with 序号 or 编号 to one without. Raises Refused in words
    when no sheet holds a table. Must not be called inside a transaction: a child process opens the file.
    """
    sheets = read_sheets(path)
    found = [(sheet, place) for sheet in sheets if (place := _find_head(sheet, known)) is not None]
    if not found:
        raise Refused(f"{path.name} 中没有找到表头，未写入任何内容。请检查是否选错了文件。", rule="table.header")
    sheet, place = min(found, key=lambda one: _rank(one[0], one[1], known))
    unread = [other.name for other in sheets if other is not sheet and other.holds_anything()]
    notes = [f"只读取了一张工作表，没有读取：{'、'.join(unread)}。"] if unread else []
    if not sheet.is_visible:
        notes.append(f"读取的工作表“{sheet.name}”在文件中是隐藏的，请核对。")
    return _table(sheet, place, path.name, known, notes)


def _table(sheet: Sheet, place: int, file: str, known: Collection[str], notes: list[str]) -> OwnTable:
    head, repeated = _head(sheet, place, known)
    body, columns = _body(sheet, place, head, known)
    title = tuple(as_text(value) for line in sheet.lines[:place] for value in line if as_text(value))
    mark = head.named.get(head.mark, "")
    return OwnTable(file, columns, body.rows, title, mark, repeated, [*notes, *body.notes()])


def _head(sheet: Sheet, place: int, known: Collection[str]) -> tuple[Head, tuple[str, ...]]:
    """(the headings that begin in that line, the names that stand more than once among them)."""
    height = _depth(sheet, place, known)
    words, repeated = _names(sheet.lines[place : place + height])
    below = sheet.lines[place + height :]
    # What stands below no heading is data all the same.
    unnamed = [at for at in range(max(map(len, below), default=0)) if at not in words]
    words |= {at: f"第 {at + 1} 列（无标题）" for at in unnamed if any(as_text(cell_at(line, at)) for line in below)}
    mark = next((at for name in MARKS for at, word in words.items() if word_key(word) == name), -1)
    return Head(words, mark, height), repeated


def _rank(sheet: Sheet, place: int, known: Collection[str]) -> tuple[bool, bool, int]:
    """Seen before hidden, numbered before not, more known names before fewer."""
    line = sheet.lines[place]
    return not sheet.is_visible, not _mark_of(line), -sum(word_key(value) in known for value in line)


def _find_head(sheet: Sheet, known: Collection[str]) -> int | None:
    """The line of the headings: the first with 序号 or 编号, else the one with most known names, else the first that
    names several columns and holds no figure."""
    for mark in MARKS:
        lines = (at for at, line in enumerate(sheet.lines[:_TOP]) if any(word_key(value) == mark for value in line))
        if (place := next((at for at in lines if len(_texts(sheet.lines[at])) >= _FEWEST), None)) is not None:
            return place
    fitting = {at: sum(word_key(value) in known for value in line) for at, line in enumerate(sheet.lines[:_TOP])}
    best = max(fitting, key=lambda at: (fitting[at], -at), default=None)
    if best is not None and fitting[best] >= _FEWEST:
        return best
    plain = (at for at, line in enumerate(sheet.lines[:_TOP]) if len(_texts(line)) > _FEWEST and not _has_figures(line))
    return next(plain, None)


def _mark_of(line: Sequence) -> bool:
    return any(word_key(value) in MARKS for value in line)


def _texts(line: Sequence) -> list[str]:
    return [text for value in line if (text := as_text(value))]


def _has_figures(line: Sequence) -> bool:
    return any(_NUMBER.fullmatch(normalize_text(text)) for text in _texts(line))


def _depth(sheet: Sheet, place: int, known: Collection[str]) -> int:
    """How many rows the headings take: as many as the tallest merge that begins in their first row; without one a
    second row counts when it names what stands beside an empty heading, or a known column, and nothing is numbered."""
    tall = [last for first, last, _ in sheet.merged if first == place and last - first < _DEEPEST]
    if tall:
        return max(tall) - place + 1
    line, below = sheet.lines[place], (sheet.lines[place + 1 : place + 2] or [[]])[0]
    mark = next((at for at, value in enumerate(line) if word_key(value) in MARKS), -1)
    if mark < 0 or not _texts(below) or as_text(cell_at(below, mark)) or _has_figures(below):
        return 1
    names = [at for at, value in enumerate(below) if as_text(value)]
    grouped = any(not as_text(cell_at(line, at)) and at > 0 and as_text(cell_at(line, at - 1)) for at in names)
    return 2 if grouped or any(word_key(below[at]) in known for at in names) else 1


def _names(lines: Sequence[Sequence]) -> tuple[dict[int, str], tuple[str, ...]]:
    """({place: name of the column}, names that stood more than once). A group's name goes before those below it:
    整改责任单位·建设."""
    width = max(len(line) for line in lines)
    words: dict[int, str] = {}
    group = [""] * len(lines)
    for at in range(width):
        own = [re.sub(r"\s+", "", as_text(cell_at(line, at))) for line in lines]
        parts = []
        for depth, word in enumerate(own):
            if word:
                group[depth:] = [""] * (len(lines) - depth)
                group[depth] = word if any(own[depth + 1 :]) else ""
            parts.append(word or (group[depth] if any(own[depth + 1 :]) else ""))
        if any(own):
            words[at] = _joined(parts)
    count = Counter(words.values())
    seen: Counter[str] = Counter()
    for at, word in words.items():
        seen[word] += 1
        words[at] = word if seen[word] == 1 else f"{word} ({seen[word]})"
    return words, tuple(word for word, times in count.items() if times > 1)


def _joined(parts: Sequence[str]) -> str:
    """The words of one column from top to bottom; what stands in brackets follows without a joint."""
    name = ""
    for part in dict.fromkeys(part for part in parts if part):
        name += part if not name or normalize_text(part).startswith("(") else JOINT + part
    return name


def _shape(head: Head, known: Collection[str]) -> Shape:
    """The columns whose names are known: a row with values in all of them is data, whatever it begins with."""
    names = tuple(head.named.values())
    return Shape(names, required=[name for name in names if word_key(name) in known and word_key(name) not in MARKS])


def _body(sheet: Sheet, place: int, head: Head, known: Collection[str]) -> tuple[Body, tuple[str, ...]]:
    """(the rows below the headings, every column); headings that come again are followed where they name others."""
    body, start, shape = Body(), place + head.height, _shape(head, known)
    lines = filled_merges(sheet, start)
    digits = any(as_text(cell_at(line, head.mark)).isdecimal() for line in sheet.lines[start:])
    columns, skip = dict.fromkeys(head.named[at] for at in sorted(head.named)), start
    for at in range(start, len(lines)):
        own, line = sheet.lines[at], lines[at]
        if at < skip or not any(value is not None and as_text(value) for value in own):
            continue
        if _comes_again(own, sheet.lines[place], head):
            head, _ = _head(sheet, at, known)
            shape, skip = _shape(head, known), at + head.height
            columns |= dict.fromkeys(head.named[cell] for cell in sorted(head.named))
            for number in range(at + 1, skip + 1):
                body.put_aside("head", number)
        elif kind := non_data_kind(own, line, head, shape):
            body.put_aside(kind, at + 1)
        elif word := group_title(own, line, head, shape, digits):
            body.groups.append((at + 1, word))
        else:
            body.rows.append(Row(at + 1, {column: cell_at(line, cell) for cell, column in head.named.items()}))
            if at + 1 in sheet.hidden:
                body.put_aside("hidden", at + 1)
    body.name_hidden(sheet, head)
    return body, tuple(columns)


def _comes_again(own: Sequence, first: Sequence, head: Head) -> bool:
    """Whether a line is one of headings: it has 序号 again, or of a table without one the very same words."""
    if head.mark >= 0:
        return any(isinstance(value, str) and value.replace(" ", "") in MARKS for value in own)
    return own == first
