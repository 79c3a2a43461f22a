"""Carry out a queued job that makes a file: who has it, whether its owner still may, and what is said when it fails."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from core import jobs
from core.error_pages import error_code
from core.exceptions import DomainError
from core.models import Job

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # AUTH_USER_MODEL; accounts stands above

logger = logging.getLogger(__name__)


class JobStopped(Exception):
    """Its owner stopped the job, or another worker has it."""


def carry_out(job_id: str, write: Callable[[Job, "User"], None], *, rights_of: Callable[["User"], str]) -> None:
    """Let ``write`` make what a queued job asks for, in its owner's rights as they are now.

    ``write`` ends the job, raises JobStopped when it goes on no longer, and a DomainError in the words its owner reads.
    ``rights_of``: the digest of the rights a person holds; others than the job was asked for under make nothing. What
    goes wrong stands on the job.
    """
    job = jobs.claim(job_id)
    if job is None or not jobs.advance(job, progress=0, total=1):
        return
    if job.owner is None or rights_of(job.owner) != job.rights:
        jobs.fail(job, message="您的角色已有变动，没有生成材料。请重新办理。")
        return
    try:
        write(job, job.owner)
    except JobStopped:
        return
    except DomainError as error:
        jobs.fail(job, message=error.message)
    except Exception:
        code = error_code()
        logger.exception("job %s failed, code %s", job_id, code)
        jobs.fail(job, message=f"材料没有生成。请重新办理；如再次失败，请把代码 {code} 告诉系统管理员。")
