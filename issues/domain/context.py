"""What guards and effects of an action may look at."""

from dataclasses import dataclass, field
from datetime import date, datetime

from accounts.models import User
from campaigns.domain.rulebook.rulebook import Rulebook
from core.workdays import WorkCalendar
from issues.models import Issue, Measure


@dataclass(frozen=True)
class Context:
    """Everything an action may look at. ``data`` is cleaned input; ``evidence_kinds`` those on file this round.

    ``claims``: measures of this round that claim a reduction; read for a request for closing only.
    """

    issue: Issue
    action: str
    actor: User
    parts: frozenset[str]
    data: dict
    now: datetime
    today: date
    rules: Rulebook
    calendar: WorkCalendar
    actor_departments: frozenset[int] = frozenset()
    evidence_kinds: frozenset[str] = frozenset()
    claims: tuple[Measure, ...] = ()
    merge_target: Issue | None = None
    extra: dict = field(default_factory=dict)
