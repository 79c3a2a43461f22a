"""机构变动: units are merged into one, or one is split into several, by 系统管理员, with everything that stands in
their name. It stands here because every app that keeps records in the name of a unit is read.

What moves and what keeps the old name: docs/rules.md, section 4. Renaming one unit: ``accounts.domain.renaming``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.domain.abolition import DOCUMENT_LIMIT, done_already, end_into, key_of
from accounts.domain.memberships import people_with_role
from accounts.domain.people import administrators
from accounts.domain.renaming import require_new_name
from accounts.domain.unit_moves import NO_ITEM, Matter, MovedKind, UnitMove, knows_of_change
from accounts.domain.unit_people import PersonToMove, ask_for_roles, people_to_move
from accounts.domain.units import unit_key
from accounts.enums import AccountKind, Role, UnitChangeKind
from accounts.models import Department, Membership, Region, UnitChange, User
from accounts.rules import may_keep_units
from accounts.scope import in_force, rights_to_open
from campaigns.domain.unit_moves import HOTLINE_LISTS
from campaigns.domain.unit_moves import MOVED as OF_CAMPAIGNS
from catalogue.domain.unit_moves import OWNED_ITEMS, items_of_units, names_of_items
from core import audit
from core.content_token import content_token, require_unchanged
from core.exceptions import NotAllowed, Refused
from issues.domain.unit_moves import MOVED as OF_ISSUES
from issues.domain.unit_moves import STANDING as ISSUES_STANDING
from notifications.domain.leavers import close_unopenable
from notifications.domain.notices import Draft, ensure
from plans.domain.unit_moves import ALL_PLANS, RUNNING_PLANS
from reports.domain.unit_moves import STANDING as REPORTS_STANDING
from walks.domain.unit_moves import STANDING as WALKS_STANDING

# In the order in which they move; tests/architecture/test_unit_keys.py names a foreign key that is missing.
MOVED: tuple[MovedKind, ...] = (*OF_CAMPAIGNS, OWNED_ITEMS, *OF_ISSUES, RUNNING_PLANS)
STANDING = (*WALKS_STANDING, *ISSUES_STANDING, *REPORTS_STANDING, HOTLINE_LISTS, ALL_PLANS)
ACTIONS = {UnitChangeKind.MERGED: "unit.merged", UnitChangeKind.SPLIT: "unit.split"}


@dataclass(frozen=True)
class Asked:
    """What is to be done: ``units`` end on ``on`` by ``document``, and units called ``into`` succeed them, the first in
    all that is not shared out; a name that no unit of the region in use has is that of a new one."""

    kind: UnitChangeKind
    units: tuple[Department, ...]
    into: tuple[str, ...]
    on: date
    document: str

    @property
    def ids(self) -> list[int]:
        return [unit.pk for unit in self.units]


@dataclass(frozen=True)
class ItemShare:
    """Matters that move together: about one service item of theirs or another's, or about none (``NO_ITEM``)."""

    item_id: int
    label: str
    words: str


@dataclass(frozen=True)
class ChangePreview:
    """What would move and what would stay; ``token``: equal as long as all of it does. ``moved``, ``unfinished`` (keeps
    the old name, and the successor finishes it) and ``kept``: [(label, how many, unit of counting)]. ``made``: names
    of units that are new."""

    asked: Asked
    made: tuple[str, ...]
    moved: list[tuple[str, int, str]]
    unfinished: list[tuple[str, int, str]]
    kept: list[tuple[str, int, str]]
    shares: list[ItemShare]
    people: list[PersonToMove]
    token: str


def preview_of(asked: Asked, user: User, *, today: date) -> ChangePreview:
    """What carrying it out would do now. Counts, items and people alone: 系统管理员 reads no business record. Raises as
    ``carry_out``."""
    require_possible(asked, user, today)
    existing = _existing(asked)
    matters = {kind.name: kind.matters(asked.ids, asked.on) for kind in MOVED}
    counted = [(one, one.count(asked.ids, asked.on)) for one in STANDING]
    people = people_to_move(asked.ids)
    seen = [
        {name: sorted(matter.key for matter in found) for name, found in matters.items()},
        [(one.user_id, one.roles) for one in people],
        [(unit.pk, unit.name) for unit in (*asked.units, *existing.values())],
        [list(asked.into), str(asked.on), asked.document],
    ]
    return ChangePreview(
        asked=asked,
        made=tuple(name for name in asked.into if name not in existing),
        moved=[(kind.label, len(matters[kind.name]), kind.unit) for kind in MOVED if matters[kind.name]],
        unfinished=[(one.label, count, one.unit) for one, count in counted if one.is_open and count],
        kept=[(one.label, count, one.unit) for one, count in counted if not one.is_open and count],
        shares=_shares(asked, matters) if len(asked.into) > 1 else [],
        people=people,
        token=content_token(seen),
    )


