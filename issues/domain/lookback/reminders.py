"""Reminders of 回头看: to a unit that was asked, by its date; to the office, of what is due and nobody has begun."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from campaigns.domain.versions import rulebooks_on
from campaigns.enums import OPEN_CAMPAIGNS
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from issues.domain.lookback.asking import open_requests
from issues.domain.lookback.notices import DUTY, duty_of
from issues.domain.lookback.rule import due_q, has_red_slip, was_drawn
from issues.domain.reply_duties import ReplyDuty, dated
from issues.enums import LookBackState
from issues.models import Issue, LookBack
from notifications.domain.dated import AHEAD, DatedDuty, ReminderMessage, ReminderStep, morning_after
from notifications.domain.reminder_delivery import make_reminders
from walks.domain.covert import not_hidden
from walks.enums import WalkState

COLUMNS = (
    "id", "public_id", "due_on", "department_id", "department__name", "campaign__office_id", "asked_at",
    "issue__number", "issue__description",
)  # fmt: skip


def make_look_back_reminders(now: datetime) -> dict:
    """Make every reminder of 回头看 that must exist by ``now`` and does not; safe to run twice.

    Returns {"look_backs": 件 and 批 looked at, "reminders": 条 that must exist, "new": 条 made now}. Side effects:
    notices; those of requests that were done or taken back, and of days of which nothing is due any more, are closed.
    """
    today, calendar = timezone.localtime(now).date(), work_calendar()
    waiting = list(open_requests().filter(due_on__lte=today + AHEAD).order_by("due_on", "id").values(*COLUMNS))
    duties = [*dated([_asked(row) for row in waiting]), *_due(today, calendar)]
    return {"look_backs": len(duties), **make_reminders(DUTY, duties, now)}


def _asked(row: dict) -> ReplyDuty:
    what = f"{row['issue__number']} 应于 {row['due_on']} 前回头看"
    link = reverse("look_back_request", args=[row["public_id"]])
    return ReplyDuty(
        name=duty_of(row["id"]),
        kind="look_back",
        state="asked",
        department=row["department_id"],
        office=row["campaign__office_id"],
        due=row["due_on"],
        known_since=timezone.localtime(row["asked_at"]).date(),
        eve=f"{what}，请按原事项再走一遍（{row['issue__description'][:40]}）",
        late=f"{what}，已逾期，请尽快再走一遍（{row['issue__description'][:40]}）",
        watch=f"{row['department__name']}逾期未回头看：{what}，请督促",
        link=link,
        sheet=link,
    )


def _due(today: date, calendar: WorkCalendar) -> Iterator[DatedDuty]:
    """Of each campaign and day of 销号 what is due and neither arranged nor asked of a unit. A covert walk counts as
    none: a reminder that stays away would tell of it."""
    campaigns = list(Campaign.objects.filter(state__in=OPEN_CAMPAIGNS).order_by("pk"))
    offices = rights_with_role(department_ids={one.office_id for one in campaigns}, roles=(Role.OFFICE,))
    rules = rulebooks_on(today, [one.pk for one in campaigns]) if campaigns else {}
    begun = LookBack.objects.filter(
        not_hidden("walk__"), issue=OuterRef("pk"), round=OuterRef("round"), state=LookBackState.BOUND
    ).exclude(walk__state=WalkState.CANCELLED)
    rows = Issue.objects.annotate(is_red=has_red_slip(), is_drawn=was_drawn(is_chosen=True))
    rows = rows.filter(due_q(campaigns, today), ~Exists(begun), ~Exists(open_requests().filter(issue=OuterRef("pk"))))
    days = rows.order_by("campaign_id", "closed_on").values("campaign_id", "closed_on").annotate(number=Count("pk"))
    named = {one.pk: one for one in campaigns}
    for pk, closed_on, number in days.values_list("campaign_id", "closed_on", "number"):
        if closed_on is None:
            continue
        campaign = named[pk]
        due = closed_on + timedelta(days=rules[pk].rectification.look_back_days)
        text = f"{campaign.name}：{closed_on} 销号的问题中有 {number} 件该回头看，还没有安排"
        told = ReminderMessage(
            offices.get(campaign.office_id, {}), text, f"{reverse('look_backs')}?campaign={campaign.code}"
        )
        step = ReminderStep("due", morning_after(due - timedelta(days=1), calendar), (told,))
        yield DatedDuty(f"{DUTY}{pk}:{closed_on}", "look_back", due, date.min, (step,))
