"""Which 催办 a person sees, of one issue and as a list."""

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.scope import scope_of
from issues.domain.enquiries.queries import replies_visible_to
from issues.domain.queries import issues_visible_to
from issues.models import Chase, Issue

ROW: tuple[str, ...] = ("public_id", "number", "words", "chased_at", "person__label", "chased_by__label")
ROW += (
    "reply__public_id",
    "department__name",
    "notice__read_at",
    "issue__number",
    "issue__description",
    "issue__campaign__name",
)


def chases_of(issue: Issue) -> list[dict]:
    """Everybody chased about the issue itself, the latest first, each with when the notice was opened; one query."""
    rows = Chase.objects.filter(issue=issue, reply=None)
    return [dict(row) for row in rows.order_by("-number", "id").values(*ROW)]


def chases_visible_to(user: User) -> QuerySet[Chase]:
    """Chases about issues the person sees, and about replies to their enquiries that the person sees."""
    answered = Q(reply=None) | Q(reply__in=replies_visible_to(user))
    return Chase.objects.filter(answered, issue__in=issues_visible_to(user))


def views_of(user: User) -> dict[str, Q]:
    """{tab: which chases}; ``mine`` are those made by this person."""
    scope = scope_of(user)
    mine = {"mine": Q(chased_by=user)} if scope.is_lead_or_office else {}
    return {"unread": Q(notice__read_at=None), "read": Q(notice__read_at__isnull=False)} | mine | {"all": Q()}


def chase_rows(rows: QuerySet[Chase]) -> list[dict]:
    """The rows of a page or a workbook; one query."""
    return [dict(row) for row in rows.values(*ROW)]
