"""Who receives plans and reports of each kind of activity, from which kind of unit, and to whom that goes on."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import Department
from campaigns.domain.rulebook import ANY, Rulebook
from campaigns.enums import ActivityKind
from campaigns.models import Campaign, Receiver
from core import audit
from core.exceptions import Refused


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


def fill_in(*, campaign: Campaign, rules: Rulebook) -> int:
    """Put units imported meanwhile where the office stood in for them; returns how many rows changed."""
    fresh = {
        (one.activity_kind, one.unit_kind, one.order): one for one in find_receivers(campaign=campaign, rules=rules)
    }
    moved = 0
    for receiver in campaign.receivers.filter(department=campaign.office):
        better = fresh.get((receiver.activity_kind, receiver.unit_kind, receiver.order))
        if better and better.department_id != campaign.office_id:
            Receiver.objects.filter(pk=receiver.pk).update(department=better.department, then=better.then)
            moved += 1
    return moved


def receivers_of_unit(campaign_id: int, kind: str, department_id: int) -> list[int]:
    """Ids of the units that receive this activity of that unit, the leading one first; by the most particular route."""
    unit_kind = Department.objects.values_list("kind", flat=True).get(pk=department_id)
    rows = Receiver.objects.filter(campaign_id=campaign_id, activity_kind=kind, unit_kind__in=["", unit_kind])
    found = list(rows.order_by("-unit_kind", "order", "id").values_list("unit_kind", "department_id"))
    return [department for route, department in found if route == found[0][0]]


def receivers_of(campaign: Campaign):
    """Who receives which kind of activity."""
    return Receiver.objects.filter(campaign=campaign).select_related("department").order_by("id")


def routes_of(campaign: Campaign, rules: Rulebook) -> dict[tuple[str, str], list[Receiver]]:
    """{(activity kind, unit kind or ""): its receivers, the leading one first} for every kind of the rules.

    A kind without a receiver has an empty list under "".
    """
    found: dict[tuple[str, str], list[Receiver]] = {}
    rows = Receiver.objects.filter(campaign=campaign).select_related("department", "then")
    for row in rows.order_by("unit_kind", "order", "id"):
        found.setdefault((row.activity_kind, row.unit_kind), []).append(row)
    kept = {}
    for kind in dict.fromkeys(rules.activity_kinds):
        mine = {key: rows for key, rows in found.items() if key[0] == kind}
        kept |= mine or {(kind, ""): []}
    return kept


def _named(units: list[Department], part: str) -> Department | None:
    return next((unit for unit in units if part in unit.name), None)


def _note(campaign: Campaign, actor, action: str, detail: dict) -> None:
    audit.record(actor=actor, action=action, object_type="campaign", object_key=campaign.code, detail=detail)
