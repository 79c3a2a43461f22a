"""Background work on the ledger. Tasks are leaves: ids in, one domain call."""

from celery import shared_task
from django.utils import timezone

from issues.domain import reminding


@shared_task(name="issues.tasks.make_due_reminders", ignore_result=True)
def make_due_reminders() -> None:
    """Side effect: every reminder due by now exists as an in-app notice (see ``issues.domain.reminding``)."""
    reminding.make_due_reminders(timezone.now())
