"""When the last good backup was written and why the last one was not: ``last.json`` in BACKUP_DIR."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.backup.making import Backup
from core.files import write_atomically

# One night may be missed, not two.
OLD = timedelta(hours=50)
NAME = "last.json"


@dataclass(frozen=True)
class BackupStatus:
    """``at``, ``file``, ``size`` (bytes), ``digest``, ``rows``, ``files``, ``missing`` of the last good backup, ""
    and 0 when there is none; ``failed_at`` and ``reason`` of what failed since, "" when nothing did."""

    at: str = ""
    file: str = ""
    size: int = 0
    digest: str = ""
    rows: int = 0
    files: int = 0
    missing: int = 0
    failed_at: str = ""
    reason: str = ""

    @property
    def is_there(self) -> bool:
        """Whether the file is still where it was written, in its length."""
        path = Path(settings.BACKUP_DIR, self.file)
        try:
            return bool(self.file) and path.stat().st_size == self.size
        except OSError:
            return False

    def age(self, now: datetime) -> timedelta | None:
        """Since the last good backup that is still there; None when there is none."""
        return now - datetime.fromisoformat(self.at) if self.is_there else None

    def is_old(self, now: datetime) -> bool:
        """Whether a backup is missing: none there, or the last one more than OLD ago."""
        age = self.age(now)
        return age is None or age > OLD


def read() -> BackupStatus:
    """An unreadable file counts as none."""
    try:
        return BackupStatus(**json.loads(Path(settings.BACKUP_DIR, NAME).read_text(encoding="utf-8")))
    except (OSError, TypeError, ValueError):
        return BackupStatus()


def note_good(made: Backup, now: datetime) -> None:
    """Side effect: ``last.json``."""
    held = made.contents
    _write(
        BackupStatus(
            at=_local(now),
            file=made.path.name,
            size=made.size,
            digest=held.digest,
            rows=held.rows,
            files=held.files["count"],
            missing=held.missing,
        )
    )


def note_failed(reason: str, now: datetime) -> None:
    """Side effect: ``last.json``, where the last good one stays named."""
    _write(BackupStatus(**asdict(read()) | {"failed_at": _local(now), "reason": reason}))


def _write(status: BackupStatus) -> None:
    text = json.dumps(asdict(status), ensure_ascii=False, indent=1)
    write_atomically(Path(settings.BACKUP_DIR, NAME), lambda out: out.write(text.encode()))


def _local(now: datetime) -> str:
    return timezone.localtime(now).isoformat(timespec="seconds")
