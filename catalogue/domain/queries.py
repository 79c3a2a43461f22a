"""Which service items a person may choose from."""

from typing import TypedDict

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When

from accounts.models import User
from accounts.scope import scope_of
from catalogue.models import ItemKind, ServiceItem
from core.text import normalize_text

# The order of ``items_to_walk``; ``others`` is 0 for the items of the person's own units, else 1.
OWN_FIRST = ("others", "department__order", "order", "id")


def items_visible_to(user: User) -> QuerySet[ServiceItem]:
    """Items of every department in the regions the person belongs to or reads from above."""
    scope = scope_of(user)
    return ServiceItem.objects.filter(department__region_id__in=scope.home_regions | scope.read_regions)


def items_to_walk(user: User, *, text: str = "") -> QuerySet[ServiceItem]:
    """Items in use, the person's own units' first, filtered by name or pinyin initials."""
    own = Case(
        When(department_id__in=scope_of(user).units, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    rows = items_visible_to(user).filter(is_active=True, department__is_active=True).annotate(others=own)
    if text:
        rows = rows.filter(search_text__contains=normalize_text(text))
    return rows.select_related("department").order_by(*OWN_FIRST)


class LeadsBundle(TypedDict):
    """What a queryset annotated with ``leads_bundle`` adds to its rows."""

    leads_bundle: bool


def leads_bundle(department: str) -> Exists:
    """Whether a unit leads an 一件事 in use (W23 三). ``department``: path from the row to the unit's id."""
    bundles = ServiceItem.objects.filter(department_id=OuterRef(department), kind=ItemKind.BUNDLE, is_active=True)
    return Exists(bundles)
