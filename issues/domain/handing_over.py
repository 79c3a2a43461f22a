"""Issues in the name of a responsible person who leaves: they go over to the successor, each with a line of history."""

from django.db.models import QuerySet

from accounts.domain.duties import DutyKind, HandOverChange
from issues.domain.effects import NAME_LENGTH
from issues.domain.events import event_of
from issues.domain.search import index_text
from issues.domain.unheld import OWED
from issues.enums import IssueState
from issues.models import Issue

HAND_OVER = "hand_over"
STATES = (*OWED, IssueState.CLOSING)


def _issues(leaver_id: int, department_id: int) -> QuerySet[Issue]:
    """On the ledger, not struck off, in that person's name for that unit. A draft names nobody."""
    return Issue.objects.filter(
        open_key=1, state__in=STATES, responsible_person_id=leaver_id, responsible_department_id=department_id
    )


def _move(change: HandOverChange) -> list[str]:
    """Side effects in order, for each issue: the person, the number to call and what is searched; an event. State,
    dates and measures stay. The version goes up, so that whoever has the issue open is told."""
    rows = _issues(change.leaver.pk, change.department.pk).select_for_update(of=("self",)).order_by("pk")
    person, moved = change.successor, []
    for issue in rows.select_related("item", "discovering_department", "responsible_department"):
        issue.responsible_person, issue.responsible_name = person, person.label[:NAME_LENGTH]
        issue.contact_phone, issue.updated_at = person.phone, change.now
        issue.search_text, issue.version = index_text(issue, person=person.name), issue.version + 1
        Issue.objects.filter(pk=issue.pk).update(
            responsible_person=person,
            responsible_name=issue.responsible_name,
            contact_phone=issue.contact_phone,
            search_text=issue.search_text,
            updated_at=change.now,
            version=issue.version,
        )
        event = event_of(issue, kind=HAND_OVER, actor=change.actor, at=change.now, note=change.words)
        event.save(force_insert=True)
        moved.append(str(issue.number))
    return moved


RESPONSIBLE_ISSUES = DutyKind(
    name="issues",
    label="负责整改的问题",
    unit="件",
    field="issues.Issue.responsible_person",
    count=lambda leaver, department: _issues(leaver, department).count(),
    move=_move,
)
