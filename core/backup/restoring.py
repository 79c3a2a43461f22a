"""Read a backup into a new database and new files beside the present ones, compare, and put them in their place."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection
from django.utils import timezone

from core.backup import container, manifest, rows
from core.backup.making import Backup, StoredNames, make, require_room
from core.backup.targets import RestoreTarget, target
from core.exceptions import Refused
from core.models import AuditEntry

SPOILT = "备份文件的内容与它的清单不符（{}），没有恢复。没有改动任何数据。请换一份备份。"


@dataclass(frozen=True)
class RestoreResult:
    """``aside``: where what was there before is now, in words."""

    header: manifest.Header
    contents: manifest.Contents
    aside: list[str]


def restore(path: Path, *, replace: bool, now: datetime) -> RestoreResult:
    """Put what the backup holds in the place of this installation. Until everything was compared with the manifest of
    the backup, nothing that is there is touched; what was there is moved aside, never deleted.

    Raises Refused, with nothing changed, for a file that is none, damaged or cut, of other keys or another version, for
    an installation that holds data without ``replace``, or in use, and for too little room.
    """
    place, files = target(), _Files()
    with container.BackupReader(path) as archive:
        first = archive.take(container.HEADER)
        head = manifest.read_header(first)
        manifest.require_fit(head)
        _require_free(place, files, head, replace=replace)
        # Read to its end once before anything is built: a damaged file costs no more than that.
        check(path)
        with files, place.new():
            anchors = archive.take(container.ANCHORS)
            found = manifest.Contents(anchors=hashlib.sha256(anchors).hexdigest())
            contents = _fill(archive, place, files, found, first)
            _compare(found, contents)
            _compare(_read_back(place, found), contents)
            os.sync()
            stamp = f"{timezone.localtime(now):%Y%m%d-%H%M%S}"
            # The database first: it may refuse, the others are renamed.
            aside = [place.put_in_place(stamp), files.put_in_place(stamp), _put_anchors(anchors, stamp)]
    return RestoreResult(head, contents, [where for where in aside if where])


def check(path: Path) -> manifest.Contents:
    """Read the whole backup and compare it with its own manifest; what it holds. Raises Refused as ``restore``."""
    with container.BackupReader(path) as archive:
        first = archive.take(container.HEADER)
        manifest.read_header(first)
        found = manifest.Contents(anchors=hashlib.sha256(archive.take(container.ANCHORS)).hexdigest())
        for name, lines in archive.tables():
            found.tables[name] = _digest(lines)
        listed = container.FileList()
        for name, size, pieces in archive.files():
            listed.add(name, size, _sha256(pieces))
        found.files = listed.facts
        contents = manifest.read_contents(archive.take(container.MANIFEST), first)
    _compare(found, contents)
    return contents


def make_checked(path: Path, *, stored_names: StoredNames, version: str, now: datetime) -> Backup:
    """``making.make``, then the file is read back; one that cannot be read is deleted. Raises as both do."""
    made = make(path, stored_names=stored_names, version=version, now=now)
    try:
        check(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return made


def _require_free(place: RestoreTarget, files: "_Files", head: manifest.Header, *, replace: bool) -> None:
    if (held := _held(files)) and not replace:
        raise Refused(
            f"本机已有数据（{held}），没有恢复，没有改动任何数据。"
            "确要用备份替换的，加 --replace：现有数据移到旁边保存，不删除。"
        )
    place.require_alone()
    files.require_movable()
    folder = place.folder()
    require_room(settings.VAR_DIR, head.files + (0 if folder is None else head.database))


def _held(files: "_Files") -> str:
    """What data there are, in words; "" for an installation that nobody has used yet."""
    try:
        if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
            return "照片等文件" if files.some() else ""
        with connection.cursor() as cursor:
            tables = set(connection.introspection.table_names(cursor))
        if get_user_model()._meta.db_table not in tables:
            return "另一版本的数据表" if tables & {table.name for table in rows.tables()} else ""
        if count := get_user_model()._default_manager.count():
            return f"{count} 个账号"
        if AuditEntry.objects.exists():
            return "审计记录"
    except DatabaseError:
        return "另一版本的数据表"
    return "照片等文件" if files.some() else ""


def _fill(
    archive: container.BackupReader, place: RestoreTarget, files: "_Files", found: manifest.Contents, first: bytes
) -> manifest.Contents:
    known = {table.name: table for table in rows.tables()}
    try:
        with place.loading():
            for name, lines in archive.tables():
                if name not in known or name in found.tables:
                    raise Refused(SPOILT.format(f"数据表 {name}"))
                found.tables[name] = _load(known[name], place.alias, lines)
            listed = container.FileList()
            for name, size, pieces in archive.files():
                listed.add(name, size, files.write(name, pieces))
            found.files = listed.facts
            contents = manifest.read_contents(archive.take(container.MANIFEST), first)
            rows.set_sequences(place.alias, contents.sequences)
    except (IntegrityError, ValueError) as error:
        raise Refused(SPOILT.format("数据表的行不能写入")) from error
    return contents


def _load(table: rows.StoredTable, alias: str, lines: Iterator[bytes]) -> dict:
    sha, count = hashlib.sha256(), 0
    while batch := list(islice(lines, rows.CHUNK)):
        for line in batch:
            sha.update(line)
        rows.insert(table, alias, batch)
        count += len(batch)
    return {"rows": count, "sha256": sha.hexdigest()}


def _read_back(place: RestoreTarget, found: manifest.Contents) -> manifest.Contents:
    """What the new database gives when it is asked as for a backup."""
    tables = {table.name: _digest(rows.lines(table, place.alias)) for table in rows.tables()}
    return manifest.Contents(tables=tables, files=found.files, anchors=found.anchors)


def _compare(found: manifest.Contents, wanted: manifest.Contents) -> None:
    if found.digest == wanted.digest:
        return
    names = sorted({*found.tables, *wanted.tables})
    wrong = [f"数据表 {name}" for name in names if found.tables.get(name) != wanted.tables.get(name)]
    wrong += ["照片等文件"] if found.files != wanted.files else []
    wrong += ["审计锚点"] if found.anchors != wanted.anchors else []
    raise Refused(SPOILT.format(wrong[0]))


def _digest(lines: Iterator[bytes]) -> dict:
    sha, count = hashlib.sha256(), 0
    for line in lines:
        sha.update(line)
        count += 1
    return {"rows": count, "sha256": sha.hexdigest()}


def _sha256(pieces: Iterator[bytes]) -> str:
    sha = hashlib.sha256()
    for piece in pieces:
        sha.update(piece)
    return sha.hexdigest()


def _put_anchors(content: bytes, stamp: str) -> str:
    path: Path = settings.AUDIT_ANCHORS
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.before-restore-{stamp}")
    had = path.exists()
    if had:
        path.rename(aside)
    if content:
        path.write_bytes(content)
        path.chmod(0o600)
    return str(aside) if had else ""


class _Files:
    """The folder of stored files, and the new one that takes its place."""

    def __init__(self) -> None:
        # A link is followed: the new folder lies on the disk of the old one.
        self._root = Path(settings.MEDIA_ROOT).resolve()
        # Nothing beside a mount point is on its disk.
        self._is_mount = self._root.is_mount()
        self._part = self._root / ".restore" if self._is_mount else self._root.with_name(f"{self._root.name}.restore")

    def some(self) -> bool:
        return self._root.is_dir() and any(entry for entry in self._root.iterdir() if entry != self._part)

    def require_movable(self) -> None:
        if self._is_mount and self.some():
            raise Refused(
                f"{self._root} 是单独挂载的，其中的文件不能整体移开，没有恢复，没有改动任何数据。"
                "请先把其中的文件移到别处，再恢复。"
            )

    def __enter__(self) -> None:
        shutil.rmtree(self._part, ignore_errors=True)
        self._part.mkdir(mode=0o700, parents=True)

    def __exit__(self, *error: object) -> None:
        shutil.rmtree(self._part, ignore_errors=True)

    def write(self, name: str, pieces: Iterator[bytes]) -> str:
        """Its SHA-256."""
        path, sha = self._part / name, hashlib.sha256()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("xb") as out:
            os.fchmod(out.fileno(), 0o600)
            for piece in pieces:
                sha.update(piece)
                out.write(piece)
        return sha.hexdigest()

    def put_in_place(self, stamp: str) -> str:
        if self._is_mount:
            for entry in self._part.iterdir():
                entry.rename(self._root / entry.name)
            return ""
        aside = self._root.with_name(f"{self._root.name}.before-restore-{stamp}")
        had = self.some()
        if had:
            self._root.rename(aside)
        elif self._root.is_dir():
            self._root.rmdir()
        self._part.rename(self._root)
        return str(aside) if had else ""
