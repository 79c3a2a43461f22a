"""Which accounts and which audit entries a person sees, and the rows of their lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import AccountKind, Role
from accounts.models import Department, Membership, Region, User
from accounts.rules import may_list_people, may_read_audit
from accounts.scope import in_force
from core.models import AuditChain, AuditEntry
from core.searching import holds, searched
from core.text import mask_phone

# The action after which a covert walk is no longer hidden.
RELEASED = "walk.released"


def people_visible_to(user: User) -> QuerySet:
    """Every account for the two administrators who keep them; for anybody else none."""
    return User.objects.all() if may_list_people(user) else User.objects.none()


def people_matching(user: User, *, text: str = "", role: str = "", is_active: bool | None = None) -> QuerySet:
    """Accounts the person sees; ``text`` looks in name, user name and unit, ``role`` is a Role or an AccountKind."""
    rows = people_visible_to(user)
    if text:
        text = searched(text)
        at_unit = Membership.objects.filter(department__name__contains=text).values("user_id")
        rows = rows.filter(holds("name", text) | holds("username", text, any_case=True) | Q(pk__in=at_unit))
    if role in Role.values:
        rows = rows.filter(pk__in=Membership.objects.filter(role=role).values("user_id"))
    elif role in AccountKind.values:
        rows = rows.filter(kind=role)
    return rows if is_active is None else rows.filter(is_active=is_active)


def people_rows(people: QuerySet, *, unmasked: bool = False) -> list[dict]:
    """The rows of a page in two queries, phones masked unless ``unmasked``.

    ``places``: [{"unit", "region", "roles", "title"}].
    """
    rows = list(people.values("id", "username", "name", "phone", "kind", "is_active", "must_change_password"))
    held: dict[int, dict[int, dict]] = {row["id"]: {} for row in rows}
    memberships = Membership.objects.filter(user_id__in=held).values(
        "user_id", "role", "title", "department_id", "department__name", "department__is_active",
        "department__region__name",
    )  # fmt: skip
    for one in memberships.order_by("department__region_id", "department__order", "id"):
        place = held[one["user_id"]].setdefault(
            one["department_id"],
            {"unit": _unit(one), "region": one["department__region__name"], "roles": [], "title": ""},
        )
        place["roles"].append(Role(one["role"]).label)
        place["title"] = place["title"] or one["title"]
    return [
        {
            **row,
            "phone": row["phone"] if unmasked else mask_phone(row["phone"]),
            "kind_label": "" if row["kind"] == AccountKind.STAFF else AccountKind(row["kind"]).label,
            "places": list(held[row["id"]].values()),
        }
        for row in rows
    ]


def _unit(one: Mapping[str, Any]) -> str:
    return one["department__name"] + ("" if one["department__is_active"] else "（已撤销）")


def memberships_of(user: User) -> QuerySet[Membership]:
    """Every role of one account with its unit, in the order of the units; scope is the caller's."""
    held = Membership.objects.filter(user=user).select_related("user", "department__region")
    return held.order_by("department__region_id", "department__order", "id")


def places_in(user: User, region: Region | None) -> list[dict]:
    """{"name", "username", "unit", "title", "roles"} for each person and unit in use of a region, in the order of the
    units; without a region for each of the three administrators. Only for who may list people; one query.

    ``title`` is empty when the roles there bear different ones.
    """
    if region is None:
        rows = people_visible_to(user).exclude(kind=AccountKind.STAFF).order_by("kind", "username")
        return [
            {"name": row.name, "username": row.username, "unit": "", "title": "", "roles": [row.kind]} for row in rows
        ]
    held = Membership.objects.filter(
        in_force(), user__in=people_visible_to(user), department__region=region, department__is_active=True
    ).values_list("user__name", "user__username", "department__name", "title", "role")
    found: dict[tuple, dict] = {}
    for name, username, unit, title, role in held.order_by(
        "department__order", "department_id", "user__username", "id"
    ):
        place = found.setdefault(
            (username, unit), {"name": name, "username": username, "unit": unit, "title": title, "roles": []}
        )
        place["roles"].append(role)
        place["title"] = title if place["title"] == title else ""
    return list(found.values())


def contacts_of(unit_ids: Iterable[int]) -> dict[int, list[dict]]:
    """{unit: [{"name", "title", "role", "phone"}]} of the deputies and liaisons in use, phones whole; scope is the
    caller's. One query."""
    held = Membership.objects.filter(
        in_force(),
        department_id__in=list(unit_ids),
        role__in=(Role.DEPUTY, Role.LIAISON),
        user__is_active=True,
        user__kind=AccountKind.STAFF,
    )
    found: dict[int, list[dict]] = {}
    for unit, *row in held.order_by("department_id", "id").values_list(
        "department_id", "user__name", "title", "role", "user__phone"
    ):
        found.setdefault(unit, []).append(dict(zip(("name", "title", "role", "phone"), row, strict=True)))
    return found


def audit_visible_to(user: User) -> QuerySet:
    """The open audit for 审计员; for anybody else nothing. What concerns a covert walk joins it when it is released."""
    if not may_read_audit(user):
        return AuditEntry.objects.none()
    released = AuditEntry.objects.filter(chain=AuditChain.OPEN, action=RELEASED).values("object_key")
    return AuditEntry.objects.filter(Q(chain=AuditChain.OPEN) | Q(chain=AuditChain.COVERT, object_key__in=released))


def audit_matching(
    user: User, *, text: str = "", action: str = "", since: date | None = None, until: date | None = None
) -> QuerySet:
    """Entries the person sees; ``text`` looks in actor and object, days are local and inclusive."""
    rows = audit_visible_to(user)
    if text:
        text = searched(text)
        rows = rows.filter(holds("actor_label", text) | holds("object_key", text))
    if action:
        rows = rows.filter(action=action)
    if since:
        rows = rows.filter(at__date__gte=since)
    return rows.filter(at__date__lte=until) if until else rows


def audit_rows(entries: QuerySet) -> list[dict]:
    """The rows of a page, one query."""
    fields = ("chain", "seq", "mac", "at", "actor_label", "action", "object_type", "object_key", "detail", "ip")
    return list(entries.values(*fields))


def unit_names(ids: Iterable[int]) -> dict[int, str]:
    """{id: name} of units; one query, none without ids."""
    wanted = set(ids)
    return dict(Department.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
