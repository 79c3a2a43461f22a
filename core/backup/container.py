"""The file of a backup: a tar archive in a fixed order, written and read as a stream.

``header.json``, ``anchors.jsonl``, ``data/TABLE.jsonl.gz`` by name, ``files/…`` by name, ``manifest.json``. What has no
manifest at its end was cut off.
"""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO, TypeVar

from core.exceptions import Refused

HEADER, ANCHORS, MANIFEST = "header.json", "anchors.jsonl", "manifest.json"
DATA, FILES, PACKED = "data/", "files/", ".jsonl.gz"
PIECE = 1 << 20
Result = TypeVar("Result")
CUT = "备份文件不完整或已损坏（{}），没有恢复。没有改动任何数据。请换一份备份。"


class HashingReader:
    """Reads ``source`` and keeps the SHA-256 of what was read."""

    def __init__(self, source: IO[bytes]):
        self._source, self._sha = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self._sha.update(piece)
        return piece

    @property
    def sha256(self) -> str:
        return self._sha.hexdigest()


class FileList:
    """Name, size and digest of each file in order, as one running SHA-256."""

    def __init__(self) -> None:
        self._sha, self.count, self.bytes = hashlib.sha256(), 0, 0

    def add(self, name: str, size: int, sha256: str) -> None:
        self._sha.update(f"{sha256} {size} {name}\n".encode())
        self.count, self.bytes = self.count + 1, self.bytes + size

    @property
    def facts(self) -> dict:
        return {"count": self.count, "bytes": self.bytes, "sha256": self._sha.hexdigest()}


class BackupWriter:
    """Appends to the archive ``out``; ``folder``: where a table is packed before its size is known."""

    def __init__(self, out: IO[bytes], folder: Path):
        self._tar = tarfile.TarFile(fileobj=out, mode="w", format=tarfile.PAX_FORMAT)
        self._folder = folder

    def __enter__(self) -> "BackupWriter":
        return self

    def __exit__(self, *error: object) -> None:
        # After an error no end is written: what there is must not look whole.
        if error[0] is None:
            self._tar.close()

    def add(self, name: str, content: bytes) -> None:
        self._put(name, len(content), io.BytesIO(content))

    def add_table(self, name: str, lines: Iterable[bytes]) -> dict:
        """{"rows", "sha256"}: the digest is that of the lines, before they are packed."""
        sha, rows = hashlib.sha256(), 0
        with TemporaryFile(dir=self._folder) as spool:
            with gzip.GzipFile(filename="", fileobj=spool, mode="wb", compresslevel=6, mtime=0) as packed:
                for line in lines:
                    sha.update(line)
                    packed.write(line)
                    rows += 1
            size = spool.tell()
            spool.seek(0)
            self._put(f"{DATA}{name}{PACKED}", size, spool)
        return {"rows": rows, "sha256": sha.hexdigest()}

    def add_file(self, name: str, size: int, source: IO[bytes]) -> str:
        """Its SHA-256. OSError when it has become shorter than ``size``."""
        reader = HashingReader(source)
        self._put(FILES + name, size, reader)
        return reader.sha256

    def _put(self, name: str, size: int, source: object) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, source)  # type: ignore[arg-type]  # it only reads
        # The library keeps every entry for a listing that nobody asks for.
        self._tar.members.clear()  # type: ignore[attr-defined]  # not in the stubs


class BackupReader:
    """Reads the archive at ``path`` from its beginning. Whatever is wrong with the file is a Refused in words."""

    def __init__(self, path: Path):
        self._tar = _reading(lambda: tarfile.TarFile(path), "不是本系统的备份文件，或开头已损坏")
        self._next = self._step()

    def __enter__(self) -> "BackupReader":
        return self

    def __exit__(self, *error: object) -> None:
        self._tar.close()

    def take(self, name: str) -> bytes:
        """The whole of the next entry, which must have that name; for the small ones."""
        if self._next is None or self._next.name != name:
            raise Refused(CUT.format(f"缺 {name}"))
        return b"".join(self._pieces())

    def tables(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """(name, its lines) of each table that follows; the lines must be read before the next one."""
        while self._next is not None and self._next.name.startswith(DATA):
            name = self._next.name.removeprefix(DATA).removesuffix(PACKED)
            yield name, self._lines(name)

    def files(self) -> Iterator[tuple[str, int, Iterator[bytes]]]:
        """(name, bytes, content) of each file that follows; the content must be read before the next one."""
        while self._next is not None and self._next.name.startswith(FILES):
            name, size = self._next.name.removeprefix(FILES), self._next.size
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or not path.name:
                raise Refused(CUT.format("有不能接受的文件名"))
            yield name, size, self._pieces()

    def _lines(self, name: str) -> Iterator[bytes]:
        source = self._content()
        try:
            with gzip.GzipFile(fileobj=source, mode="rb") as packed:
                yield from packed
        except (EOFError, OSError, ValueError, tarfile.TarError, zlib.error) as error:
            raise Refused(CUT.format(f"数据表 {name}")) from error
        self._next = self._step()

    def _pieces(self) -> Iterator[bytes]:
        name, left = self._next.name if self._next else "", self._next.size if self._next else 0
        source = self._content()
        while left:
            piece = _reading(lambda: source.read(min(PIECE, left)), name)  # noqa: B023  # called at once
            if not piece:
                raise Refused(CUT.format(name))
            left -= len(piece)
            yield piece
        self._next = self._step()

    def _content(self) -> IO[bytes]:
        if self._next is None or not self._next.isreg():
            raise Refused(CUT.format("有不能接受的内容"))
        entry = self._next
        found = _reading(lambda: self._tar.extractfile(entry), entry.name)
        if found is None:
            raise Refused(CUT.format(entry.name))
        return found

    def _step(self) -> tarfile.TarInfo | None:
        found = _reading(self._tar.next, "内容")
        self._tar.members.clear()  # type: ignore[attr-defined]  # not in the stubs
        return found


def _reading(read: Callable[[], Result], what: str) -> Result:
    try:
        return read()
    except (tarfile.TarError, ValueError, OverflowError) as error:
        # A header may name a size or a place that no file has.
        raise Refused(CUT.format(what)) from error
