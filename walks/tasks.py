"""Background work on walks. Tasks are leaves: one domain call."""

from celery import shared_task
from django.utils import timezone

from walks.domain import reminders


@shared_task(name="walks.tasks.make_result_reminders", ignore_result=True)
def make_result_reminders() -> None:
    """Side effect: every reminder of a promised result due by now exists (see ``walks.domain.reminders``)."""
    reminders.make_result_reminders(timezone.now())
