"""Maintenance of the database. A task makes one call."""

from celery import shared_task

from core.database_statistics import refresh_statistics


@shared_task(name="core.tasks.refresh_planner", ignore_result=True)
def refresh_planner() -> None:
    """Side effect: the planner's statistics (see ``core.database_statistics``)."""
    refresh_statistics()
