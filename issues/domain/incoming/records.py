"""Problems that came in otherwise than by a walk (来件): put on the ledger by hand, answered, the reporter erased. The
one writer of ``Incoming`` beside ``issues.domain.imported``."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Department, User
from accounts.scope import scope_of
from campaigns.domain.states import hold_writable
from campaigns.domain.versions import rules_of
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from core import audit
from core.exceptions import NotAllowed, Refused
from issues.domain import lifecycle
from issues.domain.incoming.reporter import Reporter
from issues.domain.queries import issues_visible_to
from issues.enums import BY_HAND, IssueState
from issues.models import Incoming, Issue


def desk_in(user: User, campaign: Campaign) -> Department | None:
    """The unit in whose name the person enters problems of the campaign: its office, else the lead's unit; None for
    whoever enters none."""
    scope = scope_of(user)
    if campaign.region_id in scope.act_regions:
        return campaign.office
    leads = Department.objects.filter(pk__in=scope.leads, region_id=campaign.region_id, is_active=True)
    return leads.order_by("order", "pk").first()


def require_desk(user: User, campaign: Campaign) -> Department:
    """That unit; raises NotAllowed (403)."""
    desk = desk_in(user, campaign)
    if desk is None:
        raise NotAllowed("来件由本活动的统筹办和牵头单位登记，您没有此项权限。", rule="incoming.desk")
    return desk


@transaction.atomic
def enter(
    *,
    campaign: Campaign,
    source: str,
    description: str,
    found_on: date,
    actor: User,
    source_number: str = "",
    unit: Department | None = None,
    item: ServiceItem | None = None,
    category: str = "",
    told: Reporter | None = None,
    now: datetime | None = None,
) -> Issue:
    """Put a reported problem on the ledger: registered at once, assigned like any other. ``unit``: the one concerned,
    None where that is for the assigning to say.

    Side effects in order: the issue, its number and event as by every registering; what came with it; an audit entry.
    Raises NotAllowed (403) for anybody but office and leads, Refused (400) naming what is missing or came in already.
    """
    now = now or timezone.now()
    desk = require_desk(actor, campaign)
    # Whoever enters the same reference at the same moment waits, and is then told its number.
    hold_writable(campaign.pk)
    _, rules = rules_of(campaign.pk, found_on)
    missing = _missing(campaign, source, description, found_on, timezone.localtime(now).date())
    if unit is not None and (not unit.is_active or unit.region_id != campaign.region_id):
        missing["unit"] = "请选择本区域在册的单位"
    if item is not None and item.department.region_id != campaign.region_id:
        missing["item"] = "请选择本区域的事项"
    if category and category not in rules.rectification.categories:
        missing["category"] = "没有这一分类"
    missing |= _came_already(campaign, source, source_number.strip(), actor)
    if missing:
        raise Refused(f"问题未登记：{'；'.join(missing.values())}。", rule="incoming.content", fields=missing)
    issue = Issue.objects.create(
        state=IssueState.DRAFT, source=source, source_number=source_number.strip()[:60], campaign=campaign,
        region_id=campaign.region_id, discovering_department=desk, lead_department=desk, proposed_department=unit,
        proposed_name=unit.name if unit else "", item=item, reported_by=actor, description=description.strip()[:2000],
        category=category, found_on=found_on, period=rules.period_of(found_on).code,
    )  # fmt: skip
    lifecycle.perform(issue=issue, action="register", actor=None, now=now)
    Incoming.objects.create(issue=issue, entered_by=actor, entered_at=now, **(told or Reporter()).stored())
    audit.record(
        actor=actor, action="incoming.entered", object_type="issue", object_key=issue.number or "",
        detail={"source": issue.get_source_display()},
    )  # fmt: skip
    return issue


def _missing(campaign: Campaign, source: str, description: str, found_on: date, today: date) -> dict[str, str]:
    missing = {}
    if source not in BY_HAND:
        missing["source"] = "请选择问题来源"
    if not description.strip():
        missing["description"] = "请写明反映了什么问题"
    last = min(today, campaign.ends_on)
    if not campaign.starts_on <= found_on <= last:
        missing["found_on"] = f"反映日期应在活动开始（{campaign.starts_on}）与 {last} 之间"
    return missing


def _came_already(campaign: Campaign, source: str, number: str, actor: User) -> dict[str, str]:
    """The same reference of the same source stands on the ledger, as far as the person sees it."""
    if not number:
        return {}
    same = issues_visible_to(actor).filter(campaign=campaign, source=source, source_number=number)
    found = same.values_list("number", flat=True).first()
    return {"source_number": f"这一来源编号已经登记为 {found}，请勿重复登记"} if found else {}


@transaction.atomic
def erase(*, issue: Issue, actor: User, reason: str, now: datetime | None = None) -> None:
    """Erase who reported the problem and what was answered; how satisfied they were, and the issue, stay.

    Side effects in order: the row is emptied; an audit entry with the reason. Raises Refused without a reason and when
    there is nothing to erase.
    """
    if not reason.strip():
        raise Refused("请写明清除个人信息的原因。", fields={"reason": "请写明清除原因"})
    emptied = {"name": "", "phone": "", "reply": "", "erased_at": now or timezone.now()}
    if not Incoming.objects.filter(issue=issue, erased_at=None).update(**emptied):
        raise Refused("这一问题没有可清除的反映人信息，或已经清除，没有改动。", rule="incoming.erased")
    audit.record(
        actor=actor, action="incoming.erased", object_type="issue", object_key=issue.number or "",
        detail={"reason": reason.strip()},
    )  # fmt: skip
