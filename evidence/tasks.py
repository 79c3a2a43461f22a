"""Background work on stored files. A task makes one call."""

from celery import shared_task
from django.utils import timezone

from evidence.domain.sweep import remove_orphans


@shared_task(name="evidence.tasks.sweep_files", ignore_result=True)
def sweep_files() -> None:
    """Side effect: files that no row names are deleted (see ``evidence.domain.sweep``)."""
    remove_orphans(timezone.now())
