"""A campaign for the next period, drawn up as a copy: rules, units, receivers and, where the rules ask for a must-walk
list, its items. Nothing that was recorded under the old one is copied."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from accounts.models import Department, User
from campaigns.domain.lifecycle import begin_draft
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.setup import offices_of
from campaigns.domain.states import ensure_open
from campaigns.enums import CoverageBasis
from campaigns.models import Campaign, PoolItem, Receiver, RosterEntry
from core import audit
from core.exceptions import Refused

COPIED = "campaign.copied"


@dataclass(frozen=True)
class CampaignCopy:
    """The copy, and in words what of the old one did not come along."""

    campaign: Campaign
    left_out: tuple[str, ...]


def next_days(source: Campaign, today: date) -> tuple[date, date]:
    """First and last day to begin with: as long as the old one, from the day after it, or from today once that is
    past."""
    first = max(source.ends_on + timedelta(days=1), today)
    return first, first + (source.ends_on - source.starts_on)


@transaction.atomic
def copy(*, source: Campaign, code: str, name: str, start: date, end: date, actor: User) -> CampaignCopy:
    """Draft the next campaign of the same office, or of the one in its place, under the rules issued last.

    Side effects in order: the campaign with rule version 1, a draft; its units in their order; receivers; must-walk
    items; an audit entry. What is abolished stays behind and is named; where a receiver is, the coordinating office
    stands in. Raises NotAllowed (403), IllegalTransition (409) from a state without such a step, Refused in words as
    ``begin_draft``.
    """
    ensure_open(source, "copy", actor)
    held = source.rule_versions.filter(issued_at__isnull=False).latest("number")
    rules = Rulebook.from_data(held.data)
    made = begin_draft(
        rules=rules, code=code, name=name, office=_office(source, actor), start=start, end=end, actor=actor,
        template=source.template, letterhead=source.letterhead, publisher=_publisher(source), follows=source,
        is_demo=source.is_demo,
    )  # fmt: skip
    left_out = [*_units(source, made), *_receivers(source, made)]
    if rules.coverage.basis == CoverageBasis.POOL:
        left_out += _must_walk(source, made, actor)
    detail = {"from": source.code, "left_out": left_out}
    audit.record(actor=actor, action=COPIED, object_type="campaign", object_key=made.code, detail=detail)
    return CampaignCopy(made, tuple(left_out))


def _publisher(source: Campaign) -> Department | None:
    return source.publisher if source.publisher and source.publisher.is_active else None


def _office(source: Campaign, actor: User) -> Department:
    """The office of the old campaign; where it is abolished, the actor's own in that region."""
    if source.office.is_active:
        return source.office
    found = offices_of(actor).filter(region_id=source.region_id).first()
    if found is None:
        raise Refused(f"统筹单位{source.office.name}已撤销，没有建立。请由接替的统筹单位办理。", rule="campaign.office")
    return found


def _units(source: Campaign, made: Campaign) -> list[str]:
    entries = list(source.roster.filter(left_on=None).select_related("department"))
    kept = [one for one in entries if one.department.is_active]
    RosterEntry.objects.bulk_create(
        RosterEntry(campaign=made, department=one.department, order=one.order) for one in kept
    )
    return [f"{one.department.name}（已撤销，未列入名单）" for one in entries if not one.department.is_active]


def _receivers(source: Campaign, made: Campaign) -> list[str]:
    """Those named last, each path in its order; who is abolished makes room, at last for the office."""
    paths: dict[tuple[str, str], list[Receiver]] = defaultdict(list)
    named = source.receivers.filter(until=None).select_related("department", "then")
    for row in named.order_by("activity_kind", "unit_kind", "order", "id"):
        paths[row.activity_kind, row.unit_kind].append(row)
    rows: list[Receiver] = []
    gone: dict[int, str] = {}
    for (kind, unit_kind), path in paths.items():
        units: dict[Department, Department | None] = {}
        for row in path:
            then = row.then if row.then and row.then.is_active else None
            units |= {row.department: then} if row.department.is_active else {}
            gone |= {one.pk: one.name for one in (row.department, row.then) if one and not one.is_active}
        rows += [
            Receiver(campaign=made, activity_kind=kind, unit_kind=unit_kind, department=unit, then=then, order=order)
            for order, (unit, then) in enumerate((units or {made.office: None}).items())
        ]
    Receiver.objects.bulk_create(rows)
    return [f"{name}（已撤销，不再接收，请核对接收单位）" for name in gone.values()]


def _must_walk(source: Campaign, made: Campaign, actor: User) -> list[str]:
    rows = list(source.pool.select_related("item__department"))
    kept = [one for one in rows if one.item.is_active and one.item.department.is_active]
    PoolItem.objects.bulk_create(
        PoolItem(campaign=made, item=one.item, provenance=one.provenance, note=one.note, added_by=actor) for one in kept
    )
    gone = [one.item.name for one in rows if one not in kept]
    return [f"{name}（事项已停用，未列入必走事项清单）" for name in gone]
