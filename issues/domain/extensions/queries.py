"""Which requests for more time a person sees, which wait for whom, and the list."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.scope import scope_of
from campaigns.models import Campaign
from issues.domain.queries import issues_visible_to
from issues.enums import Actor, ExtensionState
from issues.models import Extension

ROW: tuple[str, ...] = ("public_id", "state", "side", "old_due_on", "asked_due_on", "granted_due_on", "reason", "words")
ROW += ("asked_at", "decided_at", "asked_by__label", "decided_by__label", "department__name")
ROW += ("issue__number", "issue__description", "issue__due_on", "issue__first_due_on", "issue__campaign__name")


def extensions_visible_to(user: User) -> QuerySet[Extension]:
    """Requests about issues the person sees."""
    return Extension.objects.filter(issue__in=issues_visible_to(user))


def to_decide_q(user: User) -> Q:
    """Requests that this person may decide: staff of the lead, or the office where it decides; never who asked nor
    anybody of the responsible unit."""
    scope, mine = scope_of(user), Q(pk__in=())
    if scope.leads:
        mine |= Q(side=Actor.LEAD, issue__lead_department_id__in=scope.leads)
    if scope.act_regions:
        campaigns = Campaign.objects.filter(region_id__in=scope.act_regions).values("pk")
        mine |= Q(side=Actor.OFFICE, issue__campaign_id__in=campaigns)
    not_own = ~Q(asked_by_id=scope.user_id) & ~Q(issue__responsible_department_id__in=scope.workplaces)
    return Q(state=ExtensionState.ASKED) & mine & not_own


def views_of(user: User) -> dict[str, Q]:
    """{tab: which requests}; ``mine`` for those who may decide."""
    scope = scope_of(user)
    mine = {"mine": to_decide_q(user)} if scope.is_lead_or_office else {}
    return mine | {state.value: Q(state=state) for state in ExtensionState} | {"all": Q()}


def extension_rows(rows: QuerySet[Extension]) -> list[dict]:
    """The rows of a page or a workbook, codes with their labels, moments as local days; one query."""
    found = [dict(row) for row in rows.values(*ROW)]
    for row in found:
        row["state_label"] = ExtensionState(row["state"]).label
        row["side_label"] = Actor(row["side"]).label
        row["asked_on"] = timezone.localtime(row["asked_at"]).date()
        row["decided_on"] = timezone.localtime(row["decided_at"]).date() if row["decided_at"] else None
    return found
