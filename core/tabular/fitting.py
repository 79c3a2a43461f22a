"""Which of ours each column of an office's own table is: by its name, or as a person has said. Pure.

A mapping is {their column: ours}; "" leaves a column out of ours. Columns that are none of ours keep their own name.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.exceptions import Refused
from core.tabular.cells import LOST_DIGITS, CellError, NoValue, Row, as_text, has_lost_digits, word_key
from core.tabular.layout import Shape
from core.tabular.own import JOINT, OwnTable
from core.tabular.sheets import HEADER_MARK


@dataclass(frozen=True)
class TableFit:
    """How a table fits a shape. ``mapping``: {their column: ours} in the order of the table, of those that are ours.

    ``asks``: why a person has to say which column is which, in sentences; empty when the names say it.
    """

    mapping: dict[str, str]
    asks: list[str] = field(default_factory=list)


def fit(table: OwnTable, shape: Shape, said: Mapping[str, str] | None = None) -> TableFit:
    """The mapping by names, then by what was ``said`` (their column → ours). Raises Refused in words where that names a
    column nobody has, or one of ours twice."""
    mapping = _told(table, shape, said or {})
    for column, ours in _by_name(table, shape).items():
        if column not in (said or {}) and (ours in shape.joined or ours not in mapping.values()):
            mapping[column] = ours
    mapping = {column: mapping[column] for column in table.columns if mapping.get(column)}
    is_clear = bool(said) and not _missing(shape, mapping)
    return TableFit(mapping, [] if is_clear else _asks(table, shape, mapping))


def _missing(shape: Shape, mapping: Mapping[str, str]) -> list[str]:
    return [column for column in shape.required if column not in mapping.values()]


def _asks(table: OwnTable, shape: Shape, mapping: Mapping[str, str]) -> list[str]:
    asks = []
    if missing := _missing(shape, mapping):
        asks.append(f"没有找到“{'”“'.join(missing)}”一列，请指明。")
    if not table.mark:
        asks.append(f"表头没有“{HEADER_MARK}”一列，请核对各列的对应。")
    twice = [name for name in table.repeated if name in mapping and mapping[name] not in shape.joined]
    if twice:
        asks.append(f"表头中“{'”“'.join(twice)}”出现了不止一次，请指明用哪一列。")
    return asks


def _told(table: OwnTable, shape: Shape, said: Mapping[str, str]) -> dict[str, str]:
    leaves = Counter(word_key(column.rpartition(JOINT)[2]) for column in table.columns)
    theirs = {leaf: column for column in table.columns if leaves[leaf := word_key(column.rpartition(JOINT)[2])] == 1}
    theirs |= {word_key(column): column for column in table.columns}
    ours = {word_key(column): column for column in shape.columns}
    found: dict[str, str] = {}
    for column, wanted in said.items():
        if word_key(column) not in theirs:
            raise Refused(f"{table.file} 的表头中没有“{column}”一列；有：{'、'.join(table.columns)}。", rule="mapping")
        if wanted and word_key(wanted) not in ours:
            raise Refused(f"没有“{wanted}”这一列可对应；有：{'、'.join(shape.columns)}。", rule="mapping")
        own = ours[word_key(wanted)] if wanted else ""
        if own and own in found.values() and own not in shape.joined:
            raise Refused(f"“{own}”只能对应一列，现在对应了不止一列。", rule="mapping")
        found[theirs[word_key(column)]] = own
    return found


def _by_name(table: OwnTable, shape: Shape) -> dict[str, str]:
    """By the whole name, else by its last part, else by the group it stands in (整改责任单位·建设 is 整改责任单位)."""
    known, found = shape.known(), dict[str, str]()
    for part in (lambda name: name, lambda name: name.rpartition(JOINT)[2], lambda name: name.partition(JOINT)[0]):
        taken = set(found.values())
        for column in table.columns:
            ours = known.get(word_key(part(column)))
            if ours and column not in found and ours not in taken:
                found[column] = ours
                taken |= set() if ours in shape.joined else {ours}
    return found


def fitted(table: OwnTable, shape: Shape, mapping: Mapping[str, str]) -> list[Row]:
    """The rows with cells under our names, columns of theirs under their own. Several columns that make one of ours are
    joined with 、. An empty formula, an error value or a code that has lost its digits is a fault of its cell."""
    taken = {column: ours for column, ours in mapping.items() if ours}
    if table.mark and HEADER_MARK not in taken.values() and table.mark not in taken:
        taken[table.mark] = HEADER_MARK
    names = {
        column: (taken.get(column), taken.get(column) or (f"{column}（原表）" if column in shape.columns else column))
        for column in dict.fromkeys(column for row in table.rows for column in row.cells)
    }
    return [_fitted_row(row, shape, names) for row in table.rows]


def _fitted_row(row: Row, shape: Shape, names: Mapping[str, tuple[str | None, str]]) -> Row:
    cells: dict[str, object] = {}
    errors, told = [], set()
    for column, value in row.cells.items():
        ours, name = names[column]
        if ours and ours != HEADER_MARK and (fault := _fault(value, ours, shape)):
            errors.append(CellError(row.number, ours, as_text(value), fault))
            told.add(ours)
        if cells.get(name) is None:
            cells[name] = value
        elif value is not None:
            cells[name] = f"{as_text(cells[name])}{_between(ours)}{as_text(value)}"
    return Row(row.number, cells, errors, frozenset(told))


def _between(ours: str | None) -> str:
    return "、" if ours and ours.endswith("单位") else "\n"


def _fault(value: object, ours: str, shape: Shape) -> str:
    if isinstance(value, NoValue):
        return value.message
    return LOST_DIGITS if ours in shape.codes and has_lost_digits(value) else ""


def gathered(rows: Sequence[Row], begins: Sequence[str]) -> list[list[Row]]:
    """Rows that belong together: one without a number and without any of ``begins`` goes on what stands above it, and
    so does one that repeats its number and all of those (a merge over several rows)."""
    found: list[list[Row]] = []
    for row in rows:
        if found and _goes_on(found[-1][0], row, begins):
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _goes_on(first: Row, row: Row, begins: Sequence[str]) -> bool:
    number = as_text(row.cells.get(HEADER_MARK))
    said = [as_text(row.cells.get(column)) for column in begins]
    if not number:
        return HEADER_MARK in row.cells and not any(said)
    same = number == as_text(first.cells.get(HEADER_MARK))
    return same and any(said) and said == [as_text(first.cells.get(column)) for column in begins]
