"""Tables that wait for a person's confirmation: read once, kept on the server, carried out as they were shown.

The browser holds the id of the staged table and the digest of its preview, never the rows. Each ``ImportKind`` says how
one kind of table is read and which resource previews and writes it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.bulk_insert import many_rows
from core.exceptions import Conflict, Refused
from core.idempotency import body_digest, once
from core.locks import lock_until_commit
from core.models import StagedTable
from core.resources import Overtaken, Preview
from core.tabular import Row, Shape, SheetTable, as_text, read_table

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # AUTH_USER_MODEL; accounts stands above

MOST_ROWS = 5000
KEEP = timedelta(hours=24)
# Any constant will do: it names the imports among PostgreSQL's advisory locks.
_LOCK = 7_214_021


class TableWork(Protocol):
    """A table that is previewed and carried out: a ``core.resources.TableResource``, or what does the same."""

    is_written: bool

    def preview(self) -> Preview:
        """What an import would do now; nothing is written."""

    def carry_out(self, seen: str) -> Preview:
        """Import when the preview has the digest ``seen``; else, and with errors, nothing is written."""


@dataclass(frozen=True)
class ImportKind:
    """One kind of table that is imported on a page.

    ``command``: the management command that takes larger files. ``resource(rows, params, file, actor)`` previews and
    writes. ``routes``: names of the list, the upload and the preview ("back", "upload", "preview").
    ``template``: of the page on which the file is chosen. ``list_title``: what the list is called where it is not
    called as the table is.
    """

    kind: str
    title: str
    command: str
    shape: Shape
    resource: Callable[[list[Row], dict, str, object], TableWork]
    routes: Mapping[str, str]
    template: str
    list_title: str = ""

    @property
    def back_label(self) -> str:
        """The name of the page one returns to."""
        return self.list_title or self.title


class StalePreview(Conflict):
    """What the import would do is no longer what was shown; ``preview`` is what it would do now."""

    def __init__(self, preview: Preview):
        super().__init__(
            "数据在核对之后有变化，没有写入任何内容。以下是重新比对的结果，请再次核对。", rule="import.stale"
        )
        self.preview = preview


def staged_visible_to(user: "User", rights: str = "") -> QuerySet[StagedTable]:
    """A staged table belongs to the person who sent it, under these ``rights`` (``StagedTable.rights``), and to nobody
    else; an expired one is gone. Those of the three administrators are sent under none."""
    return StagedTable.objects.filter(owner=user, rights=rights, expires_at__gt=timezone.now())


def stage(
    *, desk: ImportKind, path: Path, params: dict, owner: "User", key: str, rights: str = ""
) -> tuple[str, Preview]:
    """(id of the staged table, what its import would do); with errors nothing is kept and the id is empty.

    Side effect: a row that expires after 24 hours; the same ``key`` gives the same row again. Raises Refused when the
    file is no such table or holds more rows than a page takes.
    """
    table = read_table(path, desk.shape)
    return stage_table(desk=desk, table=table, params=params, owner=owner, key=key, rights=rights)


def stage_table(
    *, desk: ImportKind, table: SheetTable, params: dict, owner: "User", key: str, rights: str = ""
) -> tuple[str, Preview]:
    """``stage`` of a table that was read before."""
    require_fits_page(desk, table.file, len(table))
    rows = _as_json(table)
    staged_rows = [
        replace(row, errors=list(read.errors), told=read.told) for row, read in zip(_as_rows(rows), table, strict=True)
    ]
    preview = desk.resource(staged_rows, params, table.file, owner).preview()
    preview.notes[:0] = table.notes
    if preview.errors:
        return "", preview
    kept = partial(_keep, desk.kind, owner, rights, table.file, params, rows, preview.as_dict())
    digest = body_digest({"params": params, "rows": rows})
    return once(user=owner, key=key, scope=f"{desk.kind}.stage", digest=digest, act=kept)[0], preview


def stage_unread(*, kind: str, file: str, params: dict, rows: list[dict], owner: "User", key: str, rights: str) -> str:
    """Keep a table whose columns a person has to name first, for 24 hours; its id. The same ``key`` gives the same."""
    kept = partial(_keep, kind, owner, rights, file, params, rows, {})
    digest = body_digest({"params": params, "rows": rows})
    return once(user=owner, key=key, scope=f"{kind}.stage", digest=digest, act=kept)[0]


def require_fits_page(desk: ImportKind, file: str, rows: int) -> None:
    """Raise Refused for a table with more rows than a page takes."""
    if rows > MOST_ROWS:
        raise Refused(
            f"{file} 有 {rows} 行，在页面上一次最多导入 {MOST_ROWS} 行。没有写入任何内容。"
            f"请分成几个文件，或由系统管理员在服务器上用 {desk.command} 命令导入。",
            rule="import.rows",
        )


def _keep(kind: str, owner: "User", rights: str, file: str, params: dict, rows: list[dict], preview: dict) -> str:
    staged = StagedTable.objects.create(
        kind=kind, owner=owner, rights=rights, file=file, params=params, rows=rows, preview=preview,
        expires_at=timezone.now() + KEEP,
    )  # fmt: skip
    return str(staged.pk)


def carry_out(*, desk: ImportKind, staged: StagedTable, seen: str, key: str) -> None:
    """Import a staged table as it was shown; carried out already: nothing happens.

    ``seen``: the digest of the preview its owner looked at. Side effects in order: what the resource writes, its audit
    entry; the rows are emptied, the preview stays as the account of what was done. Raises StalePreview when the import
    would now do something else; the new preview is then kept with the table.
    """

    def act() -> str:
        one_at_a_time()
        mine = StagedTable.objects.select_for_update().get(pk=staged.pk)
        if mine.imported_at is None:
            _import(desk, mine, seen)
        return str(mine.pk)

    try:
        with many_rows():
            once(
                user=staged.owner, key=key, scope=f"{desk.kind}.import:{staged.pk}",
                digest=body_digest({"seen": seen}), act=act,
            )  # fmt: skip
    except StalePreview as stale:
        _show(staged, stale.preview)
        raise
    except (IntegrityError, Overtaken) as clash:
        # Somebody made one of the records between our look and our write.
        overtaken = StalePreview(_resource(desk, staged).preview())
        _show(staged, overtaken.preview)
        raise overtaken from clash


def purge_staged() -> int:
    """Delete the staged tables past their 24 hours; how many went."""
    return StagedTable.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _import(desk: ImportKind, staged: StagedTable, seen: str) -> None:
    resource = _resource(desk, staged)
    done = resource.carry_out(seen)
    if not resource.is_written:
        raise StalePreview(done)
    StagedTable.objects.filter(pk=staged.pk).update(rows=[], imported_at=timezone.now())


def _resource(desk: ImportKind, staged: StagedTable) -> TableWork:
    return desk.resource(_as_rows(staged.rows), staged.params, staged.file, staged.owner)


def _show(staged: StagedTable, preview: Preview) -> None:
    staged.preview = preview.as_dict()
    StagedTable.objects.filter(pk=staged.pk, imported_at=None).update(preview=staged.preview)


def one_at_a_time() -> None:
    """Two imports at once could each write over what the other has just shown; SQLite has one writer anyway."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an import runs inside a transaction")
    lock_until_commit(_LOCK)


def _as_json(rows: Sequence[Row]) -> list[dict]:
    """Cells as the text every reader of a ``Row`` turns them into first, so nothing is lost: pairs in the order of the
    table, because PostgreSQL keeps no order of an object's keys."""
    return [
        {"number": row.number, "cells": [[column, as_text(value)] for column, value in row.cells.items()]}
        for row in rows
    ]


def _as_rows(rows: list[dict]) -> list[Row]:
    return [Row(row["number"], dict(row["cells"])) for row in rows]
