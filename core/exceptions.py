"""Errors a person can read. Each message says what happened, what was kept and what to do next."""


class DomainError(Exception):
    """A rule refused the request. ``status`` is the HTTP answer, ``rule`` a stable code for API users."""

    status = 400

    def __init__(self, message: str, *, rule: str = "", fields: dict[str, str] | None = None):
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.fields = fields or {}

    def words_for(self, user: object) -> str:
        """What is said to this person."""
        return self.message


class Refused(DomainError):
    """The input cannot be accepted (400). ``fields`` maps a form field to its message."""


class NotAllowed(DomainError):
    """The record may be seen, the action is not this person's (403)."""

    status = 403


OWN = "您在另一处"


def is_same_person(one: object, other: object) -> bool:
    """Whether both are the same account; False where either is none (the system, nobody signed in)."""
    key = getattr(one, "pk", None)
    return key is not None and key == getattr(other, "pk", None)


class Conflict(DomainError):
    """The record is no longer what the sender saw, or the step is not open from here (409).

    ``by``: who was first, None where the raiser does not know or the system was; ``own``: the message to that very
    person, who did it in another window.
    """

    status = 409

    def __init__(
        self,
        message: str,
        *,
        rule: str = "",
        fields: dict[str, str] | None = None,
        by: object = None,
        own: str = "",
    ):
        super().__init__(message, rule=rule, fields=fields)
        self.by, self.own = by, own

    def words_for(self, user: object) -> str:
        return self.own if self.own and is_same_person(self.by, user) else self.message


class IllegalTransition(Conflict):
    """The state machine has no such step from the record's present state (409, names the rule)."""


class StaleVersion(Conflict):
    """The record was changed first (409): by somebody else, or by the same person in another window.

    ``saved``: (who, when) of the last saving, where the message does not say it; ``last``: the same in words, for
    whoever reads it.
    """

    def __init__(
        self, message: str, *, rule: str = "", by: object = None, own: str = "", saved: tuple | None = None
    ):  # fmt: skip
        super().__init__(message, rule=rule, by=by, own=own)
        self.saved = saved
        self.last = ""


class KeyReused(DomainError):
    """An idempotency key was sent again with different content (422)."""

    status = 422
