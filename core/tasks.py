"""Maintenance of the database and of what jobs leave. A task makes one call."""

from celery import shared_task
from django.utils import timezone

from core import anchors, idempotency, jobs
from core.database_statistics import refresh_statistics


@shared_task(name="core.tasks.refresh_planner", ignore_result=True)
def refresh_planner() -> None:
    """Side effect: the planner's statistics (see ``core.database_statistics``)."""
    refresh_statistics()


@shared_task(name="core.tasks.anchor_audit", ignore_result=True)
def anchor_audit() -> None:
    """Side effect: the ends of the audit's chains are written to the file of anchors (see ``core.anchors``)."""
    anchors.write_anchor(timezone.now())


@shared_task(name="core.tasks.purge_keys", ignore_result=True)
def purge_keys() -> None:
    """Side effect: keys of old submits are deleted (see ``core.idempotency.purge_keys``)."""
    idempotency.purge_keys(timezone.now())


@shared_task(name="core.tasks.purge_jobs", ignore_result=True)
def purge_jobs() -> None:
    """Side effect: old jobs and files left behind are deleted (see ``core.jobs.purge_ended``)."""
    jobs.purge_ended(timezone.now())
