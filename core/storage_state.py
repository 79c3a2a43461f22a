"""Whether there is room to write: errors of a full or unwritable disk, and when this process last met one."""

import errno
import time
from collections.abc import Iterator

from django.db import DatabaseError

# Messages of SQLite and PostgreSQL when the disk takes no more.
_MESSAGES = ("disk is full", "disk full", "no space left", "disk quota", "disk i/o error", "readonly database")
_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
# How long a page goes on saying that nothing can be saved after the last write that failed.
SHOWN_SECONDS = 60

# Name of the attribute of a request that holds the error with which a file of its form found no room.
NO_ROOM = "no_room"

_EVERYBODY = 0
_met_at: dict[int, float] = {}


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it, each once: an error raised again while it was handled may lead back to itself. A
    session that could not be saved is reported as one that was deleted."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def is_full(error: BaseException | None) -> bool:
    """True when the disk took no more or cannot be written to: the database, a file, or a temporary file."""
    for one in chain(error):
        if isinstance(one, DatabaseError) and any(words in str(one).lower() for words in _MESSAGES):
            return True
        if isinstance(one, OSError) and one.errno in _ERRNOS:
            return True
    return False


def note_full(user_id: int = _EVERYBODY) -> None:
    """Remember that a write failed just now; with ``user_id`` it is only this person's pages that say so."""
    _met_at[user_id] = time.monotonic()


def was_full(user_id: int) -> bool:
    """Whether this process met a full disk within the last SHOWN_SECONDS, as far as this person is told."""
    since = time.monotonic() - SHOWN_SECONDS
    return any(_met_at.get(key, since) > since for key in (_EVERYBODY, user_id))


def forget() -> None:
    """Forget what was met."""
    _met_at.clear()
