"""When a session ends: a while after the last request, and some hours after the sign-in whatever happens."""

import time
from collections.abc import MutableMapping
from importlib import import_module

from django.conf import settings

SEEN = "last_seen_at"
SIGNED_IN = "signed_in_at"
IDLE = "长时间未操作，已自动退出。已填写的内容保留在本机，重新登录后可继续。"
OVER = "登录已满 10 小时，已自动退出。已填写的内容保留在本机，重新登录后可继续。"
# A session is written once in this time, so that not every request is a write.
WRITTEN_EVERY_SECONDS = 60


def why_over(session: MutableMapping) -> str:
    """Why the session ends now, in words for the person; "" while it goes on, and then it is noted that it was used."""
    now = int(time.time())
    last = session.get(SEEN, now)
    if now - session.get(SIGNED_IN, now) > settings.SESSION_LONGEST_SECONDS:
        return OVER
    if now - last > settings.SESSION_IDLE_SECONDS:
        return IDLE
    if now - last > WRITTEN_EVERY_SECONDS or SEEN not in session:
        session[SEEN] = now
        session.setdefault(SIGNED_IN, now)
    return ""


def clear_expired_sessions() -> None:
    """Delete the sessions whose time is over; nobody can use them any more, they only take room."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
