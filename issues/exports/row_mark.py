"""What each row of the exported ledger carries in its hidden column 版本, so that the edited file can come back. Pure.

The mark is ``QH2022-00001/7/1a2b3c4d``: number, version, and a digest of the cells that may be changed in the file. The
number tells when a mark has come to another row (a part of the columns was sorted); the digest tells whether the row
was edited, once the issue itself has changed.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

HEADER = "版本"
_MARK = re.compile(r"([^/\s]{1,40})/(\d{1,9})/([0-9a-f]{8})")


class RowMark(NamedTuple):
    """``digest``: see ``digest_of``."""

    number: str
    version: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}/{self.version}/{self.digest}"


def digest_of(texts: Iterable[str]) -> str:
    """Equal for texts that differ in spaces and line breaks alone, which a spreadsheet may change by itself."""
    told = "\x1f".join("".join(text.split()) for text in texts)
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def read_mark(text: str) -> RowMark | None:
    """The mark of a cell; None when it is none."""
    found = _MARK.fullmatch(text.strip())
    return RowMark(found[1], int(found[2]), found[3]) if found else None