@transaction.atomic
def carry_out(
    *,
    asked: Asked,
    by_item: Mapping[int, int],
    by_person: Mapping[int, int],
    actor: User,
    seen: str,
    now: datetime | None = None,
) -> UnitChange:
    """Merge or split. ``by_item``, ``by_person``: {service item or person: place in ``asked.into``}, 0 where nothing is
    said; ``seen``: ``ChangePreview.token`` of the page.

    Side effects in order: units that are new; what moves, kind by kind, each record with a line of its history; the
    old units end; roles asked for; notices of people who see nothing any more closed; the change; an audit entry;
    notices to those affected. All or nothing. Raises NotAllowed for anybody but 系统管理员, Refused where it cannot be,
    IllegalTransition where one of the units has ended meanwhile, StaleVersion where the page showed something else.
    """
    now = now or timezone.now()
    # Of two who change units of a region at once the second waits, and then finds what the first did.
    Region.objects.select_for_update(no_key=True).get(pk=asked.units[0].region_id)
    list(Department.objects.select_for_update(no_key=True).filter(region=asked.units[0].region_id).order_by("pk"))
    preview = preview_of(asked, actor, today=timezone.localtime(now).date())
    require_unchanged(what="将要转出的内容", seen=seen, now=preview.token, act="办理")
    existing = _existing(asked)
    successors = tuple(existing.get(name) or _make(name, asked.units) for name in asked.into)
    move = UnitMove(
        public_id=uuid4(),
        kind=asked.kind,
        predecessors=asked.units,
        successors=successors,
        by_item={item: _chosen(successors, place) for item, place in by_item.items()},
        by_person={person: _chosen(successors, place) for person, place in by_person.items()},
        on=asked.on,
        document=asked.document,
        actor=actor,
        now=now,
    )
    moved = {kind.name: keys for kind in MOVED if (keys := kind.move(move))}
    end_into(units=asked.units, successor=move.main, on=asked.on, document=asked.document)
    requests = ask_for_roles(preview.people, move)
    close_unopenable([person.user_id for person in preview.people], now=now)
    change = _record(move, moved, requests)
    _tell(change, move, preview.people)
    return change


def moved_words(change: UnitChange) -> list[tuple[str, int, str]]:
    """[(label, how many, unit of counting)] of what moved."""
    counts = [(kind, len(change.moved.get(kind.name, ()))) for kind in MOVED]
    return [(kind.label, count, kind.unit) for kind, count in counts if count]


def require_possible(asked: Asked, user: User, today: date) -> None:
    """Raise NotAllowed, Refused or IllegalTransition, in words, where it cannot be."""
    if not may_keep_units(user):
        raise NotAllowed("单位的合并、拆分由系统管理员办理，您没有此项权限。", rule="permission")
    for unit in Department.objects.filter(pk__in=asked.ids).select_related("region").order_by("pk"):
        if not unit.is_active:
            raise done_already(unit)
    if len({unit.region_id for unit in asked.units}) > 1:
        raise Refused("只能合并同一区域的单位，没有办理。", fields={"others": "请只选择同一区域的单位"})
    if asked.on > today:
        raise Refused("变动日期还没有到，没有办理。", fields={"on": f"不能晚于今天（{today}），请到当日再办理"})
    if not asked.document.strip():
        raise Refused("没有写明依据，没有办理。", fields={"document": "请写明依据的文件"})
    _require_names(asked)


def _require_names(asked: Asked) -> None:
    names, least = [unit_key(name) for name in asked.into], 2 if asked.kind == UnitChangeKind.SPLIT else 1
    if len(asked.into) < least or len(set(names)) < len(names) or (least == 1 and len(names) > 1):
        said = "请写两个以上不同的单位，每行一个" if least == 2 else "请选择或填写并入的单位"
        raise Refused(f"{said}，没有办理。", fields={"into": said})
    own = {unit_key(unit.name): unit.name for unit in asked.units}
    if same := next((own[name] for name in names if name in own), ""):
        said = f"{same}在本次变动中撤销，不能同时是变动后的单位"
        raise Refused(f"{said}，没有办理。", fields={"into": said})
    existing = _existing(asked)
    for name in asked.into:
        if name not in existing:
            require_new_name(asked.units[0].region_id, name, field="into")


def _existing(asked: Asked) -> dict[str, Department]:
    """{name as it was written: the unit in use that has it}; one query."""
    rows = Department.objects.filter(region=asked.units[0].region_id, is_active=True).select_related("region")
    units = {unit_key(unit.name): unit for unit in rows}
    return {name: units[unit_key(name)] for name in asked.into if unit_key(name) in units}


