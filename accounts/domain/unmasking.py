"""Showing masked numbers for a while: to one session, for a reason, with a trace of the grant and of every view."""

import time
from collections.abc import MutableMapping

from accounts.models import User
from core import audit

LASTS_SECONDS = 5 * 60
MINUTES = LASTS_SECONDS // 60
_SESSION_KEY = "unmasked_until"

SessionData = MutableMapping  # django.contrib.sessions.backends.base.SessionBase behaves as one


def unmask(*, session: SessionData, user: User, object_type: str, object_key: str, reason: str) -> None:
    """From now on and for five minutes this session sees the record's numbers. Side effects in order: the session; an
    audit entry with the reason. The password is the caller's part (``accounts.forms.base.UnmaskForm``)."""
    until = {name: end for name, end in session.get(_SESSION_KEY, {}).items() if end > time.time()}
    session[_SESSION_KEY] = until | {f"{object_type}:{object_key}": int(time.time()) + LASTS_SECONDS}
    _note(user, "personal.unmasked", object_type, object_key, {"reason": reason})


def shows(*, session: SessionData, user: User, object_type: str, object_key: str) -> bool:
    """Whether the record's numbers are shown to this session now; then the view leaves an audit entry."""
    if session.get(_SESSION_KEY, {}).get(f"{object_type}:{object_key}", 0) <= time.time():
        return False
    _note(user, "personal.viewed", object_type, object_key, {})
    return True


def _note(user: User, action: str, object_type: str, object_key: str, detail: dict) -> None:
    audit.record(actor=user, action=action, object_type=object_type, object_key=object_key, detail=detail)
