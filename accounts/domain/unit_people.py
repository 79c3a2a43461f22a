"""People of a unit that ends: for each role there the same is asked for in its successor. 系统管理员 asks,
安全管理员 decides; until then nothing of the role works (三员分立)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from accounts.domain import role_requests
from accounts.domain.unit_moves import UnitMove
from accounts.enums import AccountKind, Role
from accounts.models import Department, Membership, RoleRequest
from accounts.scope import in_force


@dataclass(frozen=True)
class PersonToMove:
    """One person with the roles held in units that end: {(role, title)} in order."""

    user_id: int
    label: str
    roles: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        return "、".join(dict.fromkeys(Role(role).label for role, _ in self.roles))


def people_to_move(unit_ids: Collection[int]) -> list[PersonToMove]:
    """Active people with a role in these units, in the order of the units; one query."""
    rows = Membership.objects.filter(
        in_force(), department__in=unit_ids, user__is_active=True, user__kind=AccountKind.STAFF
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    labels: dict[int, str] = {}
    ordered = rows.order_by("department__order", "department_id", "id")
    for user, label, role, title in ordered.values_list("user_id", "user__label", "role", "title"):
        labels[user] = label
        found[user].append((role, title))
    return [PersonToMove(user, labels[user], tuple(roles)) for user, roles in found.items()]


def ask_for_roles(people: Iterable[PersonToMove], move: UnitMove) -> int:
    """Ask for the roles in the unit chosen for each person; how many. One that the person holds there, or that was
    asked for before, is not asked for again. Side effects as ``role_requests.ask``."""
    wanted: dict[tuple[int, int, str], str] = {}
    units: dict[int, Department] = {}
    for person in people:
        unit = move.by_person.get(person.user_id, move.main)
        units[unit.pk] = unit
        for role, title in person.roles:
            wanted.setdefault((person.user_id, unit.pk, role), title)
    held = Membership.objects.filter(in_force(), department__in=units)
    have = set(held.values_list("user_id", "department_id", "role"))
    open_ones = RoleRequest.objects.filter(department__in=units).exclude(given_at__isnull=False)
    have |= set(open_ones.values_list("user_id", "department_id", "role"))
    requests = [
        RoleRequest(user_id=user, department=units[unit], role=role, title=title, requested_by=move.actor)
        for (user, unit, role), title in wanted.items()
        if (user, unit, role) not in have
    ]
    role_requests.ask(requests=requests, actor=move.actor)
    return len(requests)
