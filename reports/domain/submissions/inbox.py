"""Which submissions wait for a person. Each count equals what its link shows: of one period of one campaign."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q

from accounts.enums import Role
from accounts.models import User
from accounts.scope import scope_of
from campaigns.domain.duty_facts import due_dates_by_campaign, entries_matching, hotlines_of, unit_of
from campaigns.domain.rulebook.duties import Duty, duties
from campaigns.domain.versions import rulebooks_for
from campaigns.enums import OPEN_CAMPAIGNS, DeadlineKind
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.grouping import first_of_parts, in_groups
from core.periods import Period
from core.workdays import WorkCalendar, late_words
from reports.domain.submissions.queries import submissions_visible_to
from reports.enums import SubmissionState
from reports.models import Submission

if TYPE_CHECKING:
    from campaigns.domain.setup import ListedEntry

RESEND, CHECK, SEND_ON, RECEIVE = "resend", "check", "send_on", "receive"
TASKS = {RESEND: "被退回", CHECK: "待审核", SEND_ON: "待汇总上报", RECEIVE: "待接收"}
ROW: tuple[str, ...] = (
    "public_id",
    "period",
    "state",
    "content",
    "sent_at",
    "return_reason",
    "department__name",
    "receiver__name",
    "campaign__name",
)
ROW += ("campaign__code", "department_id")
# A report is asked for this many days before it is due, and as long after as a lead would still wait for it.
AHEAD, BEHIND = timedelta(days=5), timedelta(days=62)


@dataclass(frozen=True)
class OwedReport:
    """A period whose pack a unit has not sent; ``late``: 逾期 in words, or ""."""

    campaign: Campaign
    department_id: int
    department: str
    period: Period
    due_on: date
    late: str


def tasks_for(user: User) -> dict[str, Q]:
    """{what is to be done: which submissions}, by the person's parts.

    - resend: returned to the unit the person is liaison of
    - check: sent, to the lead that checks; to the office what it checks itself
    - send_on: locked by the lead and not sent on yet
    - receive: sent on to the office
    """
    scope = scope_of(user)
    liaison_of = {unit for role, unit in scope.roles if role == Role.LIAISON}
    by_office = Q(checker_id=F("campaign__office_id"))
    own = Q(checker_id__in=scope.leads) & ~by_office
    office = Q(campaign__region_id__in=scope.act_regions)
    return {
        RESEND: Q(state=SubmissionState.RETURNED, department_id__in=liaison_of),
        CHECK: Q(state=SubmissionState.SENT) & (own | (office & by_office)),
        SEND_ON: Q(state=SubmissionState.LOCKED) & own,
        RECEIVE: Q(state=SubmissionState.SENT_ON) & office,
    }


def waiting_submissions(user: User, *, per_group: int = 3) -> dict[tuple[str, int, str], dict]:
    """{(what is to be done, campaign, period): {"total", "rows"}}, those sent first; one query for all."""
    tasks = tasks_for(user)
    rows: Q = Q(pk__in=[])
    for which in tasks.values():
        rows |= which
    oldest = [F("sent_at").asc(), F("id").asc()]
    mine = submissions_visible_to(user).filter(rows)
    apart = ("campaign_id", "period")
    return first_of_parts(mine, tasks, apart=apart, order_by=oldest, fields=ROW, per_group=per_group)


def waiting_in(user: User, campaign: Campaign, period: Period) -> dict[str, set[int]]:
    """{what is to be done: ids of the submissions} of one period, every task named: what ``waiting_submissions`` counts
    there; one query."""
    tasks = tasks_for(user)
    rows = submissions_visible_to(user).filter(campaign=campaign, period=period.code).annotate(task=in_groups(tasks))
    found: dict[str, set[int]] = {name: set() for name in tasks}
    for task, pk in rows.exclude(task="").values_list("task", "pk"):
        found[task].add(pk)
    return found


def owed_reports(user: User, *, today: date) -> list[OwedReport]:
    """The periods whose pack the person's units have to send now, by due date, for liaisons; a fixed number of queries,
    none for anybody else. A unit sends all of its parts at once, so one row is enough."""
    liaison_of = {unit for role, unit in scope_of(user).roles if role == Role.LIAISON}
    bound = Q(campaign__state__in=OPEN_CAMPAIGNS, department_id__in=liaison_of)
    entries = list(entries_matching(bound).select_related("campaign")) if liaison_of else []
    if not entries:
        return []
    dates_of = due_dates_by_campaign({entry.campaign_id for entry in entries})
    shown = {
        pk: [one for one in dates if one.kind == DeadlineKind.REPORT and today - BEHIND <= one.due_on <= today + AHEAD]
        for pk, dates in dates_of.items()
    }
    if not any(shown.values()):
        return []
    have = set(Submission.objects.filter(department_id__in=liaison_of).values_list("campaign", "department", "period"))
    books = rulebooks_for(((pk, one.period) for pk, dates in shown.items() for one in dates), today)
    hotlines, calendar = hotlines_of(shown), work_calendar()
    found = [
        _owed(entry, duty, calendar, today)
        for entry in entries
        for one in shown.get(entry.campaign_id, [])
        for duty in duties(
            books[entry.campaign_id, one.period.code], [unit_of(entry)], [one], today=today,
            hotline=hotlines.get(entry.campaign_id),
        )
        if (entry.campaign_id, entry.department_id, duty.period.code) not in have
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.due_on, one.campaign.pk, one.period.code, one.department_id))


def _owed(entry: "ListedEntry", duty: Duty, calendar: WorkCalendar, today: date) -> OwedReport:
    late = late_words(duty.due_on, today, calendar)
    name = entry.department.name
    return OwedReport(entry.campaign, entry.department_id, name, duty.period, duty.due_on, late)
