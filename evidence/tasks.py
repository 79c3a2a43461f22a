"""Background work on stored files. A task makes one call."""

from celery import shared_task
from django.utils import timezone

from evidence.domain.sweep import remove_orphans
from evidence.domain.waiting import forget


@shared_task(name="evidence.tasks.sweep_files", ignore_result=True)
def sweep_files() -> None:
    """Side effect: files that no row names are deleted (see ``evidence.domain.sweep``)."""
    remove_orphans(timezone.now())


@shared_task(name="evidence.tasks.sweep_waiting", ignore_result=True)
def sweep_waiting() -> None:
    """Side effect: photos nobody sent again within a day are discarded (see ``evidence.domain.waiting``)."""
    forget(timezone.now())
