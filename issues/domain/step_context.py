"""What the guards and effects of a need and of a 督办单 may look at, beside the record."""

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

    def text(self, name: str) -> str:
        """What was entered in a field, stripped."""
        return str(self.data.get(name) or "").strip()
