"""What a bundle (一件事) consists of: items found by the names people write, and the links between them."""

from collections.abc import Iterable

from accounts.models import Department
from catalogue.models import ServiceItem
from core.exceptions import Refused
from core.near_names import nearest
from core.tabular import split_names
from core.text import normalize_text

Key = tuple[int, str]


class MemberFinder:
    """Finds items of a region by name, among those stored and those of the file being read; one query.

    A name that several units have is written with its unit: ``县公安局：新生儿落户``.
    """

    def __init__(self, fresh: list[tuple[Department, str]]):
        self.known: dict[tuple[int, str], set[Key]] = {}
        self.names: dict[int, list[str]] = {}
        self.name_of: dict[Key, str] = {}
        regions = {owner.region_id for owner, _ in fresh}
        rows = ServiceItem.objects.filter(department__region_id__in=regions)
        named = rows.order_by("department__order", "order", "id")
        for row in named.values_list("department_id", "department__name", "department__region_id", "name"):
            self._add(*row)
        for owner, name in fresh:
            self._add(owner.pk, owner.name, owner.region_id, name)

    def find(self, text: str, *, bundle: Key, region_id: int) -> list[Key]:
        """The items named in a cell. Raises Refused naming every part that is unknown, with the nearest ones.

        An item whose own name holds a 、 is found too: the longest sequence of parts that is a name counts.
        """
        parts = split_names(text)
        found: list[Key] = []
        unknown: list[str] = []
        while parts:
            length = next((n for n in range(len(parts), 0, -1) if self._keys(region_id, parts[:n])), 1)
            keys = self._keys(region_id, parts[:length])
            if len(keys) == 1 and bundle not in keys:
                found += keys
            else:
                unknown.append(self._fault(region_id, "、".join(parts[:length]), keys))
            parts = parts[length:]
        if unknown:
            raise Refused("；".join(unknown), rule="item.unknown")
        return list(dict.fromkeys(found))

    def _add(self, owner_id: int, owner: str, region_id: int, name: str) -> None:
        for written in (normalize_text(name), normalize_text(f"{owner}：{name}")):
            self.known.setdefault((region_id, written), set()).add((owner_id, normalize_text(name)))
        self.name_of.setdefault((owner_id, normalize_text(name)), name)
        self.names.setdefault(region_id, []).append(name)

    def _keys(self, region_id: int, parts: list[str]) -> set[Key]:
        return self.known.get((region_id, normalize_text("、".join(parts))), set())

    def _fault(self, region_id: int, name: str, keys: set[Key]) -> str:
        if len(keys) > 1:
            return f"有多个单位有事项“{name}”，请写成“单位：事项”"
        if keys:
            return f"“{name}”是这项“一件事”自己"
        return f"没有事项“{name}”{nearest(name, self.names.get(region_id, []))}"


def stored_members(bundle_ids: Iterable[int]) -> dict[int, dict[Key, str]]:
    """{id of a bundle: {key of a member: its name}}, members in the order of the list; one query."""
    links = ServiceItem.members.through.objects.filter(from_serviceitem_id__in=list(bundle_ids))
    rows = links.values_list("from_serviceitem_id", "to_serviceitem__department_id", "to_serviceitem__name")
    found: dict[int, dict[Key, str]] = {}
    for bundle, owner, name in rows.order_by(
        "to_serviceitem__department__order", "to_serviceitem__order", "to_serviceitem_id"
    ):
        found.setdefault(bundle, {})[owner, normalize_text(name)] = name
    return found


def written_members(bundles: dict[Key, list[Key]]) -> set[Key]:
    """Make each bundle consist of exactly these items; the bundles that changed. Three queries and the writes."""
    wanted = set(bundles) | {key for members in bundles.values() for key in members}
    rows = ServiceItem.objects.filter(department_id__in={owner for owner, _ in wanted})
    ids = {(owner, normalize_text(name)): pk for pk, owner, name in rows.values_list("pk", "department_id", "name")}
    links = ServiceItem.members.through
    have: dict[int, set[int]] = {}
    existing = links.objects.filter(from_serviceitem_id__in=[ids[key] for key in bundles])
    for bundle, member in existing.values_list("from_serviceitem_id", "to_serviceitem_id"):
        have.setdefault(bundle, set()).add(member)
    changed = {
        key for key, members in bundles.items() if have.get(ids[key], set()) != {ids[member] for member in members}
    }
    links.objects.filter(from_serviceitem_id__in=[ids[key] for key in changed]).delete()
    links.objects.bulk_create(
        [
            links(from_serviceitem_id=ids[key], to_serviceitem_id=ids[member])
            for key in changed
            for member in bundles[key]
        ]
    )
    return changed
