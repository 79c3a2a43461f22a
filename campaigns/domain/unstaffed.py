"""Units bound by a campaign in which nobody holds a part: no principal, who alone signs walks, or no liaison, who
reports. What waits there waits for nobody, so the office is shown them (docs/rules.md section 4)."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Membership, User
from accounts.scope import in_force, scope_of
from campaigns.enums import CampaignState
from campaigns.models import RosterEntry

PARTS = {Role.PRINCIPAL: "无主要负责同志", Role.LIAISON: "无联络员"}


def unstaffed(entries: QuerySet[RosterEntry]) -> QuerySet[RosterEntry]:
    """Those of the places whose unit lacks one of ``PARTS`` today, with a mark for each. Who has left is none."""
    held = Membership.objects.filter(in_force(), department=OuterRef("department"), user__is_active=True)
    marks = {f"has_{role}": Exists(held.filter(role=role)) for role in PARTS}
    lacking = Q(*((name, False) for name in marks), _connector=Q.OR)
    bound = Q(left_on=None) | Q(left_on__gt=timezone.localdate())
    return entries.filter(bound, department__is_active=True).annotate(**marks).filter(lacking)


def lacks_words(row: dict) -> str:
    """What the unit of a row of ``unstaffed`` lacks: 无主要负责同志、无联络员."""
    return "、".join(words for role, words in PARTS.items() if not row[f"has_{role}"])


def unstaffed_by_campaign(user: User) -> dict[tuple[str, str], list[dict]]:
    """{(code, name) of a campaign: rows} in the running campaigns of the person's own offices; one query, none for who
    is no office."""
    regions = scope_of(user).act_regions
    found: dict[tuple[str, str], list[dict]] = {}
    if regions:
        own = RosterEntry.objects.filter(campaign__region_id__in=regions, campaign__state=CampaignState.RUNNING)
        names = ("campaign__code", "campaign__name", "department__name", *(f"has_{role}" for role in PARTS))
        for row in unstaffed(own).order_by("campaign__code", "order", "id").values(*names):
            found.setdefault((row["campaign__code"], row["campaign__name"]), []).append(row)
    return found


def lacks_of(campaign_id: int) -> dict[int, str]:
    """{unit: what it lacks} of one campaign; one query."""
    rows = unstaffed(RosterEntry.objects.filter(campaign=campaign_id))
    names = ("department_id", *(f"has_{role}" for role in PARTS))
    return {row["department_id"]: lacks_words(row) for row in rows.values(*names)}
