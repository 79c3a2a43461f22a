"""A cell of a ledger that comes back against what the issue says: unchanged, masked, or edited. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.personal_data import find, mask
from core.tabular import Row, Shape, as_text, read_day
from issues.columns import LedgerColumn, columns_named, workbook_columns
from issues.exports.ledger import BESIDE, EDITABLE
from issues.exports.row_mark import HEADER, digest_of

COLUMNS = {column.key: column for column in (*workbook_columns(), *columns_named([BESIDE]))}
NUMBER = COLUMNS["number"].label
SHAPE = Shape(
    ("序号", *(column.label for column in COLUMNS.values()), HEADER),
    required=(NUMBER, HEADER),
    hidden=(HEADER,),
    codes=(COLUMNS["phone"].label,),
)
# A number whose middle is starred, as exports write it.
MASKED = re.compile(r"\d[-\d]*[*＊]{2,}[-*＊\d]*|[*＊]{2,}[-*＊\d]*\d")


@dataclass(frozen=True)
class Difference:
    """A cell that says something else than the issue: ``before`` as the export shows it, ``after`` as typed."""

    column: LedgerColumn
    before: str
    after: str


def differences(row: Row, stored: Mapping[str, Any]) -> list[Difference]:
    """What the cells of a row say otherwise than the issue (a row of ``issues.domain.ledger.read_rows``), in the order
    of the columns. A column the file has no more says nothing."""
    found = []
    for column in COLUMNS.values():
        if column.key == "number" or not row.has(column.label):
            continue
        shown, full = shown_and_full(column, stored)
        if not _says_the_same(column, row.cells.get(column.label), shown, full):
            found.append(Difference(column, shown, row.text(column.label)))
    return found


def shown_and_full(column: LedgerColumn, stored: Mapping[str, Any]) -> tuple[str, str]:
    """(the text as a masked export writes it, as an unmasked one does)."""
    if column.key == "phone":
        return str(stored["phone"]), str(stored["contact_phone"])
    value = stored[column.key]
    full = value.isoformat() if isinstance(value, date) else str(value or "")
    return mask(full), full


def _says_the_same(column: LedgerColumn, cell: object, shown: str, full: str) -> bool:
    text = as_text(cell)
    if _squeezed(text) in (_squeezed(shown), _squeezed(full)):
        return True
    if column.kind not in ("date", "due") or not full:
        return False
    try:
        return read_day(cell) == date.fromisoformat(full)
    except ValueError:
        return False


def _squeezed(text: str) -> str:
    return "".join(text.split())


def edited_digest(row: Row) -> str:
    """The digest of the cells that may be changed, as they stand in the file: equal to that of the row's mark when
    nobody edited them."""
    return digest_of(row.text(COLUMNS[key].label) for key in EDITABLE)


def with_numbers(text: str, full: str) -> str:
    """The edited text with the numbers the export had starred: a masked value coming back is unchanged."""
    for number in find(full):
        text = text.replace(number.masked, number.text)
    return text


def is_masked(text: str, full: str) -> bool:
    """Whether a starred number stands in the text that does not stand so in what is stored."""
    return any(found not in full for found in MASKED.findall(text))
