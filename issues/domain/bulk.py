"""The same action on many issues at once (批量办理): what will be done and what not is shown first, then each issue is
carried out by itself, under one change id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.scope import scope_of
from core import audit
from core.exceptions import DomainError, NotAllowed, Refused
from core.transitions import Transition
from issues.domain import lifecycle, openings
from issues.domain.detail import issues_to_open
from issues.domain.queries import issues_visible_to
from issues.domain.reuse import Reuse, reuse_in
from issues.domain.transitions import TABLE
from issues.models import BulkChange, Issue, IssueEvent

# 件 in one change: more would hold the database for seconds.
MOST = 100
# Reasons named where not one was done; the rows of the page say what stands against each.
REASONS_SHOWN = 5
AT_ONCE = ("assign", "return_closing", "approve_closing", "reclassify")


@dataclass(frozen=True)
class Chosen:
    """An issue to act on: the version that was on the screen (None: any), the ``data`` of ``lifecycle.perform``."""

    issue: Issue
    version: int | None
    data: dict


@dataclass(frozen=True)
class BulkLine:
    """An issue of the preview: ``why`` the action will not be done to it ("" when it will); ``files``: (file, whether
    the person opened it) of its evidence, ``reuse``: what of it stands at other issues too, for striking off."""

    issue: Issue
    why: str
    files: Sequence[tuple[UUID, bool]] = ()
    reuse: Sequence[Reuse] = ()


def issues_named(user: User, numbers: Sequence[str]) -> list[Issue]:
    """The issues of these numbers that the person sees, in the order given; one query."""
    wanted = list(dict.fromkeys(numbers))
    found = {issue.number: issue for issue in issues_to_open(user).filter(number__in=wanted)}
    return [found[number] for number in wanted if number in found]


def preview(*, issues: Sequence[Issue], action: str, actor: User) -> list[BulkLine]:
    """What ``action`` will be done to and what not, in the order of ``issues``. To strike off, this person must have
    opened each file of the evidence."""
    why = lifecycle.obstacles(issues=issues, action=action, actor=actor)
    if action != "approve_closing":
        return [BulkLine(issue, why.get(issue.pk, "")) for issue in issues]
    files = openings.evidence_to_read([issue.pk for issue in issues], actor)
    reuse = reuse_in(issues, actor)
    return [
        BulkLine(
            issue,
            why.get(issue.pk) or openings.why_unread(files.get(issue.pk, ())),
            files.get(issue.pk, ()),
            reuse.get(issue.pk, ()),
        )
        for issue in issues
    ]


def bulk_offered(user: User) -> list[Transition]:
    """The actions this person takes on many issues at once: leads and offices all of them, others none."""
    return [TABLE.by_action[action] for action in AT_ONCE] if scope_of(user).is_lead_or_office else []


def require_bulk(user: User) -> None:
    """Raise NotAllowed for who acts on none at once."""
    if not bulk_offered(user):
        raise NotAllowed("批量办理由牵头单位和统筹办进行，您没有此项权限。", rule="issues.bulk")


def perform_many(*, chosen: Sequence[Chosen], action: str, actor: User, now: datetime) -> BulkChange:
    """Carry out ``action`` on each issue, one that is refused leaving the others as they are; the change says which
    were refused and why.

    Side effects: those of ``lifecycle.perform`` for each issue that was done; the change; an audit entry.
    """
    lines = preview(issues=[one.issue for one in chosen], action=action, actor=actor)
    refused = {line.issue.pk: line.why for line in lines if line.why}
    return perform_each(chosen=chosen, action=action, actor=actor, now=now, refused=refused)


@transaction.atomic
def perform_each(
    *, chosen: Sequence[Chosen], action: str, actor: User, now: datetime, refused: dict[int, str] | None = None
) -> BulkChange:
    """The same without a preview; ``refused``: {issue id: why} of those that are left as they are."""
    change, refused = BulkChange.objects.create(action=action, actor=actor, at=now), dict(refused or {})
    for one in chosen:
        # Of an issue that somebody changed since it was shown, ``perform`` says who did and when.
        if one.issue.pk in refused and one.version == one.issue.version:
            continue
        try:
            lifecycle.perform(
                issue=one.issue, action=action, actor=actor, data=one.data, version=one.version, now=now, change=change
            )
        except DomainError as error:
            refused[one.issue.pk] = error.words_for(actor)
    change.refused = [[one.issue.number, refused[one.issue.pk]] for one in chosen if one.issue.pk in refused]
    change.save(update_fields=["refused"])
    detail = {"action": action, "done": len(chosen) - len(refused), "refused": len(refused)}
    audit.record(
        actor=actor, action="issues.bulk", object_type="ledger", object_key=str(change.public_id), detail=detail
    )
    return change


def require_one_done(change: BulkChange, chosen: int) -> None:
    """Raises Refused where not one of the ``chosen`` was done: nothing is kept of the change then, and the page shows
    what was typed."""
    if len(change.refused) < chosen:
        return
    why = "；".join(f"{number} {words.rstrip('。')}" for number, words in change.refused[:REASONS_SHOWN])
    more = f"等 {chosen} 件" if chosen > REASONS_SHOWN else ""
    raise Refused(f"没有办理任何一件，填写的内容保留在本页：{why}{more}。", rule="issues.bulk")


def changes_of(user: User) -> QuerySet[BulkChange]:
    """A change is shown to the person who made it, and to nobody else."""
    return BulkChange.objects.filter(actor=user)


def done_in(change: BulkChange, user: User) -> QuerySet[IssueEvent]:
    """The events of a change whose issues the person still sees, by number."""
    seen = IssueEvent.objects.filter(change=change, issue__in=issues_visible_to(user))
    return seen.select_related("issue__responsible_department").order_by("issue__number")
