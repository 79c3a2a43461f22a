"""Tasks of the runtime itself. Beat sends ``heartbeat`` (see walkthrough.beat); a worker that runs it is alive."""

from celery import shared_task

from core import heartbeat as signs


@shared_task(name="walkthrough.tasks.heartbeat", ignore_result=True)
def heartbeat() -> None:
    """Side effect: the worker's heartbeat in the broker (see core.heartbeat)."""
    signs.sign("worker")
