"""Walks an office brings in from its own table: handed in, signed by nobody, open to everybody who may see them.

Nothing is told to anybody. The caller (``ledgers``) reads the table, knows a row again and keeps what was done; it
holds a transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.utils import timezone

from accounts.domain.renaming import UnitNames
from accounts.models import Department, User
from campaigns.models import Campaign, RuleVersion
from catalogue.models import ServiceItem
from walks.domain import frozen
from walks.domain.lifecycle import hand_in_imported
from walks.enums import ROLE_OF_KIND, WalkEventKind, WalkState
from walks.models import Participant, Walk, WalkEvent

BATCH = 500
BEGAN_AT = time(9, 0)


@dataclass(frozen=True)
class ImportedWalk:
    """One walk as a table tells it; ``people``: who took part, the walker first, each with the capacity; ``note``: what
    else the table says."""

    rules: RuleVersion
    period: str
    day: date
    department: Department
    receivers: tuple[Department, ...]
    item: ServiceItem
    people: tuple[tuple[User, str], ...]
    activity_kind: str
    mode: str
    place: str = ""
    note: str = ""


def make_imported_walks(
    *, campaign: Campaign, told: Sequence[ImportedWalk], actor: User | None, now: datetime
) -> list[Walk]:
    """The walks, in the order given. Side effects in order: walks; who took part; who receives them too; an event each;
    they count as handed in. A fixed number of statements for every 500."""
    called = UnitNames(unit for one in told for unit in (one.department, one.receivers[0]))
    walks = [_walk(campaign, one, actor, called) for one in told]
    pairs = list(zip(walks, told, strict=True))
    Walk.objects.bulk_create(walks, batch_size=BATCH)
    Participant.objects.bulk_create(
        [Participant(walk=walk, user=user, capacity=as_what) for walk, one in pairs for user, as_what in one.people],
        batch_size=BATCH,
    )
    also = Walk.also_received_by.through
    also.objects.bulk_create(
        [also(walk_id=walk.pk, department_id=unit.pk) for walk, one in pairs for unit in one.receivers[1:]],
        batch_size=BATCH,
    )
    WalkEvent.objects.bulk_create(
        [
            WalkEvent(walk=walk, kind=WalkEventKind.IMPORTED, actor=actor or walk.walker, at=now, note=one.note[:500])
            for walk, one in pairs
        ],
        batch_size=BATCH,
    )
    hand_in_imported(walk_ids=[walk.pk for walk in walks], now=now)
    return walks


def remove_imported_walks(walk_ids: Iterable[UUID]) -> None:
    """Take back walks to which nothing has happened since; the database refuses it of any other that was handed in."""
    ids = list(walk_ids)
    for start in range(0, len(ids), BATCH):
        Walk.objects.filter(pk__in=ids[start : start + BATCH]).delete()


def _walk(campaign: Campaign, told: ImportedWalk, actor: User | None, called: UnitNames) -> Walk:
    """The units keep the names they had on the day of the walk."""
    walker, capacity = told.people[0]
    names = frozen.snapshot(
        item=told.item, department=told.department, receiver=told.receivers[0], walker=walker
    )  # fmt: skip
    units = {"department_name": called.on(told.department, told.day)}
    units["receiver_name"] = called.on(told.receivers[0], told.day)
    return Walk(
        campaign=campaign,
        rules=told.rules,
        department=told.department,
        receiver=told.receivers[0],
        item=told.item,
        walker=walker,
        walker_capacity=capacity,
        activity_kind=told.activity_kind,
        mode=told.mode,
        role=ROLE_OF_KIND[told.activity_kind],
        state=WalkState.RECORDED,
        walk_date=told.day,
        started_at=timezone.make_aware(datetime.combine(told.day, BEGAN_AT)),
        ended_on=told.day,
        period=told.period,
        place=told.place,
        created_by=actor or walker,
        **names | units,
    )
