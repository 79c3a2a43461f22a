"""Which issues a person sees, and what belongs to them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.scope import scope_of
from evidence.models import StoredFile
from issues.enums import EvidenceKind, ExtensionState, IssueState
from issues.models import Cooperation, Extension, Issue, IssueEvent, IssueEvidence, IssueRound, Measure, Need
from issues.rules import Parties, work_units
from walks.domain.covert import hidden
from walks.domain.queries import walks_visible_to
from walks.domain.shown import AS_PICTURE, TracedRows
from walks.models import StampedPage, StepPhoto, Walk

MEASURE_ROW: tuple[str, ...] = ("issue_id", "round", "order", "text", "reduction", "before", "after")
MEASURE_ROW += ("id", "owner", "due_on", "progress")


def issues_visible_to(user: User) -> QuerySet[Issue]:
    """Issues the person may know of; drafts are part of their walk and never in here (see ``drafts_of``).

    - people of the responsible unit (rectification owners included) and of a cooperating unit
    - principal, deputies and liaisons of the unit that found it
    - the lead unit that received the walk
    - the office and supervisors of the discovering unit's region or of one above it
    - the walker who found it, while still in that unit
    - the three administrators, other units, other counties: none
    """
    scope = scope_of(user)
    if scope.user_id is None:
        return Issue.objects.none()
    if scope.read_regions and not (scope.units or scope.leads or work_units(scope)):
        return Issue.objects.filter(region_id__in=scope.read_regions).exclude(state=IssueState.DRAFT)
    seen = Q(reported_by_id=scope.user_id, discovering_department_id__in=scope.workplaces)
    if work_units(scope):
        helped = Cooperation.objects.filter(department_id__in=work_units(scope)).values("issue_id")
        seen |= Q(responsible_department_id__in=work_units(scope)) | Q(pk__in=helped)
    if scope.units:
        seen |= Q(discovering_department_id__in=scope.units)
    if scope.leads:
        seen |= Q(lead_department_id__in=scope.leads)
    if scope.read_regions:
        seen |= Q(region_id__in=scope.read_regions)
    return Issue.objects.filter(seen).exclude(state=IssueState.DRAFT)


def issues_seen_by(user: User | None) -> QuerySet[Issue]:
    """``issues_visible_to``; None is the system, the command line without a person: every issue with a number."""
    return Issue.objects.exclude(state=IssueState.DRAFT) if user is None else issues_visible_to(user)


def parties_of(issue: Issue) -> Parties:
    """Who has to do with the issue; one query."""
    return parties_with(issue, frozenset(issue.cooperating.values_list("pk", flat=True)))


def parties_with(issue: Issue, helped: frozenset[int]) -> Parties:
    """Who has to do with the issue, the cooperating units given."""
    return Parties(
        responsible=issue.responsible_department_id,
        discovering=issue.discovering_department_id,
        lead=issue.lead_department_id,
        region=issue.region_id,
        reported_by=issue.reported_by_id,
        cooperating=helped,
    )


def cooperating_by_issue(issue_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """{issue id: departments that cooperate} of those that have any; one query."""
    found: dict[int, set[int]] = {}
    rows = Cooperation.objects.filter(issue_id__in=list(issue_ids))
    for issue_id, department_id in rows.values_list("issue_id", "department_id"):
        found.setdefault(issue_id, set()).add(department_id)
    return {pk: frozenset(units) for pk, units in found.items()}


def drafts_of(walk: Walk) -> QuerySet[Issue]:
    """Problems noted on a walk, drafts and registered alike, oldest first; scope is the walk's."""
    return Issue.objects.filter(walk=walk).order_by("id")


def needs_of(walk: Walk) -> QuerySet[Need]:
    """Needs noted on a walk; scope is the walk's."""
    return Need.objects.filter(walk=walk)


def measures_by_issue(issue_ids: Iterable[int], *, before: datetime | None = None) -> dict[int, list[dict]]:
    """{issue id: measures of the latest round that has any, in order} for a whole page or chunk in one query.

    ``before``: as things stood at that moment.
    """
    found: dict[int, list[dict]] = {}
    rows = Measure.objects.filter(issue_id__in=list(issue_ids))
    rows = rows.filter(added_at__lt=before) if before else rows
    for row in rows.values(*MEASURE_ROW):
        found.setdefault(row["issue_id"], []).append(dict(row))
    return {pk: [r for r in rows if r["round"] == rows[-1]["round"]] for pk, rows in found.items()}


