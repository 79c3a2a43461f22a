"""Who is bound by a campaign and who receives: the roster in its fixed order, receivers found from the routes."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.enums import DepartmentKind
from accounts.models import Department, Region
from campaigns.domain.rulebook import ANY, Rulebook
from campaigns.enums import ActivityKind
from campaigns.models import Campaign, Receiver, RosterEntry
from core import audit
from core.exceptions import Refused


def enrol(*, campaign: Campaign) -> int:
    """Put every active unit of the region on the roster, in roster order; returns how many were added.

    The coordinating office itself owes no walk (L22: 县营商办 统筹推进).
    """
    have = set(campaign.roster.values_list("department_id", flat=True))
    rows = [
        RosterEntry(campaign=campaign, department=unit, order=unit.order)
        for unit in units_to_enrol(campaign.region)
        if unit.pk not in have
    ]
    RosterEntry.objects.bulk_create(rows)
    return len(rows)


def units_to_enrol(region: Region):
    """Units of a region that may stand on a roster, in their fixed order."""
    units = Department.objects.filter(region=region, is_active=True).exclude(kind=DepartmentKind.OFFICE)
    return units.order_by("order", "id")


@transaction.atomic
def set_roster(*, campaign: Campaign, unit_ids: set[int], actor, today: date) -> tuple[int, int]:
    """Make the roster hold exactly these units of the region; returns (joined, left) in 个.

    In a draft a unit taken off is simply gone; in an issued campaign it leaves as of ``today``: its records stay, it
    owes nothing new. A unit that joins an issued campaign owes nothing that fell due before ``today``. Side effects:
    roster rows; an audit entry when anything changed. Raises Refused without any unit.
    """
    allowed = {unit.pk: unit for unit in units_to_enrol(campaign.region)}
    if not unit_ids & set(allowed):
        raise Refused("名单至少要有一个单位，未作改动。", fields={"units": "请至少勾选一个单位"})
    entries = {entry.department_id: entry for entry in campaign.roster.all()}
    joined = [unit for pk, unit in allowed.items() if pk in unit_ids and pk not in entries]
    back = [entry for pk, entry in entries.items() if pk in unit_ids and entry.left_on]
    gone = [entry for pk, entry in entries.items() if pk not in unit_ids and not entry.left_on]
    since = today if campaign.issued_at else None
    RosterEntry.objects.bulk_create(
        [RosterEntry(campaign=campaign, department=unit, order=unit.order, joined_on=since) for unit in joined]
    )
    RosterEntry.objects.filter(pk__in=[entry.pk for entry in back]).update(left_on=None)
    leaving = RosterEntry.objects.filter(pk__in=[entry.pk for entry in gone])
    if campaign.issued_at:
        leaving.update(left_on=today)
    else:
        leaving.delete()
    if joined or back or gone:
        detail = {"joined": [u.name for u in joined] + [e.department.name for e in back], "left": len(gone)}
        _note(campaign, actor, "campaign.roster_changed", detail)
    return len(joined) + len(back), len(gone)


def find_receivers(*, campaign: Campaign, rules: Rulebook) -> list[Receiver]:
    """Receivers of every activity kind by the routes of the rules, found by name; the office where no unit fits."""
    units = list(Department.objects.filter(region=campaign.region, is_active=True).order_by("order", "id"))
    found = []
    for kind in rules.activity_kinds:
        for unit_kind in sorted({route.unit for route in rules.routes if route.activity in (kind, ANY)}):
            route = rules.route_of(kind, unit_kind)
            named = [_named(units, name) or campaign.office for name in route.to]
            then = _named(units, route.then) if route.then else None
            then = None if then == campaign.office else then
            for order, unit in enumerate(dict.fromkeys(named)):
                found.append(
                    Receiver(
                        campaign=campaign,
                        activity_kind=kind,
                        unit_kind="" if unit_kind == ANY else unit_kind,
                        department=unit,
                        then=then,
                        order=order,
                    )
                )
    return found


def receiver_choices(campaign: Campaign):
    """Units that may receive, in roster order: every active one of the region, the office among them."""
    return Department.objects.filter(region=campaign.region, is_active=True).order_by("order", "id")


@dataclass(frozen=True)
class Path:
    """Who receives, the first of them leading, and to whom that goes on (None: the coordinating office)."""

    units: tuple[Department, ...]
    then: Department | None = None


@transaction.atomic
def set_receivers(*, campaign: Campaign, paths: dict[tuple[str, str], Path], actor) -> int:
    """Name who receives each activity kind from units of one kind ("": any); returns how many of them changed.

    A path for one kind of unit that names nobody is taken away: those units follow the general one. Walks begun before
    keep their receiver. Refused, naming the kind, when a general path names nobody: nothing is changed then. Side
    effects: receiver rows; an audit entry for each path that changed.
    """
    bare = [kind for (kind, unit_kind), path in paths.items() if not unit_kind and not path.units]
    if bare:
        label = ActivityKind(bare[0]).label
        raise Refused(f"“{label}”没有接收单位，未作改动。", fields={"receivers": f"请选择“{label}”的接收单位"})
    have: dict[tuple[str, str], list[tuple[int, int | None]]] = {}
    for row in campaign.receivers.order_by("order", "id"):
        have.setdefault((row.activity_kind, row.unit_kind), []).append((row.department_id, row.then_id))
    changed = 0
    for key, path in paths.items():
        if [(unit.pk, path.then and path.then.pk) for unit in path.units] != have.get(key, []):
            _lay(campaign, *key, path, actor)
            changed += 1
    return changed


def _lay(campaign: Campaign, kind: str, unit_kind: str, path: Path, actor) -> None:
    campaign.receivers.filter(activity_kind=kind, unit_kind=unit_kind).delete()
    facts = {"campaign": campaign, "activity_kind": kind, "unit_kind": unit_kind, "then": path.then}
    Receiver.objects.bulk_create(
        [Receiver(department=unit, order=order, **facts) for order, unit in enumerate(path.units)]
    )
    names = [unit.name for unit in path.units]
    _note(campaign, actor, "campaign.receivers_changed", {"kind": kind, "unit_kind": unit_kind, "to": names})


@transaction.atomic
def extend(*, campaign: Campaign, rules: Rulebook, actor=None) -> int:
    """Take in units imported since the campaign was issued; returns how many joined the roster.

    Side effects in order: the roster; receivers that fell to the office because the unit was not there yet (walks begun
    before keep theirs); an audit entry when anything changed.
    """
    added, moved = enrol(campaign=campaign), 0
    fresh = {
        (one.activity_kind, one.unit_kind, one.order): one for one in find_receivers(campaign=campaign, rules=rules)
    }
    for receiver in campaign.receivers.filter(department=campaign.office):
        better = fresh.get((receiver.activity_kind, receiver.unit_kind, receiver.order))
        if better and better.department_id != campaign.office_id:
            Receiver.objects.filter(pk=receiver.pk).update(department=better.department, then=better.then)
            moved += 1
    if added or moved:
        _note(campaign, actor, "campaign.roster_extended", {"added": added})
    return added


def office_of(region: Region, rules: Rulebook) -> Department:
    """The region's coordinating office; one is made under the name the notice gives when there is none."""
    found = Department.objects.filter(region=region, kind=DepartmentKind.OFFICE).order_by("order", "id").first()
    if found:
        return found
    prefix = region.name[-1] if region.name[-1] in "省市县区旗州" else ""
    return Department.objects.create(region=region, name=f"{prefix}{rules.office}", kind=DepartmentKind.OFFICE, order=0)


def _named(units: list[Department], part: str) -> Department | None:
    return next((unit for unit in units if part in unit.name), None)


def _note(campaign: Campaign, actor, action: str, detail: dict) -> None:
    audit.record(actor=actor, action=action, object_type="campaign", object_key=campaign.code, detail=detail)
