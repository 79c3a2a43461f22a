"""A unit that ends and the campaigns it takes part in: rosters, receivers, the coordinating office (docs/rules.md,
section 4). Campaigns that have ended stay as they are."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.domain.unit_moves import Matter, MovedKind, StandingKind, UnitMove
from accounts.models import Department
from campaigns.domain.receivers import Path, ReceiverChange, as_stored, coming_on, set_receivers, token_of_receivers
from campaigns.domain.roster import come_back, leave
from campaigns.enums import ENDED_CAMPAIGNS, HotlineState
from campaigns.models import Campaign, HotlineRow, PoolItem, Receiver, RosterEntry
from core import audit


def _campaigns() -> QuerySet[Campaign]:
    """Drafts, and those issued and not summed up."""
    return Campaign.objects.exclude(state__in=ENDED_CAMPAIGNS).order_by("pk")


def _rosters(unit_ids: Collection[int], day: date) -> list[Matter]:
    rows = RosterEntry.objects.filter(department__in=unit_ids, left_on=None, campaign__in=_campaigns())
    return [Matter(str(pk)) for pk in rows.order_by("campaign_id", "order", "pk").values_list("pk", flat=True)]


def _move_rosters(move: UnitMove) -> list[str]:
    """The unit leaves the roster as of the day of the change; each successor joins as of that day, in its place.

    So what falls due before is the old unit's, what falls due on that day or later the successor's, and nothing both
    owe. A draft that nobody was told of simply names the successors. Side effects: rows; an audit entry a campaign.
    """
    entries = RosterEntry.objects.select_for_update(of=("self",)).filter(
        department__in=move.ids, left_on=None, campaign__in=_campaigns()
    )
    found: dict[int, list[RosterEntry]] = {}
    for entry in entries.order_by("campaign_id", "order", "pk"):
        found.setdefault(entry.campaign_id, []).append(entry)
    campaigns = {
        campaign.pk: campaign for campaign in _campaigns().select_for_update(of=("self",)).filter(pk__in=found)
    }
    moved = []
    for pk, leaving in found.items():
        campaign, place = campaigns[pk], leaving[0].order
        moved += [str(entry.pk) for entry in leaving]
        leave(campaign, leaving, on=move.on)
        joined = [unit for unit in move.successors if _join(campaign, unit, place, move.on)]
        _note(campaign, move, {"joined": [unit.name for unit in joined], "left": len(leaving)})
    return moved


def _join(campaign: Campaign, unit: Department, place: int, on: date) -> bool:
    """Whether the unit came onto the roster by this: one that stands on it stays as it is, one that had left is back,
    the coordinating office owes nothing (``roster.enrol``)."""
    if unit.pk == campaign.office_id:
        return False
    entry = RosterEntry.objects.select_for_update(of=("self",)).filter(campaign=campaign, department=unit).first()
    if entry is None:
        since = on if campaign.issued_at else None
        RosterEntry.objects.create(campaign=campaign, department=unit, order=place, joined_on=since)
        return True
    if entry.left_on is None:
        return False
    come_back([entry], on=on)
    return True


def _receivers(unit_ids: Collection[int], day: date) -> list[Matter]:
    named = Q(department__in=unit_ids) | Q(then__in=unit_ids)
    goes_on = Q(campaign__issued_at=None) | Q(campaign__ends_on__gte=timezone.localdate())
    rows = Receiver.objects.filter(named, goes_on, until=None, campaign__in=_campaigns()).order_by("campaign_id", "pk")
    return [Matter(str(pk)) for pk in rows.values_list("pk", flat=True)]


def _move_receivers(move: UnitMove) -> list[str]:
    """The successor receives from today, or from the day the old unit would have begun; what was sent to the old unit
    before stays on record there, and whoever works in the successor accepts it. Side effects as ``set_receivers``."""
    moved = _receivers(move.ids, move.on)
    touched = Receiver.objects.filter(pk__in=[int(one.key) for one in moved]).values("campaign_id")
    today = _today(move)
    for campaign in _campaigns().filter(pk__in=touched):
        days: dict[date, dict[tuple[str, str], Path]] = {}
        for key, rows in as_stored(campaign).items():
            if any(row.department_id in move.ids or row.then_id in move.ids for row in rows):
                days.setdefault(coming_on(rows, today) or today, {})[key] = _path(rows, move, campaign.office_id)
        for day, paths in days.items():
            change, seen = ReceiverChange(day, move.words[:200]), token_of_receivers(campaign)
            set_receivers(campaign=campaign, paths=paths, actor=move.actor, seen=seen, change=change, today=today)
    return [one.key for one in moved]


def _today(move: UnitMove) -> date:
    """The local day on which it is carried out."""
    return timezone.localtime(move.now).date()


def _path(rows: list[Receiver], move: UnitMove, office_id: int) -> Path:
    """The same receivers, each once, with the successor in the place of those that end; where that would hand on to
    itself, the coordinating office comes next."""
    units = dict.fromkeys(move.main if row.department_id in move.ids else row.department for row in rows)
    then = rows[0].then
    if then is not None and then.pk in move.ids:
        then = move.main
    return Path(tuple(units), None if then in units or (then and then.pk == office_id) else then)


def _offices(unit_ids: Collection[int], day: date) -> list[Matter]:
    rows = _campaigns().filter(office__in=unit_ids)
    return [Matter(code) for code in rows.values_list("code", flat=True)]


def _move_offices(move: UnitMove) -> list[str]:
    """Side effects: the campaigns' office; an audit entry each."""
    rows = list(_campaigns().select_for_update(of=("self",)).filter(office__in=move.ids))
    for campaign in rows:
        Campaign.objects.filter(pk=campaign.pk).update(office=move.main)
        _note(campaign, move, {"office": move.main.name}, "campaign.office_changed")
    return [campaign.code for campaign in rows]


def _pool(unit_ids: Collection[int], day: date) -> list[Matter]:
    rows = PoolItem.objects.filter(item__department__in=unit_ids, campaign__in=_campaigns()).order_by("pk")
    return [Matter(str(pk), item) for pk, item in rows.values_list("pk", "item_id")]


def _move_pool(move: UnitMove) -> list[str]:
    """They move with the service item; the list stays as it is."""
    return [matter.key for matter in _pool(move.ids, move.on)]


def _note(campaign: Campaign, move: UnitMove, detail: dict, action: str = "campaign.roster_changed") -> None:
    detail |= {"document": move.document, "change": str(move.public_id)}
    audit.record(actor=move.actor, action=action, object_type="campaign", object_key=campaign.code, detail=detail)


# The office first: a receiver may not hand on to the unit that then coordinates.
MOVED = (
    MovedKind("offices", "统筹的活动", "个", "campaigns.Campaign.office", _offices, _move_offices),
    MovedKind("rosters", "活动名单", "项", "campaigns.RosterEntry.department", _rosters, _move_rosters),
    MovedKind("receivers", "接收的活动类型", "项", "campaigns.Receiver.department", _receivers, _move_receivers),
    MovedKind("pool", "清单内的必走事项", "项", "", _pool, _move_pool, by_item=True),
)


def _listed(unit_ids: Collection[int], day: date) -> int:
    rows = HotlineRow.objects.filter(department__in=unit_ids, is_listed=True, month__state=HotlineState.ISSUED)
    return rows.count()


HOTLINE_LISTS = StandingKind("已印发的跟单名单", "份", False, _listed)
