"""Service items of a unit that ends: they move to its successor, with the must-walk lists they stand on."""

from collections.abc import Collection
from datetime import date

from accounts.domain.unit_moves import Matter, MovedKind, UnitMove, keys_by_successor
from accounts.models import Department
from catalogue.models import ServiceItem
from core.text import normalize_text, search_text

NAME_LIMIT = 120


def items_of_units(unit_ids: Collection[int]) -> list[tuple[int, str, bool]]:
    """(id, name, whether in use) of every item of these units, in the fixed order."""
    rows = ServiceItem.objects.filter(department__in=unit_ids).order_by(
        "department__order", "department_id", "order", "id"
    )
    return list(rows.values_list("pk", "name", "is_active"))


def names_of_items(item_ids: Collection[int]) -> dict[int, str]:
    """{id: name} of items, of whatever unit; one query."""
    return dict(ServiceItem.objects.filter(pk__in=item_ids).values_list("pk", "name"))


def _matters(unit_ids: Collection[int], day: date) -> list[Matter]:
    return [Matter(str(pk), pk) for pk, _, _ in items_of_units(unit_ids)]


def _move(move: UnitMove) -> list[str]:
    """Side effect: the items. One whose name the successor has among its own keeps it with the old unit behind it."""
    matters = _matters(move.ids, move.on)
    shares = keys_by_successor(matters, move)
    for unit in move.successors:
        keys = shares.get(unit.pk, ())
        rows = ServiceItem.objects.select_for_update(of=("self",)).filter(pk__in=[int(key) for key in keys])
        _give(list(rows.select_related("department").order_by("department__order", "order", "pk")), unit)
    return [matter.key for matter in matters]


def _give(items: list[ServiceItem], unit: Department) -> None:
    own = ServiceItem.objects.filter(department=unit)
    names = {normalize_text(name) for name in own.values_list("name", flat=True)}
    last = max(own.values_list("order", flat=True), default=0)
    for place, item in enumerate(items, start=1):
        if normalize_text(item.name) in names:
            item.name = _apart(item.name, item.department.name, names)
        names.add(normalize_text(item.name))
        item.order, item.department = last + place, unit
        item.search_text = search_text(item.name, unit.name, item.code)
    ServiceItem.objects.bulk_update(items, ["name", "order", "department", "search_text"], batch_size=200)


def _apart(name: str, former: str, taken_names: set[str]) -> str:
    number, tail = 1, f"（原{former}）"
    while normalize_text(name[: NAME_LIMIT - len(tail)] + tail) in taken_names:
        number += 1
        tail = f"（原{former}，{number}）"
    return name[: NAME_LIMIT - len(tail)] + tail


OWNED_ITEMS = MovedKind(
    name="items",
    label="事项",
    unit="项",
    field="catalogue.ServiceItem.department",
    matters=_matters,
    move=_move,
    by_item=True,
)
