"""ZIP files that are the same bytes for the same content, and names in them that every system takes."""

import re
import zipfile
from pathlib import Path
from typing import IO

from core.personal_data import mask
from core.text import clean

CONTENT_TYPE = "application/zip"
LONGEST_NAME = 80
_TIME = (1980, 1, 1, 0, 0, 0)
# Windows refuses these in a name, and a dot or space at its end.
_REFUSED = re.compile(r'[\\/:*?"<>|\s]+')
# Compressed already: doing it again costs time and saves nothing.
_PRESSED = {".jpg", ".docx", ".xlsx", ".zip"}


def safe_part(text: str) -> str:
    """One part of a name, with nothing in it that Windows, macOS or Linux refuses and no number of a person; may be
    empty."""
    text = _REFUSED.sub("-", mask(clean(text)).replace("\ufffd", ""))
    return "".join(char for char in text if char.isprintable()).strip("._- ")


class FixedZip:
    """A ZIP being written to ``out``: entries carry one fixed time. Names are unique whatever their case, because
    Windows knows none."""

    def __init__(self, out: IO[bytes]):
        self._zip = zipfile.ZipFile(out, "w")
        self._taken: set[str] = set()

    def __enter__(self) -> "FixedZip":
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    def name(self, folder: str, *parts: str, ending: str, numbered: bool = False) -> str:
        """``folder/part_part.ending`` that no other entry has, at most ``LONGEST_NAME`` characters behind the folder.

        ``numbered``: ends in a number from 1; otherwise a number is added only to tell two names apart. The longest
        part is cut when the name is too long.
        """
        kept = [part for part in (safe_part(text) for text in parts) if part]
        number = 1
        while True:
            tail = [str(number)] if numbered or number > 1 else []
            name = f"{folder}/{_joined(kept, tail, ending)}" if folder else _joined(kept, tail, ending)
            if name.casefold() not in self._taken:
                self._taken.add(name.casefold())
                return name
            number += 1

    def write(self, name: str, content: bytes) -> None:
        """Add an entry under a name of ``name``."""
        entry = zipfile.ZipInfo(name, date_time=_TIME)
        entry.external_attr = 0o600 << 16
        is_pressed = Path(name).suffix in _PRESSED
        entry.compress_type = zipfile.ZIP_STORED if is_pressed else zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, content)


def _joined(parts: list[str], tail: list[str], ending: str) -> str:
    parts = list(parts)
    while len(name := "_".join([*parts, *tail]) + f".{ending}") > LONGEST_NAME:
        longest = max(range(len(parts)), key=lambda place: len(parts[place]))
        over = len(name) - LONGEST_NAME
        parts[longest] = parts[longest][: max(1, len(parts[longest]) - over)].rstrip("._- ")
    return name
