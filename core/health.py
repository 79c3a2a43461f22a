"""How the parts of a running installation are: for /readyz and for the page of the system administrator."""

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from redis.exceptions import RedisError

from core import audit, heartbeat, old_database, restarts
from core.anchors import find_fault, last_anchor
from core.backup import status
from core.calendar import year_is_loaded

MIN_FREE_SHARE = 0.10
# Whether the tables were seen to be those of this version.
_known = {"tables": False}


def report(now: datetime) -> dict[str, str]:
    """What each part says: "ok", "missing" or a short text; a reader who is not signed in may see it."""
    said = {"database": _database(), **_broker()}
    answers = said["database"] == "ok"
    said["calendar_year"] = _calendar_year() if answers else "missing"
    said["disk"] = _disk(settings.VAR_DIR)
    said["last_backup"] = _last_backup(now)
    said["audit_anchor"] = _audit_anchor() if answers else "missing"
    said["signatures"] = _signatures() if answers else "missing"
    said["restarts"] = "；".join(f"{name} {times} 次" for name, times in restarts.frequent().items()) or "ok"
    return said


def _database() -> str:
    """ "ok", "missing" when it does not answer, "other version" when it is not ours (``core.old_database``)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        # Looked at until it fits: the tables do not change while a process runs.
        if not _known["tables"]:
            _known["tables"] = not old_database.differences()
    except DatabaseError:
        return "missing"
    return "ok" if _known["tables"] else "other version"


def _broker() -> dict[str, str]:
    parts = {"broker": "missing", "worker": "missing", "beat": "missing"}
    try:
        with heartbeat.broker_client() as client:
            client.ping()
            parts["broker"] = "ok"
            for name in ("worker", "beat"):
                parts[name] = "missing" if heartbeat.age(client, name) is None else "ok"
    except (RedisError, OSError):
        pass
    return parts


def _calendar_year() -> str:
    try:
        return "ok" if year_is_loaded(timezone.localdate().year) else "missing"
    except DatabaseError:
        return "missing"


def _audit_anchor() -> str:
    """The day of the newest anchor, or what is wrong with it."""
    anchor = last_anchor()
    if anchor is None:
        return "missing"
    try:
        fault = find_fault(newest_only=True)
    except DatabaseError:
        return "missing"
    return fault.reason if fault else anchor.at[:10]


def _signatures() -> str:
    """The day on which all signatures fitted, or how many did not."""
    try:
        last = audit.last_signature_check()
    except DatabaseError:
        return "missing"
    if last is None:
        return "missing"
    at, broken = last
    return f"{broken} 条签字与内容不符" if broken else f"{timezone.localtime(at):%Y-%m-%d}"


def _disk(path: Path) -> str:
    usage = shutil.disk_usage(path)
    share = usage.free / usage.total
    return "ok" if share >= MIN_FREE_SHARE else f"{share:.0%} free"


def _last_backup(now: datetime) -> str:
    """When the last good backup was written; behind it that it is old, or that the last one failed."""
    last = status.read()
    said = [last.at if last.is_there else "missing"]
    if last.is_there and last.is_old(now):
        said.append(f"距今 {(now - datetime.fromisoformat(last.at)).days} 天")
    if last.failed_at:
        said.append(f"{last.failed_at} 未写成")
    return "；".join(said)
