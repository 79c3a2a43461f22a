"""Who enters reported problems, for which campaigns, and who reads of the reporter."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.models import Department, User
from accounts.scope import scope_of
from campaigns.domain.queries import campaigns_visible_to
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from issues.models import Incoming, Issue


def may_enter(user: User) -> bool:
    """Whether the person enters reported problems at all: offices and leads."""
    return scope_of(user).is_lead_or_office


def campaigns_to_enter(user: User) -> QuerySet[Campaign]:
    """Issued campaigns in which the person enters reported problems: as the office, or as a lead; the newest first."""
    scope = scope_of(user)
    led = Department.objects.filter(pk__in=scope.leads, is_active=True).values("region_id")
    rows = campaigns_visible_to(user).filter(Q(region_id__in=scope.act_regions) | Q(region_id__in=led))
    return rows.order_by("-starts_on", "pk")


def items_of_region(campaign: Campaign) -> QuerySet[ServiceItem]:
    """Items in use of the campaign's region, by unit."""
    rows = ServiceItem.objects.filter(department__region_id=campaign.region_id, is_active=True)
    return rows.select_related("department").order_by("department__order", "order", "pk")


def incoming_of(issue_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """{issue: what came with it, by field}; one query."""
    rows = Incoming.objects.filter(issue_id__in=issue_ids)
    names = ("name", "phone", "reply", "satisfaction")
    return {pk: dict(zip(names, values, strict=True)) for pk, *values in rows.values_list("issue_id", *names)}


def reads_reporter(user: User, issue: Issue) -> bool:
    """Whether the person is told who reported the problem: offices, supervisors and the lead, never the unit it is
    about."""
    scope = scope_of(user)
    if issue.responsible_department_id in scope.workplaces:
        return False
    return issue.campaign.region_id in scope.read_regions or issue.lead_department_id in scope.leads
