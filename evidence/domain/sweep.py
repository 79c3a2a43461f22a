"""Files that no row names: left by a process that was killed between writing a photo and keeping it."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from evidence.domain.names import NAMES, naming

logger = logging.getLogger(__name__)

# A file being written, or whose row is about to be inserted, is seconds old.
AGE = timedelta(days=1)
# More than this share of all files, and more than a few, means another database, not a killed process.
MOST_SHARE, FEW = 0.1, 30


def remove_orphans(now: datetime) -> int:
    """Delete the files under MEDIA_ROOT that no StoredFile names and nobody touched for a day; how many went.

    Nothing is deleted, and an error is logged, when so many are found that the database is probably not the one the
    files belong to (an old one restored, for example).
    """
    found: list[Path] = []
    files = 0
    for folder in _folders():
        named = _named_in(folder.name)
        for path in folder.rglob("*"):
            if path.is_file():
                files += 1
                if path.relative_to(settings.MEDIA_ROOT).as_posix() not in named and _is_old(path, now):
                    found.append(path)
    if len(found) > max(FEW, files * MOST_SHARE):
        logger.error("%s of %s files have no row; none deleted", len(found), files)
        return 0
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _folders() -> Iterator[Path]:
    """The folders of the first level, each with a share of all files, so that few names are in memory at a time."""
    root = Path(settings.MEDIA_ROOT)
    return (path for path in sorted(root.iterdir()) if path.is_dir()) if root.is_dir() else iter(())


def _named_in(folder: str) -> set[str]:
    named: set[str] = set()
    for name in NAMES:
        # A range uses the unique index on both databases; "0" is the character after "/".
        rows = naming(name).filter(**{f"{name}__gte": f"{folder}/", f"{name}__lt": f"{folder}0"})
        named.update(rows.values_list(name, flat=True))
    return named


def _is_old(path: Path, now: datetime) -> bool:
    try:
        return path.stat().st_mtime < (now - AGE).timestamp()
    except FileNotFoundError:
        return False
