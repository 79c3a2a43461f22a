"""Make the reminders that the plan asks for: a fixed number of queries a batch, none per person or issue."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.domain.memberships import people_with_role
from accounts.enums import Role
from accounts.scope import scopes_of
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rulebooks
from core.calendar import work_calendar
from core.workdays import WorkCalendar
from issues.domain.overdue import clock_runs_q
from issues.domain.queries import cooperating_by_issue
from issues.domain.reminders import OVERDUE, IssueRow, last_due_on, plan_reminders, reminder_day
from issues.enums import RUNNING_STATES
from issues.models import Issue
from issues.rules import Parties, sees
from notifications.domain.notices import Draft, close_links, ensure

BATCH = 1000
KINDS = Q(kind__startswith="reminder.T-") | Q(kind=f"reminder.{OVERDUE}")
COLUMNS = (
    "id",
    "number",
    "description",
    "state",
    "due_on",
    "due_set_on",
    "closing_requested_on",
    "campaign_id",
    "campaign__office_id",
    "lead_department_id",
    "responsible_department_id",
    "responsible_department__name",
    "responsible_person_id",
    "discovering_department_id",
    "region_id",
    "reported_by_id",
)


def make_due_reminders(now: datetime) -> dict:
    """Make every in-app reminder that must exist by ``now`` and does not; safe to run twice and in two places at once.

    Returns {"now": local ISO time, "issues": 件 looked at, "reminders": 条 that must exist, "new": 条 made now}.
    Side effect: notices. A missed day is caught up by the next call.
    """
    today, books, calendar = reminder_day(now), rulebooks(), work_calendar()
    ahead = [day for book in books.values() for day in book.rectification.reminder_days]
    issues = reminders = new = 0
    for batch in _batches(last_due_on(today, ahead, calendar)):
        drafts = _drafts(batch, today, calendar, books)
        issues += len(batch)
        reminders += len(drafts)
        new += ensure(drafts, now=now)
    return {"now": timezone.localtime(now).isoformat(), "issues": issues, "reminders": reminders, "new": new}


def close_reminders_of(issue: Issue, now: datetime) -> int:
    """Its date binds nobody any more, or another one or another unit does: what reminded of it asks for nothing; how
    many (条)."""
    return close_links([reverse("issue", args=[issue.number])], kinds=KINDS, now=now)


def _batches(until: date) -> Iterator[list[dict]]:
    """Issues whose clock runs and whose date comes by ``until``, by date, in slices of BATCH."""
    due = Issue.objects.filter(clock_runs_q(), state__in=RUNNING_STATES, due_on__lte=until).order_by("due_on", "id")
    batch = list(due.values(*COLUMNS)[:BATCH])
    while batch:
        yield batch
        if len(batch) < BATCH:
            return
        last = batch[-1]
        after = Q(due_on__gt=last["due_on"]) | Q(due_on=last["due_on"], id__gt=last["id"])
        batch = list(due.filter(after).values(*COLUMNS)[:BATCH])


def _drafts(batch: list[dict], today: date, calendar: WorkCalendar, books: dict[int, Rulebook]) -> list[Draft]:
    rows_by_days: dict[tuple[int, ...], list[IssueRow]] = {}
    for values, row in zip(batch, _rows(batch), strict=True):
        rows_by_days.setdefault(books[values["campaign_id"]].rectification.reminder_days, []).append(row)
    return [
        reminder.draft(reverse("issue", args=[reminder.number]))
        for days, rows in rows_by_days.items()
        for reminder in plan_reminders(rows, today, calendar, days)
    ]


def _rows(batch: list[dict]) -> Iterator[IssueRow]:
    """Each issue with the people it concerns and the right by which each may open it.

    The responsible person and the unit's liaisons; where none of them may open it (a duty nobody holds), the
    coordinating office; once overdue also the unit's principal, the lead unit's staff and the office.
    """
    units = {values["responsible_department_id"] for values in batch} - {None}
    receiving = {values[name] for values in batch for name in ("lead_department_id", "campaign__office_id")}
    liaisons = people_with_role(department_ids=units, roles=[Role.LIAISON])
    principals = people_with_role(department_ids=units, roles=[Role.PRINCIPAL])
    staff = people_with_role(department_ids=receiving, roles=[Role.LEAD, Role.OFFICE])
    named = {values["responsible_person_id"] for values in batch} - {None}
    scopes = scopes_of({*named, *(pk for held in (liaisons, principals, staff) for pks in held.values() for pk in pks)})
    helped = cooperating_by_issue(values["id"] for values in batch)
    for values in batch:
        unit, office = values["responsible_department_id"], staff.get(values["campaign__office_id"], [])
        own = [values["responsible_person_id"], *liaisons.get(unit, ())]
        superiors = (*principals.get(unit, ()), *staff.get(values["lead_department_id"], ()), *office)
        opens = partial(sees, parties=_parties(values, helped.get(values["id"], frozenset())))
        concerned = {*own, *superiors} - {None}
        rights = {pk: right for pk in concerned if (right := scopes[pk].right_that(opens))}
        yield IssueRow(
            issue_id=values["id"],
            number=values["number"],
            description=values["description"],
            state=values["state"],
            due_on=values["due_on"],
            due_set_on=values["due_set_on"],
            requested_on=values["closing_requested_on"],
            recipients=tuple(pk for pk in own if pk in rights) or tuple(office),
            superiors=superiors,
            rights=rights,
            unit=values["responsible_department__name"] or "",
        )


def _parties(values: dict, cooperating: frozenset[int]) -> Parties:
    return Parties(
        responsible=values["responsible_department_id"],
        discovering=values["discovering_department_id"],
        lead=values["lead_department_id"],
        region=values["region_id"],
        reported_by=values["reported_by_id"],
        cooperating=cooperating,
    )
