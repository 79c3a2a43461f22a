"""Every reminder of the product at once, for the command; each scheduled task makes those of its own kind."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from issues.domain.enquiries.reminders import make_enquiry_reminders
from issues.domain.extensions.reminders import make_extension_reminders
from issues.domain.inspections.reminders import make_inspection_reminders
from issues.domain.lookback.reminders import make_look_back_reminders
from issues.domain.needs.reminders import make_need_reminders
from issues.domain.reminder_delivery import make_due_reminders
from issues.domain.review_reminders import make_review_reminders
from issues.domain.slips.reminders import make_slip_reminders
from notifications.domain.notices import ToldPerson, last_notice, told_after
from plans.domain.reminders import make_plan_reminders
from reports.domain.board.reminders import make_walk_reminders
from reports.domain.publication_reminders import make_publication_reminders
from reports.domain.submissions.reminder_delivery import make_pack_reminders
from walks.domain.reminders import make_result_reminders

# By what each counts: 件, 条, 次, 份, 单位 or 期.
MAKERS: dict[str, Callable[[datetime], dict]] = {
    "issues": make_due_reminders,
    "needs": make_need_reminders,
    "extensions": make_extension_reminders,
    "enquiries": make_enquiry_reminders,
    "slips": make_slip_reminders,
    "inspections": make_inspection_reminders,
    "publications": make_publication_reminders,
    "look_backs": make_look_back_reminders,
    "reviews": make_review_reminders,
    "results": make_result_reminders,
    "plans": make_plan_reminders,
    "walks": make_walk_reminders,
    "periods": make_pack_reminders,
}


def make_all_reminders(now: datetime) -> dict:
    """Make every reminder that must exist by ``now``: of issues and of everything else with a date.

    Returns {"now": local ISO time, one key for each of ``MAKERS``: how many were looked at, "reminders": 条 that must
    exist, "new": 条 made now}. Side effects: notices.
    """
    made = {name: make(now) for name, make in MAKERS.items()}
    looked_at = {name: one[name] for name, one in made.items()}
    totals = {name: sum(one[name] for one in made.values()) for name in ("reminders", "new")}
    return {"now": timezone.localtime(now).isoformat()} | looked_at | totals


def would_remind(now: datetime) -> tuple[dict, list[ToldPerson]]:
    """What ``make_all_reminders`` would return, and who would read what of that which is new. Nothing is kept."""
    with transaction.atomic():
        last = last_notice()
        counts = make_all_reminders(now)
        told = told_after(last, now)
        transaction.set_rollback(True)
    return counts, told
