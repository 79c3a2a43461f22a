"""The only writer of ``Extension``: it follows ``transitions.TABLE``. Called by the effects of an issue's actions, in
their transaction; event, audit and notices are those of the action."""

from datetime import date, datetime

from accounts.models import User
from core.conflicts import wrong_state
from issues.domain.extensions.transitions import TABLE
from issues.enums import ExtensionState
from issues.models import Extension, Issue


def ask(
    *, issue: Issue, unit_id: int, old: date, due_on: date, reason: str, side: str, actor: User, now: datetime
) -> None:
    """Make the request of unit ``unit_id`` to move ``old``, the date in force, to ``due_on``. Side effect: the row; the
    action's guards have found that none is open.

    Where another request came in between, nothing is written: the issue has then another version, and the action that
    calls this is refused by it.
    """
    row = Extension(
        issue=issue,
        round=issue.round,
        department_id=unit_id,
        side=side,
        old_due_on=old,
        asked_due_on=due_on,
        reason=reason[:500],
        asked_by=actor,
        asked_at=now,
    )
    Extension.objects.bulk_create([row], ignore_conflicts=True)


def end(
    extension: Extension,
    action: str,
    *,
    actor: User | None,
    now: datetime,
    words: str = "",
    granted_due_on: date | None = None,
) -> None:
    """Decide on, withdraw or let lapse. Side effect: the row, by an UPDATE bound to its state.

    Raises IllegalTransition (409) where it has ended already.
    """
    row = TABLE.by_action[action]
    won = Extension.objects.filter(pk=extension.pk, state__in=row.sources).update(
        state=row.target_from(extension.state),
        decided_by=actor,
        decided_at=now,
        words=words[:500],
        granted_due_on=granted_due_on,
    )
    if not won:
        current = Extension.objects.select_related("decided_by").get(pk=extension.pk)
        label = ExtensionState(current.state).label
        who, at = current.decided_by, current.decided_at
        raise wrong_state("本次延期申请", label, row, rule="extension.state", who=who, at=at)
