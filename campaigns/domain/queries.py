"""Which campaigns and walks a person sees."""

from datetime import date

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone

from accounts.models import Membership
from accounts.scope import scope_of
from campaigns.domain.parts import Done
from campaigns.domain.rulebook import Rulebook
from campaigns.models import (
    Campaign,
    Clearance,
    RosterEntry,
    RuleVersion,
    Session,
    SessionEvent,
    StampedPage,
    Step,
    StepPhoto,
)


def campaigns_visible_to(user):
    """Issued campaigns of the regions the person belongs to or reads from above."""
    scope = scope_of(user)
    return Campaign.objects.filter(region_id__in=scope.home_regions | scope.read_regions, issued_at__isnull=False)


def campaigns_and_drafts(user):
    """Those, and the drafts that the person's own office is writing: for the pages on which a campaign is set up."""
    scope = scope_of(user)
    draft = Q(region_id__in=scope.act_regions, issued_at=None)
    issued = Q(region_id__in=scope.home_regions | scope.read_regions, issued_at__isnull=False)
    return Campaign.objects.filter(issued | draft)


def sessions_visible_to(user):
    """Walks the person may know of.

    - the walker and whoever opened the walk: always
    - principal, deputies and liaisons of the walking unit: all of the unit's walks
    - the receiving leads, the office and supervisors (region subtree): only once the walk was reported
    - a sealed walk (暗访) before it is reported: nobody but the people with a ``Clearance``, whatever their role, and
      of those nobody who belongs to the unit that is visited
    - rectification owners, the three administrators, other units, other counties: none
    """
    scope = scope_of(user)
    if scope.user_id is None:
        return Session.objects.none()
    by_role = Q(walker_id=scope.user_id) | Q(created_by_id=scope.user_id)
    if scope.units:
        by_role |= Q(department_id__in=scope.units)
    if scope.leads:
        also = Session.also_received_by.through.objects.filter(department_id__in=scope.leads)
        received = Q(receiver_id__in=scope.leads) | Q(pk__in=also.values("session_id"))
        by_role |= received & Q(reported_at__isnull=False)
    if scope.read_regions:
        by_role |= Q(department__region_id__in=scope.read_regions, reported_at__isnull=False)
    return Session.objects.filter((by_role & not_sealed()) | cleared_for(scope.user_id))


def not_sealed(prefix: str = "") -> Q:
    """Walks that are not, or no longer, sealed: what roles may reach. ``prefix``: path to the walk, with ``__``."""
    return Q(**{f"{prefix}is_sealed": False}) | Q(**{f"{prefix}reported_at__isnull": False})


def cleared_for(user_id: int, prefix: str = "") -> Q:
    """Walks a person holds a clearance for that counts."""
    held = Clearance.objects.filter(user_id=user_id).exclude(is_silent())
    return Q(**{f"{prefix}pk__in": held.values("session_id")})


def is_silent() -> Q:
    """Clearances that say nothing (trust.md B1): the unit that is visited is kept blind, so whoever belongs to it, in
    whatever part, is no reader any more. The walker keeps the own walk; a head who walks the own unit's windows names
    own people knowingly."""
    belongs = Membership.objects.filter(user=OuterRef("user_id"), department=OuterRef("session__item__department_id"))
    visits_another = ~Q(session__item__department_id=F("session__department_id"))
    return visits_another & ~Q(session__walker_id=F("user_id")) & Q(Exists(belongs))


def readers_of(session: Session) -> list[dict]:
    """Who was named on a walk, in that order: [{"user_id", "name", "by", "is_silent"}]; one query."""
    rows = Clearance.objects.filter(session=session).order_by("id")
    rows = rows.annotate(is_silent=Case(When(is_silent(), then=True), default=False))
    return list(rows.values("user_id", "is_silent", name=F("user__name"), by=F("granted_by__name")))


