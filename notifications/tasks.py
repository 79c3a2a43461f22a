"""Background work on notices. A task makes one call."""

from celery import shared_task
from django.utils import timezone

from notifications.domain import sending
from notifications.domain.digests import make_deliveries
from notifications.domain.leavers import close_unopenable


@shared_task(name="notifications.tasks.close_of_leavers", ignore_result=True)
def close_of_leavers() -> None:
    """Side effect: notices that nobody may open any more are closed."""
    close_unopenable()


@shared_task(name="notifications.tasks.deliver", ignore_result=True)
def deliver() -> None:
    """Side effects: the messages that must leave exist, and what is due is sent."""
    now = timezone.now()
    make_deliveries(now)
    sending.deliver(now)


@shared_task(name="notifications.tasks.purge_deliveries", ignore_result=True)
def purge_deliveries() -> None:
    """Side effect: messages sent long ago are deleted."""
    sending.purge_deliveries(timezone.now())
