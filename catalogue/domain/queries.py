"""Which service items a person may choose from."""

from collections import Counter
from typing import TypedDict

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When

from accounts.models import Region, User
from accounts.scope import scope_of
from catalogue.models import ItemKind, ServiceItem
from core.searching import holds, searched
from core.text import normalize_text

# The order of ``items_to_walk``; ``others`` is 0 for the items of the person's own units, else 1.
OWN_FIRST = ("others", "department__order", "order", "id")


def items_visible_to(user: User) -> QuerySet[ServiceItem]:
    """Items of every department in the regions the person belongs to or reads from above."""
    scope = scope_of(user)
    return ServiceItem.objects.filter(department__region_id__in=scope.home_regions | scope.read_regions)


def regions_kept(user: User) -> QuerySet[Region]:
    """Regions whose items the person keeps, as their coordinating office."""
    return Region.objects.filter(pk__in=scope_of(user).act_regions).order_by("order", "id")


def items_kept(user: User, *, text: str = "", kind: str = "") -> QuerySet[ServiceItem]:
    """Items of those regions, whatever their unit has become; ``text`` looks in names and pinyin initials."""
    rows = ServiceItem.objects.filter(department__region_id__in=scope_of(user).act_regions)
    if text:
        rows = rows.filter(holds("search_text", normalize_text(searched(text))))
    return rows.filter(kind=kind) if kind else rows


def item_rows(items: QuerySet[ServiceItem]) -> list[dict]:
    """The rows of a page, one query."""
    fields = ("id", "code", "name", "kind", "must_walk_in_person", "in_person_reason", "committed_days", "documents")
    places = ("department__name", "department__order", "department__region__name", "department__is_active")
    return list(items.values(*fields, *places, "steps", "trips", "online_depth", "order", "is_active"))


def items_with_members(user: User, region: Region) -> list[ServiceItem]:
    """Items of a region the person keeps, of units in use. Two queries.

    Each has ``owner_name`` and ``member_names``: what a bundle consists of, as the import reads it (with the unit where
    several have an item of that name).
    """
    found = items_kept(user).filter(department__region=region).select_related("department")
    everything = list(found.order_by("department__order", "department_id", "order", "id"))
    names = Counter(normalize_text(item.name) for item in everything)
    called = {
        item.pk: item.name if names[normalize_text(item.name)] == 1 else f"{item.department.name}：{item.name}"
        for item in everything
    }
    members: dict[int, list[str]] = {}
    links = ServiceItem.members.through.objects.filter(from_serviceitem__in=found.order_by())
    for bundle, member in links.order_by("id").values_list("from_serviceitem_id", "to_serviceitem_id"):
        if member in called:
            members.setdefault(bundle, []).append(called[member])
    items = [item for item in everything if item.department.is_active]
    for item in items:
        item.owner_name = item.department.name
        item.member_names = tuple(members.get(item.pk, ()))
    return items


def items_to_walk(user: User, *, text: str = "") -> QuerySet[ServiceItem]:
    """Items in use, the person's own units' first, filtered by name or pinyin initials."""
    own = Case(
        When(department_id__in=scope_of(user).units, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    rows = items_visible_to(user).filter(is_active=True, department__is_active=True).annotate(others=own)
    if text:
        rows = rows.filter(holds("search_text", normalize_text(searched(text))))
    return rows.select_related("department").order_by(*OWN_FIRST)


class LeadsBundle(TypedDict):
    """What a queryset annotated with ``leads_bundle`` adds to its rows."""

    leads_bundle: bool


def leads_bundle(department: str) -> Exists:
    """Whether a unit leads an 一件事 in use (W23 三). ``department``: path from the row to the unit's id."""
    bundles = ServiceItem.objects.filter(department_id=OuterRef(department), kind=ItemKind.BUNDLE, is_active=True)
    return Exists(bundles)
