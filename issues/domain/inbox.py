"""等我办: which issues wait for a person, by state, and the figures an office or a supervisor starts with."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Case, Count, Exists, F, OuterRef, Value, When, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from core.calendar import work_calendar
from core.workdays import WorkCalendar, late_words
from issues.domain.cooperation import help_awaits_q
from issues.domain.ledger import due_awaits_q, extension_awaits_q, in_view, waiting_for
from issues.domain.overdue import days_left, overdue_q
from issues.domain.queries import issues_visible_to
from issues.enums import RUNNING_STATES, ExtensionState
from issues.models import Extension

FIGURES = ("open", "overdue", "closing", "closed")
SOON = 3
DUE_AWAITS = "due_awaits"
EXTENSION_AWAITS = "extension_awaits"
HELP_AWAITS = "help_awaits"
ROW = ("number", "state", "description", "due_on", "due_provisional", "responsible_department__name", "item__name")


def waiting_issues(user: User, *, today: date, per_group: int = 3) -> dict[str, dict]:
    """{state, DUE_AWAITS, EXTENSION_AWAITS or HELP_AWAITS: {"total", "overdue", "rows"}} of what waits for this person,
    those due first; one query, and one for the calendar when something is late.

    DUE_AWAITS: a distant date is to be confirmed, EXTENSION_AWAITS: a request for more time is to be answered,
    HELP_AWAITS: the person's unit is to do its part as a helper, whatever the state. ``total`` is what the ledger lists
    under 等我办 with that state or of these; every row carries ``due_look``, and ``asks_more``: whether more time was
    asked for and nobody has answered.
    """
    late, open_request = overdue_q(today), Extension.objects.filter(issue=OuterRef("pk"), state=ExtensionState.ASKED)
    tasks = (
        When(due_awaits_q(user), then=Value(DUE_AWAITS)),
        When(extension_awaits_q(user), then=Value(EXTENSION_AWAITS)),
        When(help_awaits_q(user), then=Value(HELP_AWAITS)),
    )
    rows = (
        waiting_for(user, issues_visible_to(user))
        .annotate(
            is_late=Case(When(late, then=Value(1)), default=Value(0)),
            task=Case(*tasks, default=F("state")),
            asks_more=Exists(open_request),
            nth=Window(RowNumber(), partition_by="task", order_by=[F("due_key").asc(), F("id").asc()]),
            total=Window(Count("pk"), partition_by="task"),
            overdue=Window(Count(Case(When(late, then=F("pk")))), partition_by="task"),
        )
        .filter(nth__lte=per_group)
        .order_by("task", "nth")
    )
    groups: dict[str, dict] = {}
    found = list(rows.values("is_late", "task", "total", "overdue", "asks_more", *ROW))
    calendar = calendar_for(found)
    for row in found:
        group = groups.setdefault(row["task"], {"total": row["total"], "overdue": row["overdue"], "rows": []})
        group["rows"].append({**row, "due_look": due_look(row, today, calendar)})
    return groups


def calendar_for(rows: Iterable[Mapping]) -> WorkCalendar | None:
    """What ``due_look`` tells lateness by: one query; None and no query when none of the rows ``is_late``."""
    return work_calendar() if any(row["is_late"] for row in rows) else None


def due_look(row: dict, today: date, calendar: WorkCalendar | None) -> tuple[str, str] | None:
    """(state, words) of the badge that says how the time limit stands; None without a running date. Lateness is told in
    工作日; the date itself stands beside the badge. ``calendar``: of ``calendar_for``."""
    left = days_left(row["due_on"], today)
    if left is None or row["state"] not in RUNNING_STATES:
        return None
    if row["is_late"] and calendar is not None:
        return "overdue", late_words(row["due_on"], today, calendar)
    if left < 0:
        return "not_due", "按期申请"
    if left == 0:
        return "due_today", "今天到期"
    return ("due_soon" if left <= SOON else "not_due"), f"还有 {left} 天"


def figures(user: User, *, today: date) -> dict[str, int]:
    """Issues the person sees, in 件, by the ledger's own views: open, overdue, closing, closed; a query each."""
    seen = issues_visible_to(user)
    return {view: in_view(seen, view, user, today).count() for view in FIGURES}
