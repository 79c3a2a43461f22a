"""Background work on the ledger. Tasks are leaves: ids in, one domain call."""

from celery import shared_task
from django.utils import timezone

from core import jobs
from issues.domain import reminder_delivery, resumption, review_reminders, signature_check
from issues.domain.enquiries import reminders as enquiry_reminders
from issues.domain.extensions import reminders as extension_reminders
from issues.domain.inspections import reminders as inspection_reminders
from issues.domain.lookback import reminders as look_back_reminders
from issues.domain.needs import reminders
from issues.domain.slips import reminders as slip_reminders
from issues.exports import ledger as exports


@shared_task(name="issues.tasks.make_due_reminders", ignore_result=True)
def make_due_reminders() -> None:
    """Side effect: every reminder due by now exists as an in-app notice (see ``issues.domain.reminder_delivery``)."""
    reminder_delivery.make_due_reminders(timezone.now())


@shared_task(name="issues.tasks.make_need_reminders", ignore_result=True)
def make_need_reminders() -> None:
    """Side effect: every reminder of a need due by now exists (see ``issues.domain.needs.reminders``)."""
    reminders.make_need_reminders(timezone.now())


@shared_task(name="issues.tasks.make_extension_reminders", ignore_result=True)
def make_extension_reminders() -> None:
    """Side effect: every reminder of an unanswered request for more time due by now exists."""
    extension_reminders.make_extension_reminders(timezone.now())


@shared_task(name="issues.tasks.make_slip_reminders", ignore_result=True)
def make_slip_reminders() -> None:
    """Side effect: every reminder of an unanswered 督办单 due by now exists."""
    slip_reminders.make_slip_reminders(timezone.now())


@shared_task(name="issues.tasks.make_enquiry_reminders", ignore_result=True)
def make_enquiry_reminders() -> None:
    """Side effect: every reminder of an unanswered enquiry due by now exists."""
    enquiry_reminders.make_enquiry_reminders(timezone.now())


@shared_task(name="issues.tasks.make_inspection_reminders", ignore_result=True)
def make_inspection_reminders() -> None:
    """Side effect: every reminder of an inspection that is owed by now exists."""
    inspection_reminders.make_inspection_reminders(timezone.now())


@shared_task(name="issues.tasks.make_look_back_reminders", ignore_result=True)
def make_look_back_reminders() -> None:
    """Side effect: every reminder of 回头看 that is due by now exists."""
    look_back_reminders.make_look_back_reminders(timezone.now())


@shared_task(name="issues.tasks.make_review_reminders", ignore_result=True)
def make_review_reminders() -> None:
    """Side effect: every reminder of a review date due by now exists (see ``issues.domain.review_reminders``)."""
    review_reminders.make_review_reminders(timezone.now())


@shared_task(name="issues.tasks.check_signatures", ignore_result=True)
def check_signatures() -> None:
    """Side effects: audit entries on the signatures of all walks (see ``issues.domain.signature_check``)."""
    signature_check.check_signatures()


@shared_task(name="issues.tasks.resume_deferred", ignore_result=True)
def resume_deferred() -> None:
    """Side effect: issues whose review date has come are resumed (see ``issues.domain.resumption``)."""
    resumption.resume_due(timezone.now())


@shared_task(name="issues.tasks.export_ledger_job", ignore_result=True)
def export_ledger_job(job_id: str) -> None:
    """Side effects: those of ``issues.exports.ledger.run_job``; none when the job was taken."""
    job = jobs.claim(job_id)
    if job is not None:
        exports.run_job(job, timezone.localdate())
