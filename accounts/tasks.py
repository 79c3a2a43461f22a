"""Background work on accounts. A task makes one call."""

from celery import shared_task
from django.utils import timezone

from accounts.domain.sessions import clear_expired_sessions
from accounts.domain.terms import apply_days


@shared_task(name="accounts.tasks.clear_sessions", ignore_result=True)
def clear_sessions() -> None:
    """Side effect: sessions past their time are deleted."""
    clear_expired_sessions()


@shared_task(name="accounts.tasks.apply_role_days", ignore_result=True)
def apply_role_days() -> None:
    """Side effects: roles whose first day has come are given, those whose last day has passed are taken away."""
    apply_days(timezone.localdate())
