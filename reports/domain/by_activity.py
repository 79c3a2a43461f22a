"""The totals of a period by kind of activity, as L22 asks for them in 三（四）: 人次, 事项, 问题, 措施, 落实."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from campaigns.domain.versions import rules_for
from campaigns.enums import ActivityKind
from reports.domain import figures
from reports.domain.figures import FIGURES, ReportQuery

COUNTS = ("sessions", "person_times", "items", "issues_found", "measures", "closed")


@dataclass(frozen=True)
class ActivityLine:
    """One kind of activity and its figures by key: 次, 人次, 个, 个, 条, 个."""

    kind: str
    values: dict[str, int]

    @property
    def label(self) -> str:
        return ActivityKind(self.kind).label


def activity_lines(query: ReportQuery) -> list[ActivityLine]:
    """A line for each kind that has rows, and of the whole campaign for each other that it asks for: who receives one
    kind alone says nothing of the others. 4 queries, one more for the rules.

    Each number is what ``FIGURES[key].rows`` counts with ``query.activity`` set to the kind.
    """
    counted: dict[str, dict[str, int]] = {}
    for path, rows, counts in _groups(query):
        for kind, *numbers in rows.order_by(path).values_list(path).annotate(**counts):
            counted.setdefault(kind, {}).update(zip(counts, numbers, strict=True))
    _, rules = rules_for(query.campaign.pk, query.period, query.as_of)
    asked = rules.activity_kinds if query.report_scope.kind == "all" else ()
    shown = [kind for kind in ActivityKind.values if kind in counted or kind in asked]
    return [ActivityLine(kind, dict.fromkeys(COUNTS, 0) | counted.get(kind, {})) for kind in shown]


def _groups(query: ReportQuery) -> tuple[tuple[str, QuerySet, dict], ...]:
    """(path of the kind, rows, {figure: aggregate}) of each source; issues that came from no walk have no kind."""
    found = figures.issues(query).exclude(walk=None)
    closed = FIGURES["closed"].condition(query)
    return (
        ("activity_kind", figures.walks(query), {"sessions": Count("pk"), "items": Count("item_id", distinct=True)}),
        ("walk__activity_kind", figures.participants(query), {"person_times": Count("pk")}),
        ("walk__activity_kind", found, {"issues_found": Count("pk"), "closed": Count("pk", filter=closed)}),
        (
            "issue__walk__activity_kind",
            figures.measures(query).filter(~Q(issue__walk=None)),
            {"measures": Count("pk")},
        ),
    )
