"""What a person is offered before a walk: campaigns that bind the unit, items, and who walks."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from accounts.domain.labels import with_post
from accounts.enums import LEADER_ROLES, Role
from accounts.models import Department, Membership, User
from accounts.scope import in_force, scope_of
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rulebooks
from campaigns.enums import OPEN_CAMPAIGNS, ActivityKind, DelegationReason, WalkMode
from campaigns.models import Campaign, RosterEntry
from catalogue.domain.queries import OWN_FIRST, items_to_walk
from catalogue.models import ServiceItem
from walks.domain.queries import walks_visible_to

RECENT = 5


@dataclass(frozen=True)
class Opening:
    """A unit of the person's in a campaign that runs today. ``is_led``: the person is its principal or a deputy."""

    campaign: Campaign
    department: Department
    is_led: bool

    @property
    def value(self) -> str:
        return f"{self.campaign.pk}-{self.department.pk}"


@dataclass(frozen=True)
class Leader:
    """Somebody for whom the liaison may open a walk."""

    user: User
    department_id: int
    role: str

    @property
    def label(self) -> str:
        return with_post(self.user.label, self.user.name, Role(self.role).label)


def openings_for(user: User, *, today: date) -> list[Opening]:
    """Where the person may open a walk today: units led first, then the newest campaign first."""
    scope = scope_of(user)
    rows = RosterEntry.objects.filter(
        department_id__in=scope.units,
        department__is_active=True,
        left_on=None,
        campaign__state__in=OPEN_CAMPAIGNS,
        campaign__starts_on__lte=today,
        campaign__ends_on__gte=today,
    ).select_related("campaign", "department")
    found = [
        Opening(entry.campaign, entry.department, scope.leads_people_of(entry.department_id))
        for entry in rows.order_by("-campaign__starts_on", "campaign_id", "order", "id")
    ]
    return sorted(found, key=lambda opening: not opening.is_led)


def leaders_to_walk(openings: list[Opening]) -> list[Leader]:
    """Principals and deputies of the units the person does not lead, for a liaison who opens a walk for them."""
    units = {opening.department.pk for opening in openings if not opening.is_led}
    if not units:
        return []
    rows = Membership.objects.filter(in_force(), department_id__in=units, role__in=LEADER_ROLES, user__is_active=True)
    principal_first = Case(When(role=Role.PRINCIPAL, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = rows.select_related("user").order_by("department_id", principal_first, "user__name", "id")
    return [Leader(row.user, row.department_id, row.role) for row in rows]


@dataclass(frozen=True)
class Offer:
    """What the rules of the campaigns one may walk in leave to choose from.

    ``modes``: (WalkMode, the notice's own word for it); ``kinds``: ActivityKinds; ``reasons``: DelegationReasons, none
    where only principals walk. ``fits``: {campaign id: {name of the field: what that campaign takes}}.
    """

    modes: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    reasons: tuple[str, ...]
    fits: dict[int, dict[str, tuple[str, ...]]]


def offer_of(user: User, openings: list[Opening], leaders: list[Leader]) -> Offer:
    """What is offered in any of the openings, each in its fixed order; one query, none without an opening.

    Which of it fits the campaign then chosen is for ``walks.domain.opening`` to say.
    """
    by_campaign = rulebooks({opening.campaign.pk for opening in openings}) if openings else {}
    books = list(by_campaign.values())
    names = {mode: name for book in reversed(books) for mode, name in book.walking.mode_names.items()}
    modes = {mode for book in books for mode in book.walking.modes}
    kinds = {kind for book in books for kind in book.activity_kinds}
    scope = scope_of(user)
    deputies = any(scope.holds(Role.DEPUTY, opening.department.pk) for opening in openings)
    deputies = deputies or any(leader.role == Role.DEPUTY for leader in leaders)
    reasons = {reason for book in books for reason in book.walking.delegation_reasons} if deputies else ()
    return Offer(
        modes=tuple((mode.value, names.get(mode, mode.label)) for mode in WalkMode if mode in modes),
        kinds=tuple(kind for kind in ActivityKind.values if kind in kinds),
        reasons=tuple(reason for reason in DelegationReason.values if reason in reasons),
        fits={pk: _fits(book) for pk, book in by_campaign.items()},
    )


def _fits(rules: Rulebook) -> dict[str, tuple[str, ...]]:
    walking = rules.walking
    return {"mode": walking.modes, "kind": rules.activity_kinds, "delegation_reason": walking.delegation_reasons}


def items_to_start(user: User, *, text: str = "", limit: int, first: int | None = None) -> QuerySet[ServiceItem]:
    """Items to choose from: ``first`` (one just chosen), those walked lately, the own units', then the others."""
    ranks = [first] if first else []
    ranks += [pk for pk in recent_items(user) if pk != first]
    rank = Case(
        *[When(pk=pk, then=Value(place)) for place, pk in enumerate(ranks)],
        default=Value(len(ranks)),
        output_field=IntegerField(),
    )
    rows = items_to_walk(user, text=text).annotate(rank=rank)
    return rows.order_by("rank", *OWN_FIRST)[:limit]


def recent_items(user: User) -> list[int]:
    """Ids of the items the person walked or opened last, newest first, each once."""
    mine = walks_visible_to(user).filter(Q(walker=user) | Q(created_by=user)).order_by("-started_at")
    return list(dict.fromkeys(mine.values_list("item_id", flat=True)[: RECENT * 4]))[:RECENT]
