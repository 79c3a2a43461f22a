"""The one writer of ``Inspection``: recorded, its findings put on the ledger, struck out with a reason."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Department, User
from accounts.scope import scope_of
from campaigns.domain.states import hold_writable
from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from core import audit
from core.conflicts import taken_already
from core.exceptions import NotAllowed, Refused
from core.text import search_text
from issues.domain import lifecycle
from issues.enums import IssueSource, IssueState
from issues.models import Inspection, Issue


def records_in(user: User, campaign: Campaign) -> bool:
    """Whether the person records inspections of the campaign: the office of its own level."""
    return campaign.region_id in scope_of(user).act_regions


def require_office(actor: User, campaign: Campaign) -> None:
    """Raise NotAllowed (403) for whoever does not."""
    if not records_in(actor, campaign):
        raise NotAllowed("督查由本活动的统筹办记录。", rule="inspection.office")


@transaction.atomic
def record(
    *,
    campaign: Campaign,
    day: date,
    inspectors: str,
    units: Sequence[Department],
    summary: str,
    actor: User,
    now: datetime | None = None,
) -> Inspection:
    """Record an inspection. Side effects in order: the record with its units; an audit entry.

    Raises NotAllowed (403) for anybody but the office of the campaign's own level, Refused (400) naming what is
    missing.
    """
    now = now or timezone.now()
    require_office(actor, campaign)
    hold_writable(campaign.pk)
    today, missing = timezone.localtime(now).date(), {}
    if not campaign.starts_on <= day <= min(today, campaign.ends_on):
        last = min(today, campaign.ends_on)
        missing["inspected_on"] = f"督查日期应在活动开始（{campaign.starts_on}）与 {last} 之间"
    if not inspectors.strip():
        missing["inspectors"] = "请填写督查人员"
    if not units or any(not unit.is_active or unit.region_id != campaign.region_id for unit in units):
        missing["units"] = "请选择本区域在册的被督查单位"
    if not summary.strip():
        missing["summary"] = "请写明督查情况"
    if missing:
        raise Refused(f"督查记录未保存：{'；'.join(missing.values())}。", rule="inspection.content", fields=missing)
    made = Inspection.objects.create(
        campaign=campaign,
        inspected_on=day,
        inspectors=inspectors.strip()[:200],
        summary=summary.strip()[:2000],
        made_by=actor,
        made_at=now,
    )
    made.units.set(units)
    _audit(made, actor, "recorded", {"units": [unit.name for unit in units]})
    return made


@transaction.atomic
def add_finding(
    *,
    inspection: Inspection,
    unit: Department,
    description: str,
    category: str = "",
    actor: User,
    now: datetime | None = None,
) -> Issue:
    """Put what was found in a unit on the ledger, as an issue with the source 督查 that is assigned like any other.

    Side effects in order: the issue, its number and event as by every registering; an audit entry. Raises NotAllowed
    (403), Conflict (409) for a record that was struck out, Refused (400) naming what is missing.
    """
    campaign, now = inspection.campaign, now or timezone.now()
    require_office(actor, campaign)
    # Whoever strikes it out at the same moment waits until the finding stands, and is then refused.
    _require_in_force(Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk))
    _, rules = rules_of(campaign.pk, inspection.inspected_on)
    missing = {} if description.strip() else {"description": "请写明发现了什么问题"}
    if not inspection.units.filter(pk=unit.pk).exists():
        missing["unit"] = "请选择被督查的单位"
    if category and category not in rules.rectification.categories:
        missing["category"] = "没有这一分类"
    if missing:
        raise Refused(f"问题未登记：{'；'.join(missing.values())}。", rule="inspection.finding", fields=missing)
    issue = Issue.objects.create(
        state=IssueState.DRAFT,
        source=IssueSource.INSPECTION,
        inspection=inspection,
        campaign=campaign,
        region_id=campaign.region_id,
        discovering_department_id=campaign.office_id,
        lead_department_id=campaign.office_id,
        proposed_department=unit,
        proposed_name=unit.name,
        reported_by=actor,
        description=description.strip()[:2000],
        category=category,
        found_on=inspection.inspected_on,
        period=rules.period_of(inspection.inspected_on).code,
        search_text=search_text(description),
    )
    lifecycle.perform(issue=issue, action="register", actor=None, now=now)
    _audit(inspection, actor, "finding", {"issue": issue.number})
    return issue


@transaction.atomic
def strike(*, inspection: Inspection, reason: str, actor: User, now: datetime | None = None) -> None:
    """Strike out a record made by mistake: it stays, and counts in no quarter. Side effects in order: the record; an
    audit entry. Raises NotAllowed (403), Conflict (409) when it was struck out already, Refused (400) without a reason
    or when it has findings, because they stand on the ledger."""
    now = now or timezone.now()
    require_office(actor, inspection.campaign)
    row = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    _require_in_force(row)
    if not reason.strip():
        raise Refused("请写明作废原因。", rule="inspection.reason", fields={"reason": "请写明作废原因"})
    if Issue.objects.filter(inspection=row).exists():
        raise Refused("该记录已有问题登记入账，不能作废。", rule="inspection.findings")
    Inspection.objects.filter(pk=row.pk, struck_at=None).update(
        struck_by=actor, struck_at=now, struck_reason=reason.strip()[:300]
    )
    _audit(inspection, actor, "struck", {"reason": reason.strip()[:300]})


def _require_in_force(row: Inspection) -> None:
    if row.struck_at is not None:
        raise taken_already("该督查记录已作废", row.struck_by, row.struck_at, rule="inspection.struck")


def _audit(inspection: Inspection, actor: User, what: str, detail: dict) -> None:
    key = f"{inspection.campaign.code} {inspection.inspected_on}"
    audit.record(actor=actor, action=f"inspection.{what}", object_type="campaign", object_key=key, detail=detail)
