"""One issue with everything that belongs to it, for its page and for the pages of its actions."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.domain.unit_moves import UNIT_CHANGED, UNIT_CHANGED_LABEL
from accounts.models import User
from issues.domain.chases.queries import chases_of
from issues.domain.cooperation import helping_units
from issues.domain.handing_over import HAND_OVER
from issues.domain.imported import IMPORT
from issues.domain.queries import (
    evidence_of,
    extensions_of,
    history_of,
    issues_seen_by,
    issues_visible_to,
    measures_of,
    rounds_of,
)
from issues.domain.slips.queries import slip_events_of, slips_of
from issues.domain.transitions import TABLE
from issues.models import Issue, IssueEvent, Measure
from walks.domain.queries import walks_visible_to

NAMED = (
    "campaign",
    "region",
    "item",
    "walk__rules",
    "discovering_department",
    "proposed_department",
    "responsible_department",
    "lead_department",
    "reported_by",
    "responsible_person",
    "closing_requested_by",
    "closed_by",
    "dismissal_proposed_by",
    "due_proposed_by",
    "incoming",
)
EVENT_LABELS = {row.action: row.label for row in TABLE} | {
    IMPORT: "导入",
    HAND_OVER: "离任交接",
    UNIT_CHANGED: UNIT_CHANGED_LABEL,
}
MERGED = ("number", "merged_into_id", "discovering_department__name", "reported_by__label")
# What these events note is no reason for a date.
NOT_A_REASON = ("plan", "register")


def issues_to_open(user: User | None) -> QuerySet[Issue]:
    """Issues the person sees (None is the system: all), each with what its pages name; for a look-up by number."""
    return issues_seen_by(user).select_related(*NAMED)


def read_detail(issue: Issue, user: User) -> dict:
    """{"measures", "cooperating", "evidence", "rounds", "events", "extensions", "chases", "slips", "slip_events",
    "merged", "walk"}, one query each.

    ``merged``: issues of the merge that the person sees too, in ``words`` with who found and reported each; ``walk``:
    the id of the walk, None when it is not theirs.
    """
    walk = walks_visible_to(user).filter(pk=issue.walk_id) if issue.walk_id else walks_visible_to(user).none()
    merge = Q(merged_into=issue) | Q(pk=issue.merged_into_id)
    return {
        "measures": [measure_line(measure) for measure in measures_of(issue)],
        "cooperating": list(helping_units(issue)),
        "evidence": list(evidence_of(issue)),
        "rounds": list(rounds_of(issue)),
        "events": list(history_of(issue)),
        "extensions": list(extensions_of(issue)),
        "chases": chases_of(issue),
        "slips": list(slips_of(issue)),
        "slip_events": list(slip_events_of(issue)),
        "merged": [_merged(row) for row in issues_visible_to(user).filter(merge).order_by("number").values(*MERGED)],
        "walk": walk.values_list("pk", flat=True).first(),
    }


def _merged(row: dict) -> dict:
    who = " ".join(part for part in (row["discovering_department__name"], row["reported_by__label"]) if part)
    return dict(row) | {"words": f"{row['number']}（{who}）"}


def date_chain(events: Iterable[IssueEvent]) -> list[dict]:
    """Every 整改时限 the issue has had, in order: {"due_on", "round", "action", "actor", "at", "reason"} of the
    action by which it came in force."""
    chain: list[dict] = []
    for event in events:
        if event.due_on and (not chain or chain[-1]["due_on"] != event.due_on):
            chain.append(
                {
                    "due_on": event.due_on,
                    "round": event.round,
                    "action": EVENT_LABELS.get(event.kind, event.kind),
                    "actor": event.actor.label if event.actor else "系统",
                    "at": event.at,
                    "reason": event.note if event.kind not in NOT_A_REASON else "",
                }
            )
    return chain


def measure_line(measure: Measure) -> dict:
    """A measure with its reduction in words; ``percent`` is None when nothing was claimed or it began at zero."""
    return {
        "id": measure.pk,
        "round": measure.round,
        "text": measure.text,
        "owner": measure.owner,
        "due_on": measure.due_on,
        "progress": measure.progress,
        "progress_on": measure.progress_on,
        "reduction": measure.get_reduction_display() if measure.reduction else "",
        "before": measure.before,
        "after": measure.after,
        "percent": reduction_percent(measure.before, measure.after),
    }


def reduction_percent(before: int | None, after: int | None) -> float | None:
    """(before − after) / before in percent, one decimal; None without both numbers or when before is 0."""
    if not before or after is None:
        return None
    return round((before - after) / before * 100, 1)


def latest(measures: list[dict]) -> list[dict]:
    """Those of the latest round that has any: a round that was opened again goes on with them until it has its own."""
    return [line for line in measures if line["round"] == measures[0]["round"]]


def past_rounds(detail: dict) -> list[dict]:
    """Rounds struck off and opened again, the latest first, each with the measures it had."""
    rounds = sorted(detail["rounds"], key=lambda row: -row.number)
    return [{"row": row, "measures": [m for m in detail["measures"] if m["round"] == row.number]} for row in rounds]
