"""A list of a page as a workbook of one sheet: the rows the page selects, in its order."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from django.http import FileResponse

from core import audit, xlsx
from core.export_limit import require_few

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # AUTH_USER_MODEL; accounts stands above

BY_PLACE = "请按活动、单位缩小范围后再导出。"


@dataclass(frozen=True)
class ListBook:
    """A list as a workbook of one sheet. ``read`` gives the rows of the page, judged on a day; a column's key names the
    value of a row, or a cell of ``cells`` made from it. ``action``: of the audit entry; ``way``: what to do about too
    many rows."""

    label: str
    columns: tuple[xlsx.Column, ...]
    read: Callable[[Any, date], Iterable[Mapping[str, Any]]]
    action: str
    way: str = BY_PLACE
    object_type: str = "ledger"
    cells: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)


def write_book(
    book: ListBook, rows: Any, *, actor: "User", today: date, place: str, what: str = "", total: int | None = None
) -> tuple[IO[bytes], str]:
    """(open file at its start, which the response closes; name) of the rows in their order: a queryset, or what
    ``book.read`` takes, with its ``total``. ``what``: which part of the list; ``place``: the region, for the name.

    Side effect: an audit entry. Raises Refused for more rows than may be taken at once.
    """
    require_few(rows.count() if total is None else total, what=book.label, way=book.way)
    found = [tuple(_cell(book, row, column.key) for column in book.columns) for row in book.read(rows, today)]
    title = f"{book.label}（{what}）" if what else book.label
    spec = xlsx.SheetSpec(title=title, columns=book.columns, as_of=today, sheet_name=book.label)
    file = tempfile.TemporaryFile()  # noqa: SIM115
    xlsx.write_workbook(file, [(spec, found)])
    file.seek(0)
    detail = {"rows": len(found), "conditions": what}
    audit.record(
        actor=actor, action=book.action, object_type=book.object_type, object_key=what or book.label, detail=detail
    )
    return file, xlsx.filename(today, place, book.label)


def as_file(written: tuple[IO[bytes], str]) -> FileResponse:
    """The answer with a workbook, (open file, name)."""
    file, name = written
    return FileResponse(file, as_attachment=True, filename=name, content_type=xlsx.CONTENT_TYPE)


def _cell(book: ListBook, row: Mapping[str, Any], key: str) -> object:
    return book.cells[key](row) if key in book.cells else row[key]
