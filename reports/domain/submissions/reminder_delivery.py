"""Make the reminders of packs that the plan asks for: a fixed number of queries a period, none for a person or unit."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils import timezone

from accounts.domain.memberships import rights_with_role
from accounts.enums import Role
from campaigns.domain.duty_facts import due_dates_by_campaign
from campaigns.domain.rulebook.due_dates import DueDate
from campaigns.domain.versions import rules_for
from campaigns.enums import OPEN_CAMPAIGNS, DeadlineKind
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.periods import Period
from core.workdays import WorkCalendar
from notifications.domain.dated import DatedDuty, morning_before, plan, stale
from notifications.domain.notices import OpenReminder, close_reminders, ensure, open_reminders
from reports.domain.submissions.inbox import BEHIND
from reports.domain.submissions.lines import is_settled, lines_of
from reports.domain.submissions.parts import has_lead_hop
from reports.domain.submissions.reminders import DUTY, DuePeriod, People, duty_prefix, open_duties_of, prefix_of
from reports.models import SubmissionEvent


def make_pack_reminders(now: datetime) -> dict:
    """Make every reminder of packs that must exist by ``now`` and does not; safe to run twice and in two places at
    once.

    Returns {"periods": 期 looked at, "reminders": 条 that must exist, "new": 条 made now}. Of periods due within the
    last 62 days, as long as 等我办 asks for them. Side effects: notices; those of what was done since, of a date that
    holds no more and of a period that is not looked at any more are closed.
    """
    calendar, asked = work_calendar(), {"periods": 0, "reminders": 0, "new": 0}
    told, owed = open_reminders(DUTY), list[DatedDuty]()
    for due in _due_periods(now, calendar, told):
        duties = open_duties_of(due, _people(due), calendar, now)
        drafts = plan(duties, now)
        owed += duties
        asked["periods"] += 1
        asked["reminders"] += len(drafts)
        asked["new"] += ensure(drafts, now=now)
    if done := stale(told, owed):
        close_reminders(done, now=now)
    return asked


def _due_periods(now: datetime, calendar: WorkCalendar, told: Iterable[OpenReminder]) -> Iterator[DuePeriod]:
    """The periods of open campaigns whose first reminder has come, also those of ``told`` whose date was moved later
    since."""
    today, named = timezone.localtime(now).date(), {prefix_of(one.duty) for one in told}
    campaigns = {one.pk: one for one in Campaign.objects.filter(state__in=OPEN_CAMPAIGNS).order_by("pk")}
    for pk, dates in due_dates_by_campaign(campaigns).items():
        for one in dates:
            asked = one.kind == DeadlineKind.REPORT and one.due_on >= today - BEHIND
            if asked and (duty_prefix(pk, one.period.code) in named or morning_before(one.due_on, calendar) <= now):
                yield _due_period(campaigns[pk], one, dates, today)


def _due_period(campaign: Campaign, report: DueDate, dates: Iterable[DueDate], today: date) -> DuePeriod:
    period = report.period
    version, rules = rules_for(campaign.pk, period, today)
    # Read before the lines: a return in between is a new occasion in the next round, never one that does not last.
    events = _events_of(campaign, period)
    lines = tuple(lines_of(None, campaign, period, today=today))
    summaries = [one.due_on for one in dates if (one.kind, one.period.code) == (DeadlineKind.SUMMARY, period.code)]
    issued_at = version.issued_at or campaign.issued_at
    return DuePeriod(
        campaign=campaign,
        period=period,
        due_on=report.due_on,
        summary_on=summaries[0] if summaries and has_lead_hop(rules) else None,
        known_since=timezone.localtime(issued_at).date() if issued_at else date.min,
        lines=lines,
        settled=frozenset(line for line in lines if is_settled(line, rules, campaign)),
        events=events,
    )


def _events_of(campaign: Campaign, period: Period) -> tuple[tuple[int, str], ...]:
    """(submission, step) of all that happened to the packs of a period, in the order in which it did; one query."""
    rows = SubmissionEvent.objects.filter(submission__campaign=campaign, submission__period=period.code)
    return tuple(rows.order_by("id").values_list("submission_id", "kind"))


def _people(due: DuePeriod) -> People:
    """Everybody who may be told, each by the right of the part that is told; four queries."""
    units = {line.unit_id for line in due.lines}
    checkers = {line.checker_id for line in due.lines}
    return People(
        liaisons=rights_with_role(department_ids=units, roles=(Role.LIAISON,)),
        principals=rights_with_role(department_ids=units, roles=(Role.PRINCIPAL,)),
        leads=rights_with_role(department_ids=checkers, roles=(Role.LEAD,)),
        offices=rights_with_role(department_ids={due.campaign.office_id}, roles=(Role.OFFICE,)),
    )
