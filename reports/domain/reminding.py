"""Every reminder of the product at once, for the command; each scheduled task makes those of its own kind."""

from datetime import datetime

from django.utils import timezone

from issues.domain.extensions.reminders import make_extension_reminders
from issues.domain.needs.reminders import make_need_reminders
from issues.domain.reminder_delivery import make_due_reminders
from reports.domain.submissions.reminder_delivery import make_pack_reminders


def make_all_reminders(now: datetime) -> dict:
    """Make every reminder that must exist by ``now``: of issues, needs, requests for more time and packs.

    Returns {"now": local ISO time, "issues" 件, "needs" 条, "extensions" 条, "periods" 期 looked at, "reminders": 条
    that must exist, "new": 条 made now}. Side effects: notices.
    """
    made = [make_due_reminders(now), make_need_reminders(now), make_extension_reminders(now), make_pack_reminders(now)]
    looked_at = {name: one[name] for one, name in zip(made, ("issues", "needs", "extensions", "periods"), strict=True)}
    totals = {name: sum(one[name] for one in made) for name in ("reminders", "new")}
    return {"now": timezone.localtime(now).isoformat()} | looked_at | totals
