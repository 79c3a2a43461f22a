"""Make the reminders of packs that the plan asks for: a fixed number of queries a period, none for a person or unit."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils import timezone

from accounts.domain.people import rights_with_role
from accounts.enums import Role
from campaigns.domain.duty_facts import due_dates_by_campaign
from campaigns.domain.rulebook.due_dates import DueDate
from campaigns.domain.versions import rules_for
from campaigns.enums import OPEN_CAMPAIGNS, DeadlineKind
from campaigns.models import Campaign
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from notifications.domain.dated import morning_before, plan
from notifications.domain.notices import close, ensure, open_duties
from reports.domain.submissions.inbox import BEHIND
from reports.domain.submissions.lines import is_settled, lines_of
from reports.domain.submissions.parts import has_lead_hop
from reports.domain.submissions.reminders import DuePeriod, People, duty_prefix, open_duties_of


def make_pack_reminders(now: datetime) -> dict:
    """Make every reminder of packs that must exist by ``now`` and does not; safe to run twice and in two places at
    once.

    Returns {"periods": 期 looked at, "reminders": 条 that must exist, "new": 条 made now}. Of periods due within the
    last 62 days, as long as 等我办 asks for them. Side effects: notices; those of what was done since are closed.
    """
    calendar, asked = work_calendar(), {"periods": 0, "reminders": 0, "new": 0}
    for due in _due_periods(now, calendar):
        duties = open_duties_of(due, _people(due), calendar, now)
        drafts = plan(duties, now)
        asked["periods"] += 1
        asked["reminders"] += len(drafts)
        asked["new"] += ensure(drafts, now=now)
        told = open_duties(duty_prefix(due.campaign.pk, due.period.code))
        if done := told - {duty.name for duty in duties}:
            close(done, now=now)
    return asked


def _due_periods(now: datetime, calendar: WorkCalendar) -> Iterator[DuePeriod]:
    """The periods of open campaigns whose first reminder has come."""
    today = timezone.localtime(now).date()
    campaigns = {one.pk: one for one in Campaign.objects.filter(state__in=OPEN_CAMPAIGNS).order_by("pk")}
    for pk, dates in due_dates_by_campaign(campaigns).items():
        for one in dates:
            asked = one.kind == DeadlineKind.REPORT and one.due_on >= today - BEHIND
            if asked and morning_before(one.due_on, calendar) <= now:
                yield _due_period(campaigns[pk], one, dates, today)


def _due_period(campaign: Campaign, report: DueDate, dates: Iterable[DueDate], today: date) -> DuePeriod:
    period = report.period
    version, rules = rules_for(campaign.pk, period, today)
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
    )


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