def on_roster(campaign_id: int, department_id: int) -> bool:
    """Whether the campaign binds the unit now: on its roster, and not abolished."""
    rows = RosterEntry.objects.filter(campaign_id=campaign_id, department_id=department_id, left_on=None)
    return rows.filter(department__is_active=True).exists()


def steps_of(session: Session):
    """The walk's steps in order, with their author and the item checked."""
    return Step.objects.filter(session=session).select_related("created_by", "item")


def done_of(steps) -> list[Done]:
    """Steps as the rules of an activity see them."""
    return [
        Done(step.component, timezone.localtime(step.happened_at).date(), step.item_id, step.served_on, step.is_valid)
        for step in steps
    ]


def events_of(session: Session):
    """What happened to the walk, in order, with who did it."""
    return SessionEvent.objects.filter(session=session).select_related("actor")


def photos_of_steps(step_ids) -> dict[int, list]:
    """{step id: [file]} for a whole page in one query."""
    found: dict[int, list] = {}
    for link in StepPhoto.objects.filter(step_id__in=list(step_ids)).select_related("file"):
        found.setdefault(link.step_id, []).append(link.file)
    return found


def stamped_pages(session: Session) -> list:
    """Files of the paper handed in signed and sealed, the newest signature's last; no query where none is demanded."""
    if not Rulebook.from_data(session.rules.data).reporting.seal:
        return []
    return [page.file for page in StampedPage.objects.filter(session=session).select_related("file")]


def versions_in_force(
    campaign: Campaign, *, drafted_from: date | None = None
) -> list[tuple[RuleVersion, Rulebook, date, date]]:
    """Issued versions, the oldest first, each with the day from which it holds and the day it holds no more; with
    ``drafted_from`` also the one being drafted, as if it were issued that day."""
    versions = list(RuleVersion.objects.filter(campaign=campaign).order_by("number"))
    if drafted_from is None:
        versions = [version for version in versions if version.issued_at]
    since = [date.min, *(_holds_from(version, drafted_from) for version in versions[1:])]
    until = [*since[1:], date.max]
    return [
        (version, Rulebook.from_data(version.data), first, last)
        for version, first, last in zip(versions, since, until, strict=True)
    ]


def _holds_from(version: RuleVersion, issued_on: date | None) -> date:
    return version.effective_on if version.issued_at else max(version.effective_on, issued_on)


def rules_of(campaign_id: int, day: date | None = None) -> tuple[RuleVersion, Rulebook]:
    """The rule version that holds on ``day`` (default: today) and its rulebook; before the first one holds, the first.

    A version being drafted never holds; of a campaign that was never issued the draft is read.
    """
    day = day or timezone.localdate()
    versions = list(RuleVersion.objects.filter(campaign_id=campaign_id).order_by("number"))
    issued = [version for version in versions if version.issued_at] or versions[:1]
    version = ([one for one in issued if one.effective_on <= day] or issued[:1])[-1]
    return version, Rulebook.from_data(version.data)


def rulebooks(campaign_ids=None) -> dict[int, Rulebook]:
    """{campaign id: the rulebook issued last} of the given campaigns, or of all issued ones, in one query."""
    versions = RuleVersion.objects.filter(issued_at__isnull=False).order_by("campaign_id", "number")
    if campaign_ids is not None:
        versions = versions.filter(campaign_id__in=list(campaign_ids))
    latest = dict(versions.values_list("campaign_id", "data"))
    return {campaign_id: Rulebook.from_data(data) for campaign_id, data in latest.items()}


def roster_units(campaign: Campaign) -> list[dict]:
    """The campaign's units in fixed order: [{"id", "name", "kind"}]."""
    rows = RosterEntry.objects.filter(campaign=campaign).order_by("order", "id")
    return [
        {"id": pk, "name": name, "kind": kind}
        for pk, name, kind in rows.values_list("department_id", "department__name", "department__kind")
    ]
