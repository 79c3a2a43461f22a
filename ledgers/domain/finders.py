"""Finding what a row refers to among the units, items and people of a campaign's region: one query for each kind."""

from collections import defaultdict
from functools import lru_cache

from accounts.domain.unit_imports import ASK_ALIKE
from accounts.domain.units import UnitFinder
from accounts.models import Department, Membership, Region
from accounts.scope import in_force
from catalogue.models import ServiceItem
from core.exceptions import Refused
from core.near_names import nearest
from core.text import normalize_text, search_text


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """The form in which names are compared: regardless of width, case and spaces."""
    return normalize_text(name).replace(" ", "")


class NamedUnits:
    """Units by the name in a table; each name is looked for once. ``make_alike``: as of ``UnitFinder``. Raises
    Refused in words, the same each time."""

    def __init__(self, region: Region, *, create_missing: bool = False, make_alike: bool = False):
        self.finder = UnitFinder(region, create_missing=create_missing, make_alike=make_alike, alike_advice=ASK_ALIKE)
        self.known: dict[str, Department | Refused] = {}

    def find(self, name: str) -> Department:
        """The unit of that name, else the only one whose name contains it."""
        if name not in self.known:
            try:
                self.known[name] = self.finder.owning(name, {})
            except Refused as refused:
                self.known[name] = refused
        found = self.known[name]
        if isinstance(found, Refused):
            raise found
        return found


class NamedItems:
    """Service items by the name in a table. With ``create_missing`` one nobody knows is made for the unit of its row;
    ``save_new`` stores those."""

    def __init__(self, region: Region, *, create_missing: bool = False):
        self.create_missing = create_missing
        self.by_name: dict[str, list[ServiceItem]] = defaultdict(list)
        self.new: list[ServiceItem] = []
        rows = ServiceItem.objects.filter(department__region=region).select_related("department")
        for item in rows.order_by("-is_active", "department__order", "order", "id"):
            self.by_name[name_key(item.name)].append(item)

    def find(self, name: str, unit: Department | None) -> ServiceItem:
        """The unit's item of that name, else the only one in the region. Raises Refused in words."""
        items = self.by_name.get(name_key(name), [])
        own = [item for item in items if unit and item.department_id == unit.pk]
        found = own or [item for item in items if item.is_active] or items
        if len(found) > 1 and not own:
            owners = "、".join(item.department.name for item in found[:5])
            raise Refused(f"多个单位有这一事项：{owners}；请写明其中一个为责任单位", rule="item.ambiguous")
        return found[0] if found else self._make(name, unit)

    def save_new(self) -> int:
        """Store the items made meanwhile; how many (个)."""
        ServiceItem.objects.bulk_create(self.new, batch_size=500)
        return len(self.new)

    def _make(self, name: str, unit: Department | None) -> ServiceItem:
        if not self.create_missing:
            near = nearest(name, (item.name for items in self.by_name.values() for item in items))
            raise Refused(f"没有这一事项{near}", rule="item.unknown")
        if unit is None:
            raise Refused("没有这一事项；要新建它，请写明责任单位", rule="item.unknown")
        if len(name) > 120:
            raise Refused(f"事项名称最多 120 个字，现有 {len(name)} 个", rule="item.name")
        item = ServiceItem(department=unit, name=name, search_text=search_text(name, unit.name))
        self.by_name[name_key(name)].append(item)
        self.new.append(item)
        return item


class NamedPeople:
    """People who have an account in the region, by unit and name; one of several of one name is nobody."""

    def __init__(self, region: Region):
        rows = Membership.objects.filter(in_force(), department__region=region, user__is_active=True)
        self.in_unit: dict[tuple[int, str], set[int]] = defaultdict(set)
        self.anywhere: dict[str, set[int]] = defaultdict(set)
        for unit, user, name in rows.order_by().values_list("department_id", "user_id", "user__name"):
            self.in_unit[unit, name_key(name)].add(user)
            self.anywhere[name_key(name)].add(user)

    def of_unit(self, name: str, unit: Department | None) -> int | None:
        """The id of the person of that name in that unit."""
        return _only(self.in_unit.get((unit.pk, name_key(name)))) if unit else None

    def of_region(self, name: str) -> int | None:
        """The id of the only person of that name."""
        return _only(self.anywhere.get(name_key(name)))


def _only(found: set[int] | None) -> int | None:
    return next(iter(found)) if found and len(found) == 1 else None
