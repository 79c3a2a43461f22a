"""Background work on notices. A task makes one call."""

from celery import shared_task

from notifications.domain.leavers import close_unopenable


@shared_task(name="notifications.tasks.close_of_leavers", ignore_result=True)
def close_of_leavers() -> None:
    """Side effect: notices that nobody may open any more are closed."""
    close_unopenable()
