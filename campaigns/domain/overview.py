"""What the pages about campaigns show."""

from django.db.models import Count, Q

from accounts.scope import scope_of
from campaigns.domain.queries import campaigns_and_drafts, sessions_visible_to
from campaigns.models import Campaign, RosterEntry
from catalogue.domain.queries import leads_bundle


def campaign_rows(user) -> list[dict]:
    """Campaigns the person sees, newest first, each with ``units`` (个 bound by it now); one query."""
    rows = campaigns_and_drafts(user).annotate(units=Count("roster", filter=Q(roster__left_on=None)))
    fields = ("code", "name", "state", "starts_on", "ends_on", "units", "region__name", "office__name", "is_demo")
    return list(rows.order_by("-starts_on", "id").values(*fields))


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


def may_compare_units(user, campaign: Campaign) -> bool:
    """Offices and supervisors see what every unit did; a unit would learn of its neighbours, so it does not."""
    return campaign.region_id in scope_of(user).read_regions


def reported_by_unit(user, campaign: Campaign, periods: list[str]) -> dict[tuple[int, str], int]:
    """{(unit, period): walks (次) reported} of those the person sees; what is not there is none. One query."""
    rows = sessions_visible_to(user).filter(campaign=campaign, period__in=periods, reported_at__isnull=False)
    counted = rows.order_by().values_list("department_id", "period").annotate(total=Count("pk"))
    return {(unit, period): total for unit, period, total in counted}
