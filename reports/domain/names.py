"""The names that the papers of a period call units and items by.

A published period keeps the names it went out with: a unit renamed later has its old name in every later version of
that period, so that what nobody touched stays equal.
"""

from collections.abc import Mapping

UNIT, ITEM, CAMPAIGN = "unit", "item", "campaign"


class Names:
    """Names by kind and id. ``kept``: those of the last publication; ``used``: every name asked for, which the next
    publication keeps."""

    def __init__(self, kept: Mapping[str, Mapping[str, str]] | None = None):
        self._kept = kept or {}
        self.used: dict[str, dict[str, str]] = {}

    def of(self, kind: str, pk: int | None, now: str | None) -> str:
        """The name of the record ``pk``, which is called ``now`` today; "" when there is none."""
        if pk is None:
            return now or ""
        key = str(pk)
        name = self._kept.get(kind, {}).get(key, now or "")
        self.used.setdefault(kind, {})[key] = name
        return name

    def unit(self, pk: int | None, now: str | None) -> str:
        return self.of(UNIT, pk, now)

    def item(self, pk: int | None, now: str | None) -> str:
        return self.of(ITEM, pk, now)
