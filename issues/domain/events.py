"""A row of an issue's history."""

from datetime import datetime

from accounts.models import User
from issues.models import BulkChange, Issue, IssueEvent


def event_of(
    issue: Issue,
    *,
    kind: str,
    actor: User | None,
    at: datetime,
    note: str,
    from_state: str | None = None,
    data: dict | None = None,
    change: BulkChange | None = None,
) -> IssueEvent:
    """The row, not stored yet, of what was just done: the issue as it stands now. ``from_state``: the state before,
    where it changed."""
    return IssueEvent(
        issue=issue,
        kind=kind,
        actor=actor,
        at=at,
        from_state=issue.state if from_state is None else from_state,
        to_state=issue.state,
        version=issue.version,
        due_on=issue.due_on,
        closing_requested_on=issue.closing_requested_on,
        round=issue.round,
        track=issue.track,
        responsible_department_id=issue.responsible_department_id,
        responsible_name=issue.responsible_name,
        note=note[:1000],
        data=data or {},
        change=change,
    )
