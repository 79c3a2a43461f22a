"""Errors a person can read. Each message says what happened, what was kept and what to do next."""


class DomainError(Exception):
    """A rule refused the request. ``status`` is the HTTP answer, ``rule`` a stable code for API users."""

    status = 400

    def __init__(self, message: str, *, rule: str = "", fields: dict[str, str] | None = None):
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.fields = fields or {}


class Refused(DomainError):
    """The input cannot be accepted (400). ``fields`` maps a form field to its message."""


class NotAllowed(DomainError):
    """The record may be seen, the action is not this person's (403)."""

    status = 403


class Conflict(DomainError):
    """The record is no longer what the sender saw, or the step is not open from here (409)."""

    status = 409


class IllegalTransition(Conflict):
    """The state machine has no such step from the record's present state (409, names the rule)."""


class StaleVersion(Conflict):
    """Somebody else changed the record first (409, names who and when).

    ``last``: who saved it and when, in words, "" where that is not known yet; None: the message says it.
    """

    def __init__(self, message: str, *, rule: str = "", last: str | None = ""):
        super().__init__(message, rule=rule)
        self.last = last


class KeyReused(DomainError):
    """An idempotency key was sent again with different content (422)."""

    status = 422
