"""Which campaigns a person sees, and what they bind."""

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign, RosterEntry


def campaigns_visible_to(user: User) -> QuerySet[Campaign]:
    """Issued campaigns of the regions the person belongs to or reads from above."""
    scope = scope_of(user)
    return Campaign.objects.filter(region_id__in=scope.home_regions | scope.read_regions, issued_at__isnull=False)


def campaigns_and_drafts(user: User) -> QuerySet[Campaign]:
    """Those, and the drafts that the person's own office is writing: for the pages on which a campaign is set up."""
    scope = scope_of(user)
    draft = Q(region_id__in=scope.act_regions, issued_at=None)
    issued = Q(region_id__in=scope.home_regions | scope.read_regions, issued_at__isnull=False)
    return Campaign.objects.filter(issued | draft)


def on_roster(campaign_id: int, department_id: int) -> bool:
    """Whether the campaign binds the unit now: on its roster, and not abolished."""
    rows = RosterEntry.objects.filter(campaign_id=campaign_id, department_id=department_id, left_on=None)
    return rows.filter(department__is_active=True).exists()


def campaign_rows(user: User) -> list[dict]:
    """Campaigns the person sees, newest first, each with ``units`` (个 bound by it now); one query."""
    rows = campaigns_and_drafts(user).annotate(units=Count("roster", filter=Q(roster__left_on=None)))
    fields = ("code", "name", "state", "starts_on", "ends_on", "units", "region__name", "office__name", "is_demo")
    return list(rows.order_by("-starts_on", "id").values(*fields))
