"""催办 of several issues at once: first what would happen to each and why not, then each by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from accounts.scope import scope_of
from issues.domain import lifecycle
from issues.domain.bulk import Chosen, perform_each
from issues.domain.chases.records import chased_today, people_to_chase, told_already
from issues.models import BulkChange, Issue

AT_ONCE = 50


@dataclass(frozen=True)
class ChaseLine:
    """What chasing would do about one issue: whom it reaches, by name; ``why_not`` it does nothing, "" where it does;
    ``earlier``: whom of them somebody has chased today."""

    issue: Issue
    people: list[str]
    why_not: str = ""
    earlier: str = ""


def preview(user: User, issues: Sequence[Issue], today: date) -> list[ChaseLine]:
    """A line for each issue of ``issues_to_open``, in order; nine queries, however many. Nothing is written."""
    why = lifecycle.obstacles(issues=issues, action="chase", actor=user)
    people, chased = people_to_chase(issues, today), chased_today(issues, today)
    everybody = {pk for found in people.values() for pk in found}
    labels = dict(User.objects.filter(pk__in=everybody).values_list("pk", "label"))
    lines = []
    for issue in issues:
        reached = people[issue.pk]
        again = [row for pk, row in chased.get(issue.pk, {}).items() if pk in reached]
        names = [labels[pk] for pk in reached]
        why_not = why.get(issue.pk) or ("" if names else "责任单位没有可以催办的责任人和联络员。")
        lines.append(ChaseLine(issue, names, why_not, told_already(again)))
    return lines


def chase_many(
    *, issues: Sequence[Issue], words: str, again: bool, actor: User, now: datetime | None = None
) -> BulkChange:
    """Chase each by itself: one that is refused keeps no other from it; the change says which were refused and why.
    A chase asks for no version of the issue (docs/rules.md section 4). Side effects: those of ``bulk.perform_each``."""
    data = {"note": words, "again": again}
    chosen = [Chosen(issue, None, data) for issue in issues]
    return perform_each(chosen=chosen, action="chase", actor=actor, now=now or timezone.now())


def may_chase(user: User) -> bool:
    """Whether the person is of a side that chases."""
    return scope_of(user).is_lead_or_office
