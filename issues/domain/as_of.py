"""How issues stood at the end of a day: the one reader of the history for figures of a day that has passed."""

from datetime import date

from django.db.models import F, Max, QuerySet

from campaigns.models import Campaign
from issues.models import Issue, IssueEvent
from walks.domain.as_of import end_of

AS_OF = "as_of_"
# What an event keeps as it stood after the action → the same of an issue.
KEPT = {
    "state": "to_state",
    "due_on": "due_on",
    "closing_requested_on": "closing_requested_on",
    "round": "round",
    "track": "track",
    "responsible_department": "responsible_department",
    "responsible_name": "responsible_name",
}
# The name of that unit, as it is called now.
OWNER, OWNER_NAME = f"{AS_OF}owner", "responsible_department__name"


def as_of(issues: QuerySet[Issue], day: date | None, *, campaign: Campaign) -> QuerySet:
    """The campaign's issues on the ledger by the end of ``day`` (None: now), each with ``as_of_state``,
    ``as_of_due_on`` and so on (``KEPT``; the unit in charge by its id, and its name as ``as_of_owner``).

    ``AS_OF`` is the prefix of the conditions of ``issues.domain.overdue`` over them.
    """
    rows = issues.filter(campaign=campaign)
    if day is None:
        present = {f"{AS_OF}{name}": F(name) for name in KEPT}
        return rows.annotate(**present, **{OWNER: F(OWNER_NAME)})
    seen = IssueEvent.objects.filter(issue__campaign=campaign, at__lt=end_of(day)).order_by()
    last = seen.values("issue").annotate(last=Max("pk")).values("last")
    then = {f"{AS_OF}{name}": F(f"events__{kept}") for name, kept in KEPT.items()}
    return rows.filter(events__in=last).annotate(**then, **{OWNER: F(f"events__{OWNER_NAME}")})
