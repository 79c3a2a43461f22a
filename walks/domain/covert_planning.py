"""暗访: planning a covert walk and naming who may know of it (M18 三2: 不亮身份，不打招呼，不安排陪同人员).

A covert walk exists for its walker, the people the walker names and nobody else, whatever their role, until it is
reported. Rows of ``Clearance`` say who; ``walks.domain.covert`` says when they count.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.enums import LEADER_ROLES, UNIT_ROLES, Role
from accounts.models import Membership, User
from accounts.scope import in_force
from campaigns.domain.receivers import receivers_of_unit
from campaigns.domain.versions import rulebooks
from campaigns.enums import OPEN_CAMPAIGNS, ActivityKind, CovertRule
from campaigns.models import RosterEntry
from catalogue.models import ServiceItem
from core import audit
from core.exceptions import Refused
from walks.domain.opening import WalkDraft, clear, plan_covert
from walks.domain.start_options import Opening
from walks.models import Walk


@dataclass(frozen=True)
class PossibleReader:
    """Somebody who may be named; ``place`` is the unit, ``post`` what they are there."""

    user_id: int
    name: str
    place: str
    post: str
    department_id: int

    @property
    def label(self) -> str:
        return f"{self.name}（{self.place}{self.post}）"


def covert_openings(user: User, *, today: date) -> list[Opening]:
    """Where the person may plan a covert walk: units led, in campaigns not yet over that do not rule it out."""
    led = Membership.objects.filter(in_force(), user=user, role__in=LEADER_ROLES, department__is_active=True)
    entries = RosterEntry.objects.filter(
        department_id__in=led.values("department_id"),
        left_on=None,
        campaign__state__in=OPEN_CAMPAIGNS,
        campaign__ends_on__gte=today,
    ).select_related("campaign", "department")
    found = [Opening(one.campaign, one.department, True) for one in entries.order_by("-campaign__starts_on", "id")]
    books = rulebooks({opening.campaign.pk for opening in found})
    return [one for one in found if books[one.campaign.pk].planning.covert != CovertRule.FORBIDDEN]


def readers_offered(walker: User, openings: list[Opening]) -> list[PossibleReader]:
    """Whom the walker may name: leaders and liaisons of the own unit, staff of the receiving units and of the office.

    Two queries for each opening.
    """
    found: dict[tuple[int, int], PossibleReader] = {}
    for opening in openings:
        campaign, unit = opening.campaign, opening.department
        receivers = receivers_of_unit(campaign.pk, ActivityKind.PROCESS, unit.pk)
        own = Membership.objects.filter(department=unit, role__in=UNIT_ROLES)
        receiving = Membership.objects.filter(department_id__in=receivers, role=Role.LEAD)
        office = Membership.objects.filter(department_id=campaign.office_id, role=Role.OFFICE)
        rows = (own | receiving | office).filter(in_force(), user__is_active=True).exclude(user=walker)
        for row in rows.select_related("user", "department").order_by("department__order", "department_id", "id"):
            reader = PossibleReader(
                row.user_id, row.user.label, row.department.name, row.get_role_display(), row.department_id
            )
            found.setdefault((row.department_id, row.user_id), reader)
    return list(found.values())


def readers_to_add(walk: Walk) -> list[PossibleReader]:
    """Whom the walker may name beside those named: nobody of the unit that is visited."""
    offered = readers_offered(walk.walker, [Opening(walk.campaign, walk.department, True)])
    named = set(walk.clearances.values_list("user_id", flat=True))
    blind = _visited(unit_id=walk.department_id, item=walk.item, named=offered)
    return [one for one in offered if one.user_id not in named | blind]


def readers_fault(*, unit_id: int, item: ServiceItem, named: list[PossibleReader]) -> str:
    """Why one of those named may not know: the unit that is visited is kept blind, a receiving lead included, and with
    it whoever belongs to it in whatever part beside the one offered.

    A head who walks the own unit's windows names own people knowingly; that is allowed.
    """
    visited = _visited(unit_id=unit_id, item=item, named=named)
    if not visited:
        return ""
    names = "、".join(dict.fromkeys(one.name for one in named if one.user_id in visited))
    return f"{names}是被体验单位（{item.department.name}）的人员，不能列为知情人。"


def _visited(*, unit_id: int, item: ServiceItem, named: list[PossibleReader]) -> set[int]:
    """The user ids of those who belong to the unit that is visited, when that is not the walking one."""
    if item.department_id == unit_id:
        return set()
    ids = [one.user_id for one in named]
    rows = Membership.objects.filter(in_force(), department_id=item.department_id, user_id__in=ids)
    return set(rows.values_list("user_id", flat=True))


@transaction.atomic
def plan(
    draft: WalkDraft, *, actor: User, planned_on: date, named: list[PossibleReader], now: datetime | None = None
) -> Walk:
    """暗访计划 of ``actor``, known to ``named`` beside the walker; raises as ``readers_fault`` and ``plan_covert``."""
    fault = readers_fault(unit_id=draft.department_id, item=draft.item, named=named)
    if fault:
        raise Refused(fault, fields={"people": fault})
    ids = [one.user_id for one in named]
    return plan_covert(draft, actor=actor, planned_on=planned_on, named=ids, now=now)


@transaction.atomic
def name_readers(*, walk: Walk, named: list[PossibleReader], actor: User, now: datetime | None = None) -> int:
    """The walker names more people; returns how many are new (人). Raises Refused for staff of the visited unit.

    Side effects in order: clearances; an entry in the covert audit. No notice: a message would tell.
    """
    fault = readers_fault(unit_id=walk.department_id, item=walk.item, named=named)
    if fault:
        raise Refused(fault, fields={"people": fault})
    count = clear(walk=walk, user_ids=[one.user_id for one in named], actor=actor, now=now)
    if count:
        names = list(dict.fromkeys(one.name for one in named))
        note(walk, actor, "walk.readers_named", {"people": names})
    return count


@transaction.atomic
def remove_reader(*, walk: Walk, user_id: int, actor: User) -> None:
    """撤销知情: the walker takes a clearance back; from then on the walk does not exist for that person.

    Side effects in order: the clearance; an entry in the covert audit. No notice. Raises Refused for the walker, and
    for somebody who is no reader.
    """
    if user_id == walk.walker_id:
        raise Refused("体验人本人不能撤销。", rule="readers.walker")
    reader = walk.clearances.select_related("user").filter(user_id=user_id).first()
    if reader is None:
        raise Refused("这名人员已不在知情人之列，没有改动。", rule="readers.gone")
    reader.delete()
    note(walk, actor, "walk.reader_removed", {"people": [reader.user.name]})


def note(walk: Walk, actor: User, action: str, detail: dict | None = None) -> None:
    """An entry about a walk, in the chain that fits: covert as long as the walk is."""
    audit.record(
        actor=actor,
        action=action,
        object_type="walk",
        object_key=walk.pk,
        detail=detail,
        covert=walk.is_hidden,
    )
