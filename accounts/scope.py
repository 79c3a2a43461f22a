"""What a person may see. Every ``*_visible_to(user)`` of every app starts here."""

from dataclasses import dataclass, field

from accounts.enums import LEADER_ROLES, UNIT_ROLES, AccountKind, Role
from accounts.models import Department, Membership, Region


@dataclass(frozen=True)
class Scope:
    """What one person's memberships give, as sets of ids.

    - ``units``: departments whose walks and issues are the person's own business (principal, deputy, liaison)
    - ``leads``: departments for which the person receives plans and reports
    - ``offices``: coordinating departments the person works in
    - ``workplaces``: every department the person belongs to, rectification owners included
    - ``read_regions``: regions read from above (office and supervisor: the whole subtree)
    - ``act_regions``: regions in which the person acts as the office (its own level only: reads down, writes here)
    - ``home_regions``: regions of the departments the person belongs to
    - ``label``: name of the first department, for the head of the page
    """

    user_id: int | None = None
    roles: frozenset[tuple[str, int]] = frozenset()
    read_regions: frozenset[int] = frozenset()
    act_regions: frozenset[int] = frozenset()
    home_regions: frozenset[int] = frozenset()
    units: frozenset[int] = field(default=frozenset())
    leads: frozenset[int] = field(default=frozenset())
    offices: frozenset[int] = field(default=frozenset())
    workplaces: frozenset[int] = field(default=frozenset())
    label: str = ""

    def holds(self, role: str, department_id: int | None = None) -> bool:
        """True when the person has ``role`` in that department, or in any when none is given."""
        if department_id is None:
            return any(held == role for held, _ in self.roles)
        return (role, department_id) in self.roles

    def leads_people_of(self, department_id: int | None) -> bool:
        """True for the principal or a deputy of that department."""
        return any((role, department_id) in self.roles for role in LEADER_ROLES)


NOTHING = Scope()


def scope_of(user) -> Scope:
    """The person's scope, loaded once per request (kept on the user object, so a change holds on the next one).

    Anonymous, disabled and administrator accounts get an empty scope: none of the 三员 reads business records.
    """
    if not user.is_authenticated or not user.is_active or user.kind != AccountKind.STAFF:
        return NOTHING
    cached = user.__dict__.get("_scope")
    if cached is None:
        cached = user.__dict__["_scope"] = _load(user)
    return cached


def _load(user) -> Scope:
    rows = list(
        Membership.objects.filter(user=user, department__is_active=True).values_list(
            "role", "department_id", "department__region_id", "department__name"
        )
    )
    act = frozenset(region for role, _, region, _ in rows if role == Role.OFFICE)
    above = act | {region for role, _, region, _ in rows if role == Role.SUPERVISOR}
    return Scope(
        user_id=user.pk,
        roles=frozenset((role, department) for role, department, _, _ in rows),
        read_regions=frozenset(_subtree(above)),
        act_regions=act,
        home_regions=frozenset(region for _, _, region, _ in rows),
        units=frozenset(d for role, d, _, _ in rows if role in UNIT_ROLES),
        leads=frozenset(d for role, d, _, _ in rows if role == Role.LEAD),
        offices=frozenset(d for role, d, _, _ in rows if role == Role.OFFICE),
        workplaces=frozenset(d for _, d, _, _ in rows),
        label=rows[0][3] if rows else "",
    )


def _subtree(region_ids) -> set[int]:
    """The given regions with everything below them; a person rarely reads from more than one."""
    found: set[int] = set()
    for region_id in region_ids:
        below = Region.objects.descendants(region_id, include_self=True)
        found.update(below.values_list("pk", flat=True))
    return found


def regions_visible_to(user):
    """Regions the person belongs to or reads from above."""
    scope = scope_of(user)
    return Region.objects.filter(pk__in=scope.home_regions | scope.read_regions)


def departments_visible_to(user):
    """Departments of those regions: the names one may choose from. Those of other counties are left out."""
    scope = scope_of(user)
    return Department.objects.filter(region_id__in=scope.home_regions | scope.read_regions)
