"""Sessions that are over."""

from importlib import import_module

from django.conf import settings


def clear_expired_sessions() -> None:
    """Delete the sessions whose time is over; nobody can use them any more, they only take room."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
