"""A table somebody sent, put on disk for as long as it is read; names of uploads of any length."""

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

from core.exceptions import Refused
from core.storage_state import NO_ROOM, is_full
from core.tabular import ACCEPTED, MAX_BYTES
from core.text import clean

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # AUTH_USER_MODEL; accounts stands above

_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')
# A file name may have 255 bytes; a Chinese sign has three or four.
NAME_CHARACTERS, NAME_BYTES = 80, 200
ENDING_CHARACTERS = 10


class TableBusy(Refused):
    """This person's other table is still being read (409)."""

    status = 409


class SpoolUploadHandler(TemporaryFileUploadHandler):
    """Django's own, which puts a large upload into a temporary file, with two differences.

    Django ends the name of that file like the upload's: a long ending is no valid file name. And on a full disk the
    file is passed over and the fields beside it are read on, so that what was typed can be shown; the error is kept as
    ``request.no_room``, for which ``core.middleware.DomainErrorMiddleware`` refuses the whole form.
    """

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        stem, ending = os.path.splitext(file_name)
        if len(ending) > ENDING_CHARACTERS:
            file_name = (stem + ending.replace(".", "_"))[:255]
        with self._room():
            super().new_file(field_name, file_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._room():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        try:
            with self._room():
                return super().file_complete(file_size)
        except SkipFile:
            return None

    @contextmanager
    def _room(self) -> Iterator[None]:
        """Raise SkipFile where the disk takes no more: the rest of the file is read and dropped."""
        try:
            yield
        except OSError as error:
            if not is_full(error):
                raise
            setattr(self.request, NO_ROOM, error)
            if spooled := self.__dict__.pop("file", None):
                with suppress(OSError):
                    # What it still holds in memory finds no room either; the file itself goes with closing.
                    spooled.close()
            raise SkipFile from error


def check_size(upload: UploadedFile) -> None:
    """Validator of a file field: a file larger than a table may be is not copied."""
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(f"{table_name(upload.name)} 超过 10 MB。{ACCEPTED}")


def table_name(name: str | None) -> str:
    """The upload's own name, fit for a message and for a file: no path, its last 80 characters or 200 bytes."""
    whole = _UNSAFE.sub("_", clean(name or "")).strip("._")[-NAME_CHARACTERS:]
    return whole.encode()[-NAME_BYTES:].decode(errors="ignore") or "表格"


@contextmanager
def on_disk(upload: UploadedFile, *, reader: "User") -> Iterator[Path]:
    """The upload as a file under its own name, deleted afterwards.

    Raises TableBusy while another table of the same person is read, in whatever process of this host.
    """
    with _one_at_a_time(reader), tempfile.TemporaryDirectory(prefix="table-") as folder:
        path = Path(folder, table_name(upload.name))
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        yield path


@contextmanager
def _one_at_a_time(reader: "User") -> Iterator[None]:
    """A lock that ends with the process: a killed one leaves nobody locked out. The small files stay."""
    folder = Path(settings.VAR_DIR, "run", "tables")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(folder / f"{reader.pk}.lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise TableBusy(
                "您的另一份表格正在读取，这一份没有读取，没有写入任何内容。请等那一份读完后重新提交。",
                rule="table.busy",
            ) from error
        yield
