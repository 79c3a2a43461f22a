"""Hand out the file that a job made."""

from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from core import audit
from core.models import Job, JobState


class Expired(Exception):
    """The file is kept no longer: its 24 hours are over."""


def has_file(job: Job) -> bool:
    """Whether the job ended with a file, kept or not."""
    return job.state == JobState.DONE and bool(job.file_name)


def open_file(job: Job, *, actor: User) -> IO[bytes]:
    """The job's file, open for reading; raises Expired past its time. Side effect: an audit entry."""
    if not job.file_path or job.expires_at is None or job.expires_at <= timezone.now():
        raise Expired
    try:
        file = (Path(settings.JOBS_ROOT) / job.file_path).open("rb")
    except FileNotFoundError as error:
        raise Expired from error
    audit.record(
        actor=actor, action="job.downloaded", object_type="job", object_key=job.pk, detail={"digest": job.digest}
    )
    return file
