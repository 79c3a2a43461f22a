"""Write a backup while the system runs."""

import hashlib
import heapq
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings

from core import anchors
from core.backup import container, manifest, rows
from core.backup.second import snapshot
from core.exceptions import Refused
from core.files import write_atomically

# Gives the names under MEDIA_ROOT that rows of that connection name, as sorted lists.
StoredNames = Callable[[str], list[Iterator[str]]]


@dataclass(frozen=True)
class Backup:
    """A finished file: its path, size in bytes and what it holds."""

    path: Path
    size: int
    contents: manifest.Contents


def make(path: Path, *, stored_names: StoredNames, version: str, now: datetime) -> Backup:
    """Write a backup to the new file ``path``, readable by its owner alone. What is in it is the system of one moment,
    whatever is written meanwhile. The file takes its name when it is whole and on disk.

    Raises Refused when there is such a file or too little room; OSError or DatabaseError when writing or reading fails.
    """
    if path.exists():
        raise Refused(f"{path} 已经存在，没有覆盖。请换一个文件名。")
    # Before the snapshot: an anchor written later would name rows that the snapshot does not have.
    anchored = anchors.whole_lines()
    with snapshot() as alias:
        head = manifest.header(
            version=version,
            made_at=now.isoformat(timespec="seconds"),
            database=manifest.size_of_database(),
            files=sum(size for _, size in _present(stored_names(alias))),
        )
        require_room(path.parent, head.database + head.files)
        contents = write_atomically(path, partial(_write, path.parent, head, anchored, alias, stored_names))
    return Backup(path, path.stat().st_size, contents)


def _write(
    folder: Path,
    head: manifest.Header,
    anchored: bytes,
    alias: str,
    stored_names: StoredNames,
    out: IO[bytes],
) -> manifest.Contents:
    os.fchmod(out.fileno(), 0o600)
    contents = manifest.Contents(anchors=hashlib.sha256(anchored).hexdigest())
    first = manifest.write_header(head)
    with container.BackupWriter(out, folder) as archive:
        archive.add(container.HEADER, first)
        archive.add(container.ANCHORS, anchored)
        for table in rows.tables():
            contents.tables[table.name] = archive.add_table(table.name, rows.lines(table, alias))
        contents.sequences = rows.sequences(alias)
        listed = container.FileList()
        for name in _named(stored_names(alias)):
            try:
                with Path(settings.MEDIA_ROOT, name).open("rb") as source:
                    size = os.fstat(source.fileno()).st_size
                    listed.add(name, size, archive.add_file(name, size, source))
            except FileNotFoundError:
                contents.missing += 1
        contents.files = listed.facts
        archive.add(container.MANIFEST, manifest.write_contents(contents, first))
    return contents


def _named(lists: list[Iterator[str]]) -> Iterator[str]:
    return (name for name in heapq.merge(*lists) if name)


def _present(lists: list[Iterator[str]]) -> Iterator[tuple[str, int]]:
    for name in _named(lists):
        path = Path(settings.MEDIA_ROOT, name)
        if path.exists():
            yield name, path.stat().st_size


def require_room(folder: Path, needed: int) -> None:
    """Raises Refused when the disk of ``folder`` has less room than ``needed`` bytes."""
    if not folder.is_dir():
        raise Refused(f"没有 {folder} 这个文件夹。请先建立。")
    if (free := shutil.disk_usage(folder).free) < needed:
        raise Refused(
            f"空间不足：{folder} 所在的磁盘剩余 {megabytes(free)}，需要约 {megabytes(needed)}，什么都没有写入。"
            "请清理空间或换一个位置。"
        )


def megabytes(size: int) -> str:
    return f"{max(1, round(size / 1_000_000))} MB" if size else "0 MB"
