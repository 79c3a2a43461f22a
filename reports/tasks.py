"""Background work on periods, and the minute round that looks after every job. Ids in, one domain call."""

import logging

from celery import shared_task
from django.utils import timezone

from core import jobs
from core.staging import purge_staged
from issues.exports import ledger as exports
from issues.tasks import export_ledger_job
from reports.domain import compile as compiling
from reports.domain import paper_pdf_job, publication_reminders, unit_pack_job
from reports.domain.board import reminders as walk_reminders
from reports.domain.submissions import reminder_delivery

logger = logging.getLogger(__name__)


@shared_task(name="reports.tasks.make_walk_reminders", ignore_result=True)
def make_walk_reminders() -> None:
    """Side effect: every reminder of walks owed due by now exists (see ``reports.domain.board.reminders``)."""
    walk_reminders.make_walk_reminders(timezone.now())


@shared_task(name="reports.tasks.make_pack_reminders", ignore_result=True)
def make_pack_reminders() -> None:
    """Side effect: every reminder of packs due by now exists (see ``reports.domain.submissions.reminder_delivery``)."""
    reminder_delivery.make_pack_reminders(timezone.now())


@shared_task(name="reports.tasks.make_publication_reminders", ignore_result=True)
def make_publication_reminders() -> None:
    """Side effect: every reminder of publishing that is owed by now exists."""
    publication_reminders.make_publication_reminders(timezone.now())


@shared_task(name="reports.tasks.compile_summary", ignore_result=True)
def compile_summary(job_id: str) -> None:
    """Side effect: the job's period is compiled (see ``reports.domain.compile.run_job``)."""
    compiling.run_job(job_id)


@shared_task(name="reports.tasks.write_unit_pack", ignore_result=True)
def write_unit_pack(job_id: str) -> None:
    """Side effect: the job's material is written (see ``reports.domain.unit_pack_job.run_job``)."""
    unit_pack_job.run_job(job_id)


@shared_task(name="reports.tasks.write_paper_pdf", ignore_result=True)
def write_paper_pdf(job_id: str) -> None:
    """Side effect: the job's paper is written as PDF (see ``reports.domain.paper_pdf_job.run_job``)."""
    paper_pdf_job.run_job(job_id)


@shared_task(name="reports.tasks.requeue_stalled_jobs", ignore_result=True)
def requeue_stalled_jobs() -> None:
    """Send again what was never delivered or lost its worker; the claim in the database keeps each job single.

    Side effects too: files of jobs and tables that wait for confirmation are deleted after their 24 hours.
    """
    for job_id, kind in jobs.stalled():
        if kind in SENDERS:
            SENDERS[kind](job_id)
        else:
            logger.error("job %s is of the unknown kind %s", job_id, kind)
    jobs.purge_expired()
    purge_staged()


# Kind of a job → what wakes a worker for it.
SENDERS = {
    compiling.KIND: compile_summary.delay,
    exports.JOB_KIND: export_ledger_job.delay,
    paper_pdf_job.KIND: write_paper_pdf.delay,
    unit_pack_job.KIND: write_unit_pack.delay,
}
