"""How units rectified what was assigned to them: in time or late, answered, sent back, failed again. Never how many
issues there are: one that is in time makes no record (docs/rules.md rule 11).

What is due belongs to the one period in which its day lies, so nothing is taken off twice. One query each.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from django.db.models import F, OuterRef, Q, Subquery

from campaigns.enums import ScoreRule
from core.workdays import late_words
from issues.domain.as_of import AS_OF, as_of
from issues.domain.overdue import overdue_q
from issues.enums import CLOSED_STATES
from issues.models import Issue, IssueEvent, IssueRound
from scoring.domain.asked import Found, ScoreQuery, day_of, days_before
from scoring.domain.sheet import Record
from walks.domain.as_of import end_of

REPLIES = ("accept", "dispute", "merge")
RETURNS = {"return_closing": ScoreRule.CLOSING_RETURNED, "look_back_fail": ScoreRule.REBOUND}
RETURN_WORDS = {"return_closing": "销号申请被退回", "look_back_fail": "回头看未通过"}


def rectified_late(asked: ScoreQuery, found: Found) -> None:
    """Issues whose date lies in the period and that are overdue, or were closed on a request made after it."""
    late = Q(as_of_state__in=CLOSED_STATES, as_of_closing_requested_on__gt=F("as_of_due_on"))
    rows = as_of(Issue.objects.all(), asked.past_day, campaign_ids=[asked.campaign.pk])
    rows = rows.filter(overdue_q(asked.as_of, AS_OF) | late, asked.days("as_of_due_on"))
    rows = rows.filter(as_of_responsible_department__isnull=False).order_by("number")
    for number, unit, state, due_on, asked_on in rows.values_list(
        "number", "as_of_responsible_department", "as_of_state", "as_of_due_on", "as_of_closing_requested_on"
    ):
        closed = state in CLOSED_STATES
        rule = ScoreRule.CLOSED_LATE if closed else ScoreRule.OVERDUE
        found[unit, rule].append(_late(asked, number, due_on, asked_on if closed else asked.as_of))


def earlier_rounds_late(asked: ScoreQuery, found: Found) -> None:
    """Rounds that were closed late before a failed look-back opened the next one: what came later does not undo it.
    They are those of the unit in charge when it failed."""
    failed = IssueEvent.objects.filter(
        issue=OuterRef("issue"), kind="look_back_fail", round=OuterRef("number") + 1, at__lt=end_of(asked.as_of)
    )
    rows = IssueRound.objects.filter(
        asked.days("due_on"), issue__campaign=asked.campaign, requested_on__gt=F("due_on")
    )  # fmt: skip
    rows = rows.annotate(unit=Subquery(failed.values("responsible_department")[:1])).filter(unit__isnull=False)
    for number, unit, due_on, asked_on in rows.order_by("issue__number", "number").values_list(
        "issue__number", "unit", "due_on", "requested_on"
    ):
        if number and due_on and asked_on:
            found[unit, ScoreRule.CLOSED_LATE].append(_late(asked, number, due_on, asked_on))


def replies_late(asked: ScoreQuery, found: Found) -> None:
    """交办 that was neither accepted nor disputed within the working days the rules give for a dispute."""
    limit = asked.rules.rectification.dispute_workdays
    rows = IssueEvent.objects.filter(
        issue__campaign=asked.campaign, kind__in=("assign", *REPLIES), at__lt=end_of(asked.as_of)
    )
    if asked.first_day > date.min:
        rows = rows.filter(at__gte=days_before(asked.first_day, 3 * limit + 20))
    fields = ("issue__number", "kind", "at", "responsible_department_id")
    for number, events in groupby(
        rows.order_by("issue__number", "at", "id").values_list(*fields), lambda row: row[0]
    ):  # fmt: skip
        for given_on, unit, replied_on in _assigned(row[1:] for row in events):
            due_on, judged = asked.calendar.add_workdays(given_on, limit), replied_on or asked.as_of
            if judged > due_on and asked.holds(due_on):
                words = f"{number}：{given_on} 交办，{'' if replied_on else '未签收，'}"
                words += f"{late_words(due_on, judged, asked.calendar)}（应于 {due_on} 前签收或退单）"
                record = Record("issue", number, words, workdays=asked.late(due_on, judged))
                found[unit, ScoreRule.REPLY_LATE].append(record)


def sent_back(asked: ScoreQuery, found: Found) -> None:
    """Requests for closing that were sent back, and look-backs that failed, of the unit in charge then."""
    rows = IssueEvent.objects.filter(asked.moments("at"), issue__campaign=asked.campaign, kind__in=RETURNS)
    rows = rows.exclude(responsible_department=None).order_by("at", "id")
    fields = ("issue__number", "responsible_department_id", "kind", "at")
    for number, unit, kind, at in rows.values_list(*fields):
        found[unit, RETURNS[kind]].append(Record("issue", number, f"{number}：{day_of(at)} {RETURN_WORDS[kind]}"))


def _assigned(events: Iterable[tuple]) -> Iterator[tuple[date, int, date | None]]:
    """(day handed over, the unit, day of its answer or None) of each 交办 of one issue."""
    open_: tuple[date, int] | None = None
    for kind, at, unit in events:
        if kind == "assign":
            open_ = day_of(at), unit
        elif open_:
            yield *open_, day_of(at)
            open_ = None
    if open_:
        yield *open_, None


def _late(asked: ScoreQuery, number: str, due_on: date, day: date) -> Record:
    words = f"{number}：整改时限 {due_on}，{late_words(due_on, day, asked.calendar)}"
    return Record("issue", number, words, workdays=asked.late(due_on, day))