def measures_of(issue: Issue) -> QuerySet[Measure]:
    """Measures of every round, the present round first, in order."""
    return Measure.objects.filter(issue=issue).order_by("-round", "order", "id")


def claimed_reductions(issue: Issue) -> QuerySet[Measure]:
    """Measures of the present round that claim a reduction, in order."""
    return Measure.objects.filter(issue=issue, round=issue.round).exclude(reduction="")


def open_extension(issue: Issue) -> Extension | None:
    """The request for more time that waits for an answer."""
    rows = Extension.objects.filter(issue=issue, state=ExtensionState.ASKED)
    return rows.select_related("asked_by").first()


def with_open_extension() -> Q:
    """Issues for which more time was asked and nobody has answered."""
    return Q(pk__in=Extension.objects.filter(state=ExtensionState.ASKED).values("issue_id"))


def extensions_of(issue: Issue) -> QuerySet[Extension]:
    """Every request for more time with who asked and who decided, oldest first."""
    return Extension.objects.filter(issue=issue).select_related("asked_by", "decided_by")


def history_of(issue: Issue) -> QuerySet[IssueEvent]:
    """The issue's events with their actors, oldest first."""
    return IssueEvent.objects.filter(issue=issue).select_related("actor")


def rounds_of(issue: Issue) -> QuerySet[IssueRound]:
    """Earlier rounds as they were struck off."""
    return IssueRound.objects.filter(issue=issue).select_related("closed_by", "requested_by")


def evidence_of(issue: Issue) -> QuerySet[IssueEvidence]:
    """Files of the issue with who added them; those withdrawn before it was reported are left out."""
    return IssueEvidence.objects.filter(issue=issue, withdrawn_at=None).select_related("file", "added_by")


def found_links(issue_ids: Iterable[int]) -> dict[int, list[IssueEvidence]]:
    """{issue id: link to a photo taken when it was found} in one query, those withdrawn among them."""
    rows = IssueEvidence.objects.filter(issue_id__in=list(issue_ids), kind=EvidenceKind.FOUND)
    found: dict[int, list[IssueEvidence]] = {}
    for link in rows.select_related("file", "withdrawn_by"):
        found.setdefault(link.issue_id, []).append(link)
    return found


class ShownFiles(TracedRows[StoredFile]):
    """Files to be shown: a trace for each walk still covert that a file belongs to, by a step, a problem or a stamped
    page; one query."""

    def hidden_walks(self, rows: Sequence[StoredFile]) -> list[UUID]:
        files = [file.pk for file in rows]
        links = ("steps__photo_links", "issues__evidence", "stamped_pages")
        taken = reduce(or_, (Q(**{f"{link}__file__in": files}) for link in links))
        walks = Walk.objects.filter(taken, hidden())
        return list(walks.values_list("pk", flat=True).distinct())


def files_shown_to(user: User) -> ShownFiles:
    """The files a person may see, to be sent."""
    return ShownFiles.over(files_visible_to(user), user, where=AS_PICTURE)


def files_visible_to(user: User) -> QuerySet[StoredFile]:
    """Photos and stamped pages of walks and issues the person sees, and those they uploaded that belong to none yet."""
    by_step = StepPhoto.objects.filter(step__walk__in=walks_visible_to(user)).values("file_id")
    by_stamp = StampedPage.objects.filter(walk__in=walks_visible_to(user)).values("file_id")
    by_issue = IssueEvidence.objects.filter(
        Q(issue__in=issues_visible_to(user)) | Q(issue__walk__in=walks_visible_to(user))
    ).values("file_id")
    mine = Q(uploaded_by=user, step_link=None, stamped_link=None, issue_link=None)
    return StoredFile.objects.filter(Q(pk__in=by_step) | Q(pk__in=by_stamp) | Q(pk__in=by_issue) | mine)


def campaigns_of(rows: QuerySet[Any], path: str) -> list[tuple[str, str]]:
    """(code, name) of the campaigns of these rows, the newest first, for a filter; ``path`` leads from a row to its
    campaign."""
    ordered = rows.order_by(f"-{path}__starts_on", f"{path}_id")
    return list(ordered.values_list(f"{path}__code", f"{path}__name").distinct())


def departments_of(rows: QuerySet[Any], path: str = "department") -> list[tuple[int, str]]:
    """(id, name) of the units of these rows, in the fixed order of units, for a filter; ``path`` leads from a row to
    its unit."""
    ordered = rows.exclude(**{path: None}).order_by(f"{path}__order", f"{path}_id")
    return list(ordered.values_list(f"{path}_id", f"{path}__name").distinct())
