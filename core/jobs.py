"""Long work that survives a crash: a row with progress and a lease, a file that is complete or absent.

``state`` is written here only. A worker claims a job by conditional UPDATE; a job whose lease has expired can be
claimed again.
"""

import hashlib
import os
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from core import broker_state
from core.models import Job, JobState

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # AUTH_USER_MODEL; accounts stands above

LEASE = timedelta(minutes=5)
KEEP = timedelta(hours=24)
KEEP_ROW = timedelta(days=30)
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
MAX_ATTEMPTS = 3
LIVE = (JobState.HELD, JobState.QUEUED, JobState.RUNNING)


def enqueue(
    *,
    kind: str,
    label: str,
    owner: "User | None",
    params: dict,
    send: Callable[[str], object],
    dedupe_key: str = "",
    rights: str = "",
    held: bool = False,
) -> Job:
    """Create the job row, then call ``send(job_id)`` when the transaction commits; return the row.

    With a ``dedupe_key`` a job that is still waiting or running under that key is returned instead of a second one.
    ``rights``: digest of the rights the owner holds now; without it nobody sees the job. ``held``: it waits until
    somebody calls ``release``.
    Nothing is lost while the broker is down or hangs: nothing waits for it, the row stays queued, and the minute task
    sends it again.
    """
    dedupe_key = f"{dedupe_key}:{rights[:16]}" if dedupe_key else ""
    job = Job(kind=kind, label=label, owner=owner, params=params, dedupe_key=dedupe_key, rights=rights)
    job.state = JobState.HELD if held else JobState.QUEUED
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        live = Job.objects.filter(dedupe_key=dedupe_key, state__in=LIVE).first()
        if live is None:
            raise
        return live
    if not held:
        _send_on_commit(job, send)
    return job


def release(*, job: Job, actor: "User", now: datetime, send: Callable[[str], object]) -> bool:
    """Let a held job run: it is sent when the transaction commits; False when it was not held any more."""
    released = Job.objects.filter(pk=job.pk, state=JobState.HELD).update(
        state=JobState.QUEUED, decided_by=actor, decided_at=now
    )
    if released:
        _send_on_commit(job, send)
    return bool(released)


def _send_on_commit(job: Job, send: Callable[[str], object]) -> None:
    transaction.on_commit(lambda: broker_state.answers() and send(str(job.pk)), robust=True)


def end_held(*, job: Job, actor: "User", now: datetime, message: str) -> bool:
    """A held job is not released, ``message`` says why; False when it was not held any more."""
    ended = {"state": JobState.CANCELLED, "finished_at": now, "message": message[:500]}
    held = Job.objects.filter(pk=job.pk, state=JobState.HELD)
    return bool(held.update(decided_by=actor, decided_at=now, **ended))


def claim(job_id: str | uuid.UUID) -> Job | None:
    """Take the job for this worker, or None when it is finished or another worker holds its lease."""
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | (Q(state=JobState.RUNNING) & _lease_is_over(now))
    won = Job.objects.filter(free, pk=job_id, attempts__lt=MAX_ATTEMPTS).update(
        state=JobState.RUNNING, lease_until=now + LEASE, attempts=F("attempts") + 1, progress=0, message=""
    )
    return Job.objects.get(pk=job_id) if won else None


def _lease_is_over(now: datetime) -> Q:
    """Also of a lease that reaches further than any: the clock that set it ran ahead."""
    return Q(lease_until__lt=now) | Q(lease_until__gt=now + LEASE)


def advance(job: Job, *, progress: int, total: int | None = None) -> bool:
    """Report progress and renew the lease; False when the job was cancelled and the worker should stop."""
    changes = {"progress": progress, "lease_until": timezone.now() + LEASE}
    if total is not None:
        changes["total"] = total
    return bool(Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(**changes))


