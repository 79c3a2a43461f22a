"""Make the reminders that ``notifications.domain.dated`` plans, and close those of what is done."""

from collections.abc import Collection
from datetime import datetime

from notifications.domain.dated import DatedDuty, plan, stale
from notifications.domain.notices import close_reminders, ensure, open_reminders


def make_reminders(prefix: str, duties: Collection[DatedDuty], now: datetime) -> dict[str, int]:
    """Make every reminder of ``duties`` that must exist by ``now`` and does not; safe to run twice. ``duties`` are all
    that is owed under names that begin with ``prefix``.

    Returns {"reminders": 条 that must exist, "new": 条 made now}. Side effects: notices; those of other duties of that
    prefix are closed.
    """
    drafts = plan(duties, now)
    new = ensure(drafts, now=now)
    if (told := open_reminders(prefix)) and (done := stale(told, duties)):
        close_reminders(done, now=now)
    return {"reminders": len(drafts), "new": new}
