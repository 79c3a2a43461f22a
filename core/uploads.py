"""A table somebody sent, put on disk for as long as it is read."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core.tabular import ACCEPTED, MAX_BYTES
from core.text import clean

_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')


def check_size(upload: UploadedFile) -> None:
    """Validator of a file field: a file larger than a table may be is not copied."""
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(f"{table_name(upload.name)} 超过 10 MB。{ACCEPTED}")


def table_name(name: str | None) -> str:
    """The upload's own name, fit for a message and for a file: no path, at most 80 characters."""
    return _UNSAFE.sub("_", clean(name or "")).strip("._")[-80:] or "表格"


@contextmanager
def on_disk(upload: UploadedFile) -> Iterator[Path]:
    """The upload as a file under its own name, deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="table-") as folder:
        path = Path(folder, table_name(upload.name))
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        yield path
