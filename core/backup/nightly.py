"""The backup of every day, and which of them are kept."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from core.backup import status
from core.backup.making import StoredNames
from core.backup.restoring import make_checked
from core.commandline import database_words
from core.exceptions import Refused
from core.oserrors import why

logger = logging.getLogger(__name__)

PREFIX, ENDING = "walkthrough-", ".tar"


class BackupOutcome(Enum):
    MADE = "made"
    FAILED = "failed"
    # Another process is at it, or today's is there.
    NOTHING = "nothing"


def back_up(*, stored_names: StoredNames, version: str, now: datetime) -> BackupOutcome:
    """Write today's backup to BACKUP_DIR unless it is there, read it back, and delete the oldest beyond BACKUP_KEEP.

    Side effects: the file; ``core.backup.status``; what a killed process left is removed. A backup that fails deletes
    no older one.
    """
    folder = Path(settings.BACKUP_DIR)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(folder) as is_alone:
            path = folder / f"{PREFIX}{timezone.localdate(now):%Y%m%d}{ENDING}"
            if not is_alone or path.exists():
                return BackupOutcome.NOTHING
            for part in folder.glob(f".{PREFIX}*.part"):
                part.unlink(missing_ok=True)
            made = make_checked(path, stored_names=stored_names, version=version, now=now)
            status.note_good(made, now)
            _rotate(folder)
            return BackupOutcome.MADE
    except (DatabaseError, OSError, Refused) as error:
        reason = _words(error)
    logger.error("backup failed: %s", reason)
    _note_failed(reason, now)
    return BackupOutcome.FAILED


def _note_failed(reason: str, now: datetime) -> None:
    try:
        status.note_failed(reason, now)
    except OSError as error:
        logger.error("not noted: %s", error)


def _rotate(folder: Path) -> None:
    """Only files of the nightly backup are counted and deleted, by the day in their name."""
    kept = sorted(folder.glob(f"{PREFIX}{'[0-9]' * 8}{ENDING}"), reverse=True)
    for path in kept[settings.BACKUP_KEEP :]:
        path.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _words(error: Exception) -> str:
    if isinstance(error, Refused):
        return error.message
    if isinstance(error, OSError):
        return f"读写 {error.filename or settings.BACKUP_DIR} 时出错：{why(error)}。"
    words = database_words(error) if isinstance(error, DatabaseError) else ""
    return words or "数据库出错，详见日志。"
