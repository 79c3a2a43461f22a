"""What guards and effects of an action may look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from campaigns.domain.rulebook.rulebook import Rulebook
from core.workdays import WorkCalendar
from issues.domain import due_dates
from issues.domain.reuse import Reuse
from issues.enums import Actor
from issues.models import Extension, Issue, Measure


@dataclass(frozen=True)
class IssueContext:
    """Everything an action may look at. ``data`` is cleaned input; ``evidence_kinds`` those on file this round.

    ``actor`` None is the system. ``claims``: measures of this round that claim a reduction; read for a request for
    closing only. ``reuse``: what of the proof stands at other issues the actor sees; read for 销号 only.
    ``extension``: the request for more time that waits, if one does. ``to_chase``: {user id: right} of whom 催办
    reaches; read for it only.
    """

    issue: Issue
    action: str
    actor: User | None
    actors: frozenset[str]
    data: dict
    now: datetime
    today: date
    rules: Rulebook
    calendar: WorkCalendar
    actor_departments: frozenset[int] = frozenset()
    evidence_kinds: frozenset[str] = frozenset()
    claims: tuple[Measure, ...] = ()
    merge_target: Issue | None = None
    reuse: tuple[Reuse, ...] = ()
    extension: Extension | None = None
    to_chase: Mapping[int, str] = field(default_factory=dict)
    extra: dict = field(default_factory=dict)

    @property
    def confirms_due(self) -> bool:
        """Whether the actor is on the side that confirms a distant date of this issue, as it will stand."""
        department = self.data.get("department") if self.action == "assign" else None
        responsible = department.pk if department else self.issue.responsible_department_id
        side = due_dates.confirmed_by(lead_id=self.issue.lead_department_id, responsible_id=responsible)
        return side in self.actors

    @property
    def open_extension(self) -> Extension:
        """The request that waits; ValueError where none does, which the guards have refused."""
        if self.extension is None:
            raise ValueError(f"{self.action} without a request for more time")
        return self.extension

    @property
    def asked_day(self) -> date:
        """The local day on which more time was asked for; today without a request."""
        return timezone.localtime(self.extension.asked_at).date() if self.extension else self.today

    @property
    def extension_side(self) -> Actor:
        """Who decides on more time that the actor asks for: the office too where it is itself the lead (W23, F16): its
        people hold no other role there."""
        issue = self.issue
        if issue.lead_department_id in (*self.actor_departments, issue.campaign.office_id):
            return Actor.OFFICE
        return due_dates.confirmed_by(lead_id=issue.lead_department_id, responsible_id=issue.responsible_department_id)

    @property
    def person(self) -> User:
        """Who acts, in an action the system takes no part in; ValueError where it is the system."""
        if self.actor is None:
            raise ValueError(f"{self.action} by the system")
        return self.actor
