"""离任交接: one press by 安全管理员 moves the roles of a person in a unit, and every duty in that person's name, to a
successor. It stands here because every app that keeps such duties is read."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.domain.duties import HandOverChange, knows_of
from accounts.domain.memberships import end_memberships, people_with_role
from accounts.domain.queries import memberships_of
from accounts.domain.role_requests import REASON_LIMIT, grant
from accounts.enums import AccountKind, Role
from accounts.models import Department, HandOver, Membership, User
from accounts.rules import may_decide_roles
from accounts.scope import in_force, rights_to_open
from core import audit
from core.exceptions import NotAllowed, Refused
from issues.domain.handing_over import RESPONSIBLE_ISSUES
from notifications.domain.leavers import close_unopenable
from notifications.domain.notices import Draft, ensure
from plans.domain.handing_over import PLANNED_WALKS

# Every duty in one person's name; tests/architecture/test_duties.py names a foreign key that is missing.
KINDS = (RESPONSIBLE_ISSUES, PLANNED_WALKS)


def units_of(leaver: User) -> list[tuple[int, str]]:
    """(id, 区域 单位：角色) of the units in which the person holds a role."""
    found: dict[int, tuple[str, list[str]]] = {}
    for one in memberships_of(leaver):
        place = f"{one.department.region.name} {one.department.name}"
        found.setdefault(one.department_id, (place, []))[1].append(one.get_role_display())
    return [(pk, f"{place}：{'、'.join(roles)}") for pk, (place, roles) in found.items()]


def held_by(leaver: User) -> list[dict]:
    """[{"place", "duties": ["8 件负责整改的问题"]}]: how much stands in the person's name, unit by unit. Counts alone:
    安全管理员 reads no business record."""
    return [
        {
            "place": place,
            "duties": [f"{count} {kind.unit}{kind.label}" for kind in KINDS if (count := kind.count(leaver.pk, unit))],
        }
        for unit, place in units_of(leaver)
    ]


@transaction.atomic
def hand_over(
    *, leaver: User, successor: User, department_id: int, reason: str, actor: User, now: datetime | None = None
) -> HandOver:
    """Move the leaver's roles in a unit, and what stands in the person's name there, to the successor.

    Side effects in order: the roles granted, those the successor holds already left as they are; the leaver's ended;
    the duties, each with a line of its history; notices of the leaver closed; the record of it; an audit entry with the
    counts; a notice to the successor, the unit's liaisons and the office. All or nothing. Raises NotAllowed for anybody
    but 安全管理员, Refused for a successor who may not take the roles and where the leaver holds none.
    """
    if not may_decide_roles(actor):
        raise NotAllowed("离任交接由安全管理员办理，您没有此项权限。", rule="permission")
    # Of two who hand over at once the second waits, and then finds no role left.
    rows = memberships_of(leaver).filter(department_id=department_id)
    held = list(rows.select_for_update(of=("self",)))
    _require_takers(leaver, successor, held)
    department, now = held[0].department, now or timezone.now()
    own = set(memberships_of(successor).filter(department=department).values_list("role", flat=True))
    for one in (one for one in held if one.role not in own):
        grant(user=successor, department=department, role=one.role, title=one.title, reason=reason, actor=actor)
    end_memberships(memberships=held, actor=actor, reason=reason)
    change = HandOverChange(leaver, successor, department, actor, reason, now)
    moved = {kind.name: keys for kind in KINDS if (keys := kind.move(change))}
    close_unopenable([leaver.pk], now=now)
    made = HandOver.objects.create(
        department=department,
        leaver=leaver,
        successor=successor,
        roles=[one.role for one in held],
        moved=moved,
        reason=reason[:REASON_LIMIT],
        made_by=actor,
        made_at=now,
    )
    _record(made)
    _tell(made, now)
    return made


def moved_words(made: HandOver) -> str:
    """5 件负责整改的问题、2 项计划中尚未开始的体验."""
    parts = [f"{len(made.moved[kind.name])} {kind.unit}{kind.label}" for kind in KINDS if made.moved.get(kind.name)]
    return "、".join(parts) or "没有以本人名义承担的事项"


def _require_takers(leaver: User, successor: User, held: list[Membership]) -> None:
    if not held:
        raise Refused("该人员在这个单位已没有角色，没有办理。", fields={"department": "已没有角色，请刷新后核对"})
    if successor.pk == leaver.pk:
        raise Refused("接任人不能是本人，没有办理。", fields={"successor": "接任人不能是本人"})
    if not successor.is_active or successor.kind != AccountKind.STAFF:
        said = "接任人的账号已停用，或是三员"
        raise Refused(f"{said}，没有办理。", fields={"successor": said})
    if not held[0].department.is_active:
        raise Refused(f"{held[0].department.name}已撤销，没有办理。", fields={"department": "单位已撤销"})


def _record(made: HandOver) -> None:
    detail = {"unit": made.department.name, "successor": made.successor.username, "reason": made.reason}
    detail |= {"rows": moved_words(made)}
    key = made.leaver.username
    audit.record(actor=made.made_by, action="user.handed_over", object_type="user", object_key=key, detail=detail)


def _tell(made: HandOver, now: datetime) -> None:
    unit: Department = made.department
    liaisons = people_with_role(department_ids=[unit.pk], roles=[Role.LIAISON, Role.PRINCIPAL]).get(unit.pk, [])
    offices = _offices_of(unit)
    rights = rights_to_open([made.successor_id, *liaisons, *offices], lambda scope: knows_of(scope, unit))
    text = f"{unit.name}{made.leaver.label}离任，由{made.successor.label}接续：{moved_words(made)}"
    link = reverse("hand_over", args=[made.public_id])
    key = f"handover:{made.pk}"
    ensure([Draft(pk, "handover.made", key, text, right, link) for pk, right in rights.items()], now=now)


def _offices_of(unit: Department) -> list[int]:
    offices = Membership.objects.filter(in_force(), role=Role.OFFICE, department__region=unit.region_id)
    rows = offices.filter(user__is_active=True)
    return list(rows.order_by("user_id").values_list("user_id", flat=True).distinct())
