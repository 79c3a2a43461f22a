"""Health checks for machines: /healthz says that the process runs, /readyz whether what it depends on does."""

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from core import audit, heartbeat, old_database, restarts
from core.anchors import find_fault, last_anchor
from core.calendar import year_is_loaded

MIN_FREE_SHARE = 0.10
# Whether the tables were seen to be those of this version.
_known = {"tables": False}


@login_not_required
@never_cache
@require_safe
def healthz(request):
    """200 "ok" as long as the process answers; uses neither the database nor the broker."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def readyz(request):
    """What each part reports ("ok", "missing" or a short text); 503 unless database and broker are ok."""
    report = {"database": _database(), **_broker()}
    report["calendar_year"] = _calendar_year() if report["database"] == "ok" else "missing"
    report["disk"] = _disk(settings.VAR_DIR)
    report["last_backup"] = _last_backup(settings.VAR_DIR / "backups")
    report["audit_anchor"] = _audit_anchor() if report["database"] == "ok" else "missing"
    report["signatures"] = _signatures() if report["database"] == "ok" else "missing"
    report["restarts"] = "；".join(f"{name} {times} 次" for name, times in restarts.frequent().items()) or "ok"
    ready = report["database"] == "ok" and report["broker"] == "ok"
    return JsonResponse(report, status=200 if ready else 503)


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


def _last_backup(folder: Path) -> str:
    times = [entry.stat().st_mtime for entry in folder.glob("*") if entry.is_file()]
    if not times:
        return "missing"
    return datetime.fromtimestamp(max(times), tz=timezone.get_current_timezone()).isoformat(timespec="seconds")
