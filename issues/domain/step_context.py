"""What the guards and effects of a need, a 督办单 and an enquiry may look at, beside the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.transitions import Transition


@dataclass(frozen=True, kw_only=True)
class StepContext:
    """A step somebody takes (``actor`` None is the system); ``data`` are the fields entered for it."""

    row: Transition
    actor: User | None
    data: Mapping[str, Any]
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    @property
    def person(self) -> User:
        """Who takes the step, where the system never does; ValueError for the system."""
        if self.actor is None:
            raise ValueError(f"{self.row.action} is taken by a person")
        return self.actor

    def text(self, name: str) -> str:
        """What was entered in a field, stripped."""
        return str(self.data.get(name) or "").strip()