def _make(name: str, predecessors: Sequence[Department]) -> Department:
    """A new unit in the place of the first, on every list one of them stood on."""
    first = predecessors[0]
    lists = ("is_approval", "is_enforcement", "is_utility")
    stands = {one: any(getattr(unit, one) for unit in predecessors) for one in lists}
    return Department.objects.create(region=first.region, name=name, kind=first.kind, order=first.order, **stands)


def _chosen(successors: Sequence[Department], place: int) -> Department:
    if not 0 <= place < len(successors):
        raise Refused("所选的单位不在变动后的单位之中，没有办理。", rule="unit_change.choice")
    return successors[place]


def _shares(asked: Asked, matters: Mapping[str, list[Matter]]) -> list[ItemShare]:
    """What is shared out, item by item in their fixed order, then what is about an item of another unit, last what is
    about none."""
    counts: dict[int, Counter] = {}
    for kind in MOVED:
        for matter in matters[kind.name] if kind.by_item else ():
            counts.setdefault(matter.item_id, Counter())[kind.name] += 1
    own = {pk: name if in_use else f"{name}（已停用）" for pk, name, in_use in items_of_units(asked.ids)}
    place = {pk: number for number, pk in enumerate(own)}
    others = names_of_items([pk for pk in counts if pk not in own and pk != NO_ITEM])
    labels = {kind.name: (kind.label, kind.unit) for kind in MOVED}
    found = []
    for item in sorted(counts, key=lambda pk: (pk == NO_ITEM, place.get(pk, len(own)), pk)):
        label = own.get(item) or ("未涉及事项的" if item == NO_ITEM else f"{others[item]}（其他单位的事项）")
        words = [
            f"{labels[name][0]} {number} {labels[name][1]}" for name, number in counts[item].items() if name != "items"
        ]
        found.append(ItemShare(item, label, "、".join(words)))
    return found


def _record(move: UnitMove, moved: dict[str, list[str]], requests: int) -> UnitChange:
    change = UnitChange.objects.create(
        public_id=move.public_id,
        kind=move.kind,
        region=move.main.region,
        before=[unit.name for unit in move.predecessors],
        after=[unit.name for unit in move.successors],
        effective_on=move.on,
        document=move.document[:DOCUMENT_LIMIT],
        moved=moved,
        asked=requests,
        made_by=move.actor,
        made_at=move.now,
    )
    change.units.set([*move.predecessors, *move.successors])
    detail = {
        "from": "、".join(change.before),
        "to": "、".join(change.after),
        "on": str(move.on),
        "document": move.document,
        "moved": {label: f"{count} {unit}" for label, count, unit in moved_words(change)},
        "roles": requests,
        "change": str(change.public_id),
    }
    audit.record(
        actor=move.actor,
        action=ACTIONS[move.kind],
        object_type="unit",
        object_key=key_of(move.predecessors[0]),
        detail=detail,
    )
    return change


def _tell(change: UnitChange, move: UnitMove, people: Sequence[PersonToMove]) -> None:
    """Who worked in a unit that ended, who leads and keeps contact in a successor, the offices of the region and
    who receives from units there; 安全管理员, where roles wait."""
    heads = people_with_role(
        department_ids=[unit.pk for unit in move.successors], roles=[Role.PRINCIPAL, Role.LIAISON, Role.LEAD]
    )
    offices = Membership.objects.filter(
        in_force(), role__in=(Role.OFFICE, Role.LEAD), department__region=change.region_id, user__is_active=True
    )
    wanted = [user for found in heads.values() for user in found]
    wanted += offices.order_by("user_id").values_list("user_id", flat=True)
    units = {unit.pk for unit in move.successors}
    rights = rights_to_open(wanted, lambda scope: knows_of_change(scope, units, change.region_id))
    key, link = f"unitchange:{change.public_id}", reverse("unit_change", args=[change.public_id])
    rows = "、".join(f"{label} {count} {unit}" for label, count, unit in moved_words(change)) or "没有未办结的事项"
    drafts = [
        Draft(pk, "unit.changed", key, f"{move.words}。转来：{rows}。", right, link) for pk, right in rights.items()
    ]
    own = f"您所在的单位有变动：{move.words}。您的角色待安全管理员在新的单位授予，授予后接着办理。"
    told = set(rights)
    drafts += [Draft(one.user_id, "unit.changed", key, own, "") for one in people if one.user_id not in told]
    if change.asked:
        text = f"{move.words}：{change.asked} 项角色待授予。"
        drafts += [
            Draft(pk, "unit.changed", key, text, "", reverse("roles")) for pk in administrators(AccountKind.SECADMIN)
        ]
    ensure(drafts, now=change.made_at)
