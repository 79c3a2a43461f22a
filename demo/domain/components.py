"""The required components of the demonstration's walks: read from ``data/demo/components.json`` in turn."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from campaigns.enums import Component
from demo.domain.material import FOLDER
from walks.domain import components
from walks.domain.draws import pool_of
from walks.models import Walk

MINUTES_BETWEEN = 12
CHECKS = 2
# How many valid callbacks a walk of the scenario makes, by its ``components``.
CALLBACKS = {"full": 3, "short": 2, "begun": 1}


class DemoComponents:
    """Deals the texts out so that neighbouring walks differ."""

    def __init__(self) -> None:
        self.told = json.loads((FOLDER / "components.json").read_text(encoding="utf-8"))
        self.turn = 0

    def add(self, walk: Walk, *, actor: User, how_far: str, at: datetime) -> None:
        """Every component the walk's activity asks for, as far as the scenario goes: ``full``, ``short`` of a
        callback, or just ``begun``."""
        self.turn += 1
        for code, details in self._records(walk, how_far, at):
            if components.component_of(walk, code):
                at += timedelta(minutes=MINUTES_BETWEEN)
                components.add(walk=walk, actor=actor, code=code, happened_at=at, **details)
                walk.refresh_from_db()

    def _records(self, walk: Walk, how_far: str, at: datetime) -> Iterator[tuple[str, dict]]:
        items = pool_of(walk.department_id)[: 1 if how_far == "begun" else CHECKS]
        for place, item_id in enumerate(items):
            note, ratings = self._one("business_check", place)
            yield Component.BUSINESS_CHECK, {"item_id": item_id, "note": note, "ratings": ratings}
        last_month = at.date().replace(day=1) - timedelta(days=2 + self.turn % 20)
        for place in range(CALLBACKS[how_far]):
            person, phone, note, ratings = self._one("service_callback", place)
            details = {"person": person, "phone": phone, "note": note, "ratings": ratings}
            yield Component.SERVICE_CALLBACK, details | {"served_on": last_month, "is_valid": True}
        if how_far == "begun":
            return
        other = {"process_walkthrough": Component.APPROVAL_DESK}.get(walk.activity_kind, Component.APPROVAL_WALK)
        yield other, {"note": self._one(other, 0)}
        person, note = self._one("discussion_meeting", 0)
        yield Component.DISCUSSION, {"person": person, "note": note}

    def _one(self, code: str, place: int) -> Any:
        texts = self.told[code]
        return texts[(self.turn + place) % len(texts)]
