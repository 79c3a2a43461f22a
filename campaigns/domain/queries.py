"""Which campaigns and walks a person sees."""

from django.db.models import Q

from accounts.scope import scope_of
from campaigns.domain.rulebook import Rulebook
from campaigns.enums import OPEN_CAMPAIGNS
from campaigns.models import Campaign, RosterEntry, RuleVersion, Session, SessionEvent, Step, StepPhoto


def campaigns_visible_to(user):
    """Campaigns of the regions the person belongs to or reads from above."""
    scope = scope_of(user)
    return Campaign.objects.filter(region_id__in=scope.home_regions | scope.read_regions)


def sessions_visible_to(user):
    """Walks the person may know of.

    - the walker and whoever opened the walk: always
    - principal, deputies and liaisons of the walking unit: all of the unit's walks
    - the receiving lead, the office and supervisors (region subtree): only once the walk was reported
    - rectification owners, the three administrators, other units, other counties: none
    """
    scope = scope_of(user)
    if scope.user_id is None:
        return Session.objects.none()
    seen = Q(walker_id=scope.user_id) | Q(created_by_id=scope.user_id)
    if scope.units:
        seen |= Q(department_id__in=scope.units)
    if scope.leads:
        seen |= Q(receiver_id__in=scope.leads, reported_at__isnull=False)
    if scope.read_regions:
        seen |= Q(department__region_id__in=scope.read_regions, reported_at__isnull=False)
    return Session.objects.filter(seen)


def steps_of(session: Session):
    """The walk's steps in order, with their author."""
    return Step.objects.filter(session=session).select_related("created_by")


def events_of(session: Session):
    """What happened to the walk, in order, with who did it."""
    return SessionEvent.objects.filter(session=session).select_related("actor")


def photos_of_steps(step_ids) -> dict[int, list]:
    """{step id: [file]} for a whole page in one query."""
    found: dict[int, list] = {}
    for link in StepPhoto.objects.filter(step_id__in=list(step_ids)).select_related("file"):
        found.setdefault(link.step_id, []).append(link.file)
    return found


def rules_of(campaign_id: int) -> tuple[RuleVersion, Rulebook]:
    """The campaign's latest rule version and its rulebook."""
    version = RuleVersion.objects.filter(campaign_id=campaign_id).order_by("-number").first()
    return version, Rulebook(**version.data)


def rulebooks(campaign_ids=None) -> dict[int, Rulebook]:
    """{campaign id: its latest rulebook} of the given campaigns, or of all, in one query."""
    versions = RuleVersion.objects.order_by("campaign_id", "number")
    if campaign_ids is not None:
        versions = versions.filter(campaign_id__in=list(campaign_ids))
    latest = dict(versions.values_list("campaign_id", "data"))
    return {campaign_id: Rulebook(**data) for campaign_id, data in latest.items()}


def open_campaigns_for_unit(department_id: int, today):
    """Running campaigns that bind the unit and whose window holds ``today``, newest first."""
    return Campaign.objects.filter(
        roster__department_id=department_id, state__in=OPEN_CAMPAIGNS, starts_on__lte=today, ends_on__gte=today
    ).order_by("-starts_on", "id")


def roster_units(campaign: Campaign) -> list[dict]:
    """The campaign's units in fixed order: [{"id", "name", "kind"}]."""
    rows = RosterEntry.objects.filter(campaign=campaign).order_by("order", "id")
    return [
        {"id": pk, "name": name, "kind": kind}
        for pk, name, kind in rows.values_list("department_id", "department__name", "department__kind")
    ]
