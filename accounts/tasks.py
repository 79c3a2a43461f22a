"""Background work on accounts. A task makes one call."""

from celery import shared_task

from accounts.domain.sessions import clear_expired_sessions


@shared_task(name="accounts.tasks.clear_sessions", ignore_result=True)
def clear_sessions() -> None:
    """Side effect: sessions past their time are deleted."""
    clear_expired_sessions()
