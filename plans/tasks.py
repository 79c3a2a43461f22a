"""Background work on plans. Tasks are leaves: one domain call."""

from celery import shared_task
from django.utils import timezone

from plans.domain import reminders


@shared_task(name="plans.tasks.make_plan_reminders", ignore_result=True)
def make_plan_reminders() -> None:
    """Side effect: every reminder of a plan due by now exists (see ``plans.domain.reminders``)."""
    reminders.make_plan_reminders(timezone.now())
