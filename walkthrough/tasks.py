"""Tasks of the runtime itself. Beat sends ``heartbeat`` (see walkthrough.beat); a worker that runs it is alive."""

from celery import shared_task
from django.utils import timezone

from core import heartbeat as signs
from walkthrough import backups


@shared_task(name="walkthrough.tasks.heartbeat", ignore_result=True)
def heartbeat() -> None:
    """Side effect: the worker's heartbeat in the broker (see core.heartbeat)."""
    signs.sign("worker")


# All photos are copied: hours on a slow disk, not the minutes other tasks get.
@shared_task(name="walkthrough.tasks.back_up", ignore_result=True, time_limit=6 * 3600)
def back_up() -> None:
    """Side effect: today's backup (see walkthrough.backups)."""
    backups.run(timezone.now())
