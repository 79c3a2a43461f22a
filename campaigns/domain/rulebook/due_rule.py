"""How a rule names a due date. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from campaigns.enums import DueWay


@dataclass(frozen=True)
class Due:
    """One due date told as data: ``way`` is a DueWay, ``on`` an ISO date for 固定日期, ``n`` the number it needs."""

    way: str = DueWay.NONE
    on: str = ""
    n: int | None = None

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.on) if self.on else None

    def moved(self, days: int) -> "Due":
        """The same due date so many calendar days later; only a fixed date moves."""
        day = self.day
        return replace(self, on=(day + timedelta(days=days)).isoformat()) if day else self

    @property
    def number(self) -> int:
        """``n`` of a way that needs one; ValueError where it is missing."""
        if self.n is None:
            raise ValueError(f"{self.way} without a number")
        return self.n
