"""Issue a campaign from a template. The only writer of ``Campaign.state``."""

import re
from datetime import date

from django.db import transaction

from accounts.domain.regions import find_or_create_region
from accounts.enums import DepartmentKind
from accounts.models import Department, Region
from campaigns.domain.rulebook import Rulebook, load_template
from campaigns.enums import CampaignState
from campaigns.models import Campaign, Receiver, RosterEntry, RuleVersion
from core import audit
from core.exceptions import Refused

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
NAME_LIMIT = 120


@transaction.atomic
def create_campaign(
    *,
    template: str,
    code: str,
    name: str,
    region_name: str,
    start: date,
    end: date,
    region: Region | None = None,
    actor=None,
    is_demo: bool = False,
) -> tuple[Campaign, bool]:
    """Create and issue a campaign; (campaign, False) when one with this code stands already.

    Side effects in order: the region and a coordinating office when missing; the campaign with rule version 1;
    its receivers (found by name, the office where no unit fits); the roster (every active unit of the region but
    the coordinating office, in roster order); an audit entry. Raises Refused in words for a bad template, code, name or
    dates.
    """
    try:
        rules = load_template(template)
    except ValueError as error:
        raise Refused(str(error), rule="template") from error
    if not CODE.fullmatch(code):
        raise Refused(f"活动代码“{code[:30]}”不可用：请用 1 至 20 个字母、数字或连字符，如 QH2022。", rule="code")
    if not 0 < len(name) <= NAME_LIMIT:
        raise Refused(f"活动名称应为 1 至 {NAME_LIMIT} 个字。", rule="name")
    if end < start:
        raise Refused(f"结束日期 {end} 早于开始日期 {start}，活动未创建。", rule="dates")
    existing = Campaign.objects.filter(code=code).first()
    if existing:
        return existing, False
    region = region or find_or_create_region(region_name)
    office = _office_of(region, rules)
    campaign = Campaign.objects.create(
        code=code,
        name=name,
        region=region,
        office=office,
        template=template,
        state=CampaignState.RUNNING,
        starts_on=start,
        ends_on=end,
        is_demo=is_demo,
    )
    RuleVersion.objects.create(campaign=campaign, number=1, data=rules.as_data(), effective_on=start)
    for kind in rules.activity_kinds:
        Receiver.objects.create(
            campaign=campaign, activity_kind=kind, department=_receiver(region, rules, kind, office)
        )
    enrol(campaign=campaign)
    audit.record(
        actor=actor, action="campaign.issued", object_type="campaign", object_key=code, detail={"template": template}
    )
    return campaign, True


def enrol(*, campaign: Campaign) -> int:
    """Put every active unit of the region on the roster, in roster order; returns how many were added.

    The coordinating office itself owes no walk (L22: 县营商办 统筹推进).
    """
    have = set(campaign.roster.values_list("department_id", flat=True))
    units = Department.objects.filter(region=campaign.region, is_active=True).exclude(kind=DepartmentKind.OFFICE)
    rows = [
        RosterEntry(campaign=campaign, department=unit, order=unit.order)
        for unit in units.order_by("order", "id")
        if unit.pk not in have
    ]
    RosterEntry.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def extend(*, campaign: Campaign, actor=None) -> int:
    """Take in units imported since the campaign was issued; returns how many joined the roster.

    Side effects in order: the roster; receivers that fell to the office because the unit was not there yet (walks begun
    before keep theirs); an audit entry when anything changed.
    """
    added, moved = enrol(campaign=campaign), 0
    rules = Rulebook(**campaign.rule_versions.first().data)
    for receiver in campaign.receivers.filter(department=campaign.office):
        unit = _receiver(campaign.region, rules, receiver.activity_kind, campaign.office)
        if unit != campaign.office:
            receiver.department = unit
            receiver.save(update_fields=["department"])
            moved += 1
    if added or moved:
        detail = {"added": added}
        audit.record(
            actor=actor,
            action="campaign.roster_extended",
            object_type="campaign",
            object_key=campaign.code,
            detail=detail,
        )
    return added


def _office_of(region: Region, rules: Rulebook) -> Department:
    found = Department.objects.filter(region=region, kind=DepartmentKind.OFFICE).first()
    if found:
        return found
    prefix = region.name[-1] if region.name[-1] in "省市县区旗州" else ""
    return Department.objects.create(region=region, name=f"{prefix}{rules.office}", kind=DepartmentKind.OFFICE, order=0)


def _receiver(region: Region, rules: Rulebook, kind: str, office: Department) -> Department:
    units = Department.objects.filter(region=region, is_active=True, name__contains=rules.receivers[kind])
    return units.order_by("order", "id").first() or office
