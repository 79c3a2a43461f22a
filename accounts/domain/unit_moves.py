"""What moves from a unit that ends to its successors (承接单位): several units are merged, or one is split.

An app that keeps records in the name of a unit describes them (``MovedKind``, ``StandingKind``);
``home.domain.unit_changes`` gathers them. ``tests/architecture/test_unit_keys.py`` names a foreign key that was
forgotten.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.enums import UnitChangeKind
from accounts.models import Department, UnitChange, User
from accounts.rules import may_keep_units
from accounts.scope import Scope, scope_of

# Of matters that belong to no service item.
NO_ITEM = 0
# The kind of the line that it leaves in the history of a record, and how that reads.
UNIT_CHANGED, UNIT_CHANGED_LABEL = "unit_changed", "机构变动"


@dataclass(frozen=True)
class Matter:
    """One record that moves: its key as text, and the service item it is about, which decides to which successor."""

    key: str
    item_id: int = NO_ITEM


@dataclass(frozen=True)
class UnitMove:
    """A merger or a split that is being carried out. ``successors``: the first gets what is not shared out;
    ``by_item``: {service item, NO_ITEM for matters without one: the successor chosen}; ``by_person`` the same of
    people."""

    public_id: UUID
    kind: UnitChangeKind
    predecessors: tuple[Department, ...]
    successors: tuple[Department, ...]
    by_item: Mapping[int, Department]
    by_person: Mapping[int, Department]
    on: date
    document: str
    actor: User
    now: datetime

    @property
    def ids(self) -> list[int]:
        return [unit.pk for unit in self.predecessors]

    @property
    def main(self) -> Department:
        """The successor that gets what is not shared out."""
        return self.successors[0]

    def successor_for(self, item_id: int) -> Department:
        """The successor that gets what is about that service item."""
        return self.by_item.get(item_id, self.main)

    @property
    def words(self) -> str:
        """What histories say of it: 县民政局、县残联并入县民政和残联局（县委编办〔2022〕12号，自2022-06-08起）."""
        before = "、".join(unit.name for unit in self.predecessors)
        after = "、".join(unit.name for unit in self.successors)
        return f"{before}{VERBS[self.kind]}{after}（{self.document}，自{self.on}起）"


VERBS = {UnitChangeKind.MERGED: "并入", UnitChangeKind.SPLIT: "拆分为"}


@dataclass(frozen=True)
class MovedKind:
    """Records whose unit becomes another one: ``field`` is the foreign key (``issues.Issue.responsible_department``),
    "" for those that name no unit and move with another record.

    ``matters(ids of units, day of the change)``: what would move, without anything of a covert walk that is not
    reported. ``move(move)``: move it in the caller's transaction and return the keys. ``by_item``: in a split it is
    shared out by service item; else the first successor gets all of it.
    """

    name: str
    label: str
    unit: str
    field: str
    matters: Callable[[Collection[int], date], list[Matter]]
    move: Callable[[UnitMove], list[str]]
    by_item: bool = False


@dataclass(frozen=True)
class StandingKind:
    """Records that keep the name of the unit that ended. ``is_open``: they are not finished, and whoever works in the
    successor finishes them. ``count(ids of units, day of the change)``: how many, without covert walks that are not
    reported."""

    label: str
    unit: str
    is_open: bool
    count: Callable[[Collection[int], date], int]


def unit_changes_visible_to(user: User) -> QuerySet[UnitChange]:
    """Changes of units: all for 系统管理员, who makes them; for others those of a unit they work in or read from
    above, for people who receive from units those of their region; for the other two administrators none."""
    if may_keep_units(user):
        return UnitChange.objects.all()
    scope = scope_of(user)
    seen = Q(units__in=scope.workplaces) | Q(region__in=scope.read_regions)
    seen |= Q(region__in=scope.home_regions) if scope.leads else Q()
    return UnitChange.objects.filter(pk__in=UnitChange.objects.filter(seen).values("pk"))


def knows_of_change(scope: Scope, unit_ids: Collection[int], region_id: int) -> bool:
    """What ``unit_changes_visible_to`` says of rows, of one change."""
    above = region_id in scope.read_regions or (bool(scope.leads) and region_id in scope.home_regions)
    return above or not scope.workplaces.isdisjoint(unit_ids)


def unit_change_rows(changes: QuerySet[UnitChange]) -> list[dict]:
    """The rows of a page and of its file, one query."""
    rows = changes.values(
        "public_id", "kind", "before", "after", "effective_on", "document", "made_by__label", "made_at", "region__name"
    )
    labels = dict(UnitChangeKind.choices)
    return [
        row
        | {
            "kind_label": labels[row["kind"]],
            "from_words": "、".join(row["before"]),
            "to_words": "、".join(row["after"]),
        }
        for row in rows
    ]


def keys_by_successor(matters: Iterable[Matter], move: UnitMove) -> dict[int, list[str]]:
    """{successor: keys of the matters that it gets}."""
    found: dict[int, list[str]] = {}
    for matter in matters:
        found.setdefault(move.successor_for(matter.item_id).pk, []).append(matter.key)
    return found
