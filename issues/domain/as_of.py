"""How issues and needs stood at the end of a day: the one reader of history for figures of a past day."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Subquery

from issues.models import Issue, IssueEvent, Need, NeedEvent
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
# The event by which a need enters the list.
REGISTER = "register"
# What an event of a need keeps as it stood after the action.
KEPT_OF_NEED = ("department", "reply_by", "reply", "replied_on")


def as_of(issues: QuerySet[Issue], day: date | None, *, campaign_ids: Iterable[int]) -> QuerySet:
    """The campaigns' issues on the ledger by the end of ``day`` (None: now), each with ``as_of_state``,
    ``as_of_due_on`` and so on (``KEPT``; the unit in charge by its id, and its name as ``as_of_owner``).

    ``AS_OF`` is the prefix of the conditions of ``issues.domain.overdue`` over them.
    """
    campaign_ids = list(campaign_ids)
    rows = issues.filter(campaign_id__in=campaign_ids)
    if day is None:
        present = {f"{AS_OF}{name}": F(name) for name in KEPT}
        return rows.annotate(**present, **{OWNER: F(OWNER_NAME)})
    seen = IssueEvent.objects.filter(issue__campaign_id__in=campaign_ids, at__lt=end_of(day)).order_by()
    last = seen.values("issue").annotate(last=Max("pk")).values("last")
    then = {f"{AS_OF}{name}": F(f"events__{kept}") for name, kept in KEPT.items()}
    return rows.filter(events__in=last).annotate(**then, **{OWNER: F(f"events__{OWNER_NAME}")})


def needs_on_list(needs: QuerySet[Need], day: date) -> QuerySet[Need]:
    """Those that had entered the list by the end of ``day``: one noted on a walk that was sent back enters when the
    walk is reported again."""
    entered = NeedEvent.objects.filter(need=OuterRef("pk"), kind=REGISTER, at__lt=end_of(day))
    return needs.filter(Exists(entered))


def needs_as_of(needs: QuerySet[Need], day: date | None) -> QuerySet[Need]:
    """The needs, each with ``as_of_department``, ``as_of_reply_by``, ``as_of_reply``, ``as_of_replied_on`` at the end
    of ``day`` (None: now) and the unit's present name as ``as_of_unit``; one not yet on the list has none of them."""
    if day is None:
        present = {f"{AS_OF}{name}": F(name) for name in KEPT_OF_NEED}
        return needs.annotate(**present, as_of_unit=F("department__name"))
    last = NeedEvent.objects.filter(need=OuterRef("pk"), at__lt=end_of(day)).order_by("-pk")
    then = {f"{AS_OF}{name}": Subquery(last.values(name)[:1]) for name in KEPT_OF_NEED}
    return needs.annotate(**then, as_of_unit=Subquery(last.values("department__name")[:1]))
