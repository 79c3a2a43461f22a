"""Who is bound by a campaign: the roster in its fixed order."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from accounts.enums import DepartmentKind
from accounts.models import Department, Region, User
from campaigns.domain.receivers import fill_in
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.states import require_before_end
from campaigns.enums import ENDED_CAMPAIGNS, UnitList
from campaigns.models import Campaign, RosterEntry
from catalogue.domain.queries import LeadsBundle, leads_bundle
from core import audit
from core.content_token import content_token, require_unchanged
from core.exceptions import Refused

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def enrol(*, campaign: Campaign, rules: Rulebook) -> int:
    """Put every active unit of the region on the roster, in roster order; returns how many were added.

    The coordinating office itself owes no walk (L22: 县营商办 统筹推进). Where the notice binds the 牵头部门 of an
    一件事 alone (W23 三), those stand on it, once it is known who they are.
    """
    have = set(campaign.roster.values_list("department_id", flat=True))
    units = list(units_to_enrol(campaign.region))
    if {one for activity in rules.activities for one in activity.units} == {UnitList.BUNDLE_LEAD}:
        units = [unit for unit in units if unit.leads_bundle] or units
    rows = [RosterEntry(campaign=campaign, department=unit, order=unit.order) for unit in units if unit.pk not in have]
    RosterEntry.objects.bulk_create(rows)
    return len(rows)


def units_to_enrol(region: Region) -> "QuerySet[WithAnnotations[Department, LeadsBundle]]":
    """Units of a region that may stand on a roster, in their fixed order, with whether they lead an 一件事."""
    units = Department.objects.filter(region=region, is_active=True).exclude(kind=DepartmentKind.OFFICE)
    return units.annotate(leads_bundle=leads_bundle("pk")).order_by("order", "id")


@transaction.atomic
def set_roster(*, campaign: Campaign, unit_ids: set[int], actor: User, seen: str, today: date) -> tuple[int, int]:
    """Make the roster hold exactly these units of the region; returns (joined, left) in 个.

    In a draft a unit taken off is simply gone; in an issued campaign it leaves as of ``today``: its records stay, it
    owes nothing new. A unit that joins an issued campaign owes nothing that fell due before ``today``; one that comes
    back owes nothing that fell due while it was off, and its earlier periods stay as they were. Side effects: roster
    rows; an audit entry when anything changed. Raises Refused without any unit. ``seen``: ``token_of_roster`` when the
    form was opened; Refused without it, StaleVersion when somebody else has changed the roster since.
    """
    require_before_end(Campaign.objects.select_for_update().get(pk=campaign.pk))
    require_unchanged(what="参与单位", seen=seen, now=token_of_roster(campaign))
    allowed = {unit.pk: unit for unit in units_to_enrol(campaign.region)}
    if not unit_ids & set(allowed):
        raise Refused("名单至少要有一个单位，未作改动。", fields={"units": "请至少勾选一个单位"})
    entries = {entry.department_id: entry for entry in campaign.roster.all()}
    joined = [unit for pk, unit in allowed.items() if pk in unit_ids and pk not in entries]
    back = [entry for pk, entry in entries.items() if pk in unit_ids and entry.left_on]
    # An abolished unit is not taken off here: nobody could have left it ticked.
    gone = [entry for pk, entry in entries.items() if pk in allowed and pk not in unit_ids and not entry.left_on]
    since = today if campaign.issued_at else None
    RosterEntry.objects.bulk_create(
        [RosterEntry(campaign=campaign, department=unit, order=unit.order, joined_on=since) for unit in joined]
    )
    come_back(back, on=today)
    leave(campaign, gone, on=today)
    if joined or back or gone:
        detail = {"joined": [u.name for u in joined] + [e.department.name for e in back], "left": len(gone)}
        _note(campaign, actor, "campaign.roster_changed", detail)
    return len(joined) + len(back), len(gone)


def come_back(entries: Iterable[RosterEntry], *, on: date) -> None:
    """Lines that had left stand on the roster again from ``on``; the absence is kept."""
    for entry in entries:
        if entry.left_on is not None:
            entry.away = [*entry.away, [str(entry.left_on), max(on, entry.left_on).isoformat()]]
            entry.left_on = None
            entry.save(update_fields=["left_on", "away"])


def leave(campaign: Campaign, entries: Iterable[RosterEntry], *, on: date) -> None:
    """Lines leave the roster as of ``on``; those of a draft, of which nobody was told, are simply gone."""
    rows = RosterEntry.objects.filter(pk__in=[entry.pk for entry in entries])
    if campaign.issued_at:
        rows.update(left_on=on)
    else:
        rows.delete()


def token_of_roster(campaign: Campaign) -> str:
    """By what a form knows whether units joined, left or were abolished meanwhile; one query."""
    rows = campaign.roster.order_by("department_id")
    return content_token(list(rows.values_list("department_id", "left_on", "department__is_active")))


@transaction.atomic
def extend(*, campaign: Campaign, rules: Rulebook, actor: User | None = None) -> int:
    """Take in units imported since the campaign was issued; returns how many joined the roster, none once it was summed
    up.

    Side effects in order: the roster; receivers that fell to the office because the unit was not there yet (walks begun
    before keep theirs); an audit entry when anything changed.
    """
    if Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk).state in ENDED_CAMPAIGNS:
        return 0
    added, moved = enrol(campaign=campaign, rules=rules), fill_in(campaign=campaign, rules=rules)
    if added or moved:
        _note(campaign, actor, "campaign.roster_extended", {"added": added})
    return added


def office_of(region: Region, rules: Rulebook) -> Department:
    """The region's coordinating office; one is made under the name the notice gives when there is none."""
    found = Department.objects.filter(region=region, kind=DepartmentKind.OFFICE).order_by("order", "id").first()
    if found:
        return found
    prefix = region.name[-1] if region.name[-1] in "省市县区旗州" else ""
    return Department.objects.create(region=region, name=f"{prefix}{rules.office}", kind=DepartmentKind.OFFICE, order=0)


def _note(campaign: Campaign, actor: User | None, action: str, detail: dict) -> None:
    audit.record(actor=actor, action=action, object_type="campaign", object_key=campaign.code, detail=detail)


def roster_rows(campaign: Campaign) -> list[dict]:
    """The roster in its fixed order, ``has_left``: abolished or taken off; one query."""
    fields = ("is_approval", "is_enforcement", "is_utility")
    rows = (
        RosterEntry.objects.filter(campaign=campaign)
        .annotate(leads_bundle=leads_bundle("department_id"))
        .order_by("order", "id")
        .values_list(
            "department_id",
            "department__name",
            "department__kind",
            "order",
            "left_on",
            "department__is_active",
            "leads_bundle",
            *(f"department__{name}" for name in fields),
        )
    )
    names = ("id", "name", "kind", "order", "left_on", "is_active", "leads_bundle", *fields)
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [row | {"has_left": row["left_on"] is not None or not row["is_active"]} for row in found]


LISTS = (
    ("is_approval", "审批服务"),
    ("is_enforcement", "行政执法"),
    ("is_utility", "公共服务企业"),
    ("leads_bundle", "一件事牵头"),
)


def lists_of(row: dict) -> list[str]:
    """The notice's lists a unit stands on, in words."""
    return [label for name, label in LISTS if row[name]]
