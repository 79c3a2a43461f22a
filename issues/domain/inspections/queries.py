"""Which inspections a person sees, and the list."""

from django.db.models import Count, QuerySet

from accounts.models import Department, User
from accounts.scope import scope_of
from campaigns.domain.queries import campaigns_visible_to
from campaigns.models import Campaign
from issues.domain.queries import issues_visible_to
from issues.models import Inspection, Issue

ROW: tuple[str, ...] = ("id", "public_id", "inspected_on", "inspectors", "summary", "struck_at", "struck_reason")
ROW += ("campaign__name", "made_by__label", "made_at")


def inspections_visible_to(user: User) -> QuerySet[Inspection]:
    """Inspections in the regions the person reads from above (office, supervisor). A unit sees what was found in it, on
    the ledger, not the record, which names other units too."""
    return Inspection.objects.filter(campaign__region_id__in=scope_of(user).read_regions)


def inspection_rows(rows: QuerySet[Inspection]) -> list[dict]:
    """The rows of a page or a workbook with ``units`` (names in the fixed order) and ``found`` (件); three queries."""
    found = [dict(row) for row in rows.values(*ROW)]
    ids = [row["id"] for row in found]
    units: dict[int, list[str]] = {}
    links = Inspection.units.through.objects.filter(inspection_id__in=ids).order_by(
        "department__order", "department_id"
    )
    for inspection, name in links.values_list("inspection_id", "department__name"):
        units.setdefault(inspection, []).append(name)
    counted = (
        Issue.objects.filter(inspection_id__in=ids).order_by().values_list("inspection_id").annotate(n=Count("pk"))
    )
    numbers = dict(counted)
    for row in found:
        row["units"], row["found"] = "、".join(units.get(row["id"], [])), numbers.get(row["id"], 0)
    return found


def findings_of(inspection: Inspection, user: User) -> QuerySet[Issue]:
    """What it found and the person sees, by number."""
    rows = issues_visible_to(user).filter(inspection=inspection)
    return rows.select_related("proposed_department", "responsible_department").order_by("number")


def campaigns_to_inspect(user: User) -> QuerySet[Campaign]:
    """Issued campaigns whose inspections the person records, the newest first."""
    rows = campaigns_visible_to(user).filter(region_id__in=scope_of(user).act_regions)
    return rows.order_by("-starts_on", "pk")


def units_of_region(campaign: Campaign) -> QuerySet[Department]:
    """Units in use of the campaign's region, in the fixed order."""
    return Department.objects.filter(region_id=campaign.region_id, is_active=True).order_by("order", "pk")