def finish(job: Job, *, result_url: str = "", message: str = "", file: tuple[str, str, str] | None = None) -> bool:
    """Mark done. ``file`` is (shown name, path below JOBS_ROOT, sha256)."""
    now = timezone.now()
    changes = {"state": JobState.DONE, "finished_at": now, "result_url": result_url, "message": message}
    changes |= {"lease_until": None, "expires_at": now + KEEP, "progress": F("total")}
    if file:
        changes |= dict(zip(("file_name", "file_path", "digest"), file, strict=True))
    return bool(Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(**changes))


def fail(job: Job, *, message: str) -> None:
    """Mark not done, with the words its owner will read."""
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(
        state=JobState.FAILED, finished_at=timezone.now(), lease_until=None, message=message[:500]
    )


def cancel(*, job: Job) -> bool:
    """Its owner stops a waiting or running job; False when it had already ended."""
    now = timezone.now()
    ended = {"state": JobState.CANCELLED, "finished_at": now, "lease_until": None, "message": "已由本人取消"}
    live = Job.objects.filter(pk=job.pk, state__in=LIVE)
    return bool(live.update(decided_by=job.owner, decided_at=now, **ended))


def stalled() -> list[tuple[str, str]]:
    """(id, kind) of jobs nobody is working on: never delivered, or their worker died.

    Those tried too often are marked failed.
    """
    now = timezone.now()
    lost = Q(state=JobState.RUNNING) & _lease_is_over(now)
    waiting = Q(state=JobState.QUEUED) & (Q(created_at__lt=now - timedelta(seconds=30)) | Q(created_at__gt=now))
    Job.objects.filter(lost, attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED,
        finished_at=now,
        message="后台处理多次中断，未能完成。请稍后重试；如再次失败请联系系统管理员。",
    )
    return [(str(pk), kind) for pk, kind in Job.objects.filter(lost | waiting).values_list("pk", "kind")]


def write_file(job: Job, write: Callable) -> tuple[str, str]:
    """Call ``write(binary file)``, then publish by rename; return (path below JOBS_ROOT, sha256).

    The file is never visible while incomplete: it is written as ``*.part``, synced, and then renamed.
    """
    root = Path(settings.JOBS_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    name = f"{job.pk.hex}-{uuid.uuid4().hex[:8]}"
    part = root / f"{name}.part"
    try:
        with part.open("wb") as handle:
            write(handle)
            handle.flush()
            os.fsync(handle.fileno())
        with part.open("rb") as handle:
            sha = hashlib.file_digest(handle, "sha256").hexdigest()
        part.rename(root / name)
    finally:
        part.unlink(missing_ok=True)
    return name, sha


def jobs_of(owner: "User", rights: str) -> QuerySet[Job]:
    """Jobs of the person who asked for them, made under these rights (a digest); nobody else has any part in them."""
    return Job.objects.filter(owner=owner, rights=rights)


def waiting() -> tuple[int, datetime | None]:
    """How many jobs wait to be begun, and since when the oldest does; one query."""
    facts = Job.objects.filter(state=JobState.QUEUED).aggregate(number=Count("pk"), oldest=Min("created_at"))
    return facts["number"], facts["oldest"]


def purge_expired() -> int:
    """Delete expired files; the rows stay. Returns how many files were deleted."""
    gone = 0
    for job in Job.objects.filter(expires_at__lt=timezone.now()).exclude(file_path=""):
        (Path(settings.JOBS_ROOT) / job.file_path).unlink(missing_ok=True)
        Job.objects.filter(pk=job.pk).update(file_path="")
        gone += 1
    return gone


def purge_ended(now: datetime) -> int:
    """Delete the jobs that ended more than KEEP_ROW ago, and the files of JOBS_ROOT that no job names and nobody
    touched for KEEP; how many jobs went."""
    purge_expired()
    gone = Job.objects.filter(state__in=ENDED, finished_at__lt=now - KEEP_ROW).delete()[0]
    named = set(Job.objects.exclude(file_path="").values_list("file_path", flat=True))
    root = Path(settings.JOBS_ROOT)
    for path in root.iterdir() if root.is_dir() else ():
        if path.name not in named and path.stat().st_mtime < (now - KEEP).timestamp():
            path.unlink(missing_ok=True)
    return gone
