"""Background work on campaigns. Tasks are leaves: one domain call."""

from celery import shared_task
from django.utils import timezone

from campaigns.domain import daily


@shared_task(name="campaigns.tasks.every_morning", ignore_result=True)
def every_morning() -> None:
    """Side effects: those of ``campaigns.domain.daily.run``."""
    daily.run(timezone.now())
