"""What the papers of a period speak of, read once: figures, names and examples, through one scope."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db.models import QuerySet

from reports.domain import figures
from reports.domain.by_activity import ActivityLine, activity_lines
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.submissions.queries import sent_late
from reports.domain.summary import UNCLASSIFIED, SummaryTable
from reports.domain.tally import table_of
from reports.tables import EFFECT_UNITS

# So many examples of a class are named in a paper; the ledger that goes with it has all of them.
EXAMPLES = 3


@dataclass(frozen=True)
class Improvement:
    """One measure with both numbers on a closed issue, in the unit of its kind."""

    unit: str
    text: str
    reduction: str
    before: int
    after: int

    @property
    def words(self) -> str:
        """``减时间10→6个工作日``."""
        label = FIGURES[f"effect_{self.reduction}"].label
        return f"{label}{self.before}→{self.after}{EFFECT_UNITS[self.reduction]}"


@dataclass(frozen=True)
class PeriodMaterial:
    """``author``: whose paper it is, the scope's units or the coordinating office; ``problems``: examples by class;
    ``sent_late``: units whose pack came after its day, in the order of the list."""

    query: ReportQuery
    author: str
    table: SummaryTable
    activities: tuple[ActivityLine, ...]
    items: tuple[str, ...]
    problems: tuple[tuple[str, tuple[str, ...]], ...]
    improvements: tuple[Improvement, ...]
    sent_late: tuple[str, ...]

    @property
    def silent(self) -> tuple[str, ...]:
        """Units of the list without any reported walk, in the order of the list; one that is 未达标 has walked."""
        return tuple(line.name for line in self.table.lines if line.silent and not line.values["short"])

    @property
    def short(self) -> tuple[str, ...]:
        """Units of the list whose walks are all 未达标, in the order of the list."""
        return tuple(line.name for line in self.table.lines if line.silent and line.values["short"])

    @property
    def is_part(self) -> bool:
        """The paper of a receiving unit: it speaks of what that unit received, and of nothing else."""
        return self.query.report_scope.kind == "lead"

    @property
    def late(self) -> tuple[tuple[str, int], ...]:
        """Units with overdue issues and how many (件), in the order of the list."""
        return self._with("overdue")

    @property
    def rebounded(self) -> tuple[tuple[str, int], ...]:
        """Units whose issues came back after a look-back and how many (件), in the order of the list."""
        return self._with("rebounds")

    def _with(self, figure: str) -> tuple[tuple[str, int], ...]:
        return tuple((line.name, line.values[figure]) for line in self.table.lines if line.values[figure])


def period_material(query: ReportQuery) -> PeriodMaterial:
    """The material of one period; a constant number of queries."""
    return PeriodMaterial(
        query=query,
        author=author_of(query),
        table=table_of(query),
        activities=tuple(activity_lines(query)),
        items=tuple(query.names.item(pk, name) for pk, name in _items(query)),
        problems=tuple(_problems(query)),
        improvements=tuple(_improvements(query)),
        sent_late=tuple(_sent_late(query)),
    )


def author_of(query: ReportQuery) -> str:
    """Who fills the paper in: the units of the scope, or the coordinating office that reads everything."""
    return office_of(query) if query.report_scope.kind == "all" else query.report_scope.label


def office_of(query: ReportQuery) -> str:
    """The coordinating office of the campaign."""
    return query.names.unit(query.campaign.office_id, query.campaign.office.name)


def _items(query: ReportQuery) -> QuerySet:
    return FIGURES["items"].rows(query).order_by("id").values_list("pk", "name")


def _problems(query: ReportQuery) -> Iterator[tuple[str, tuple[str, ...]]]:
    rows = figures.issues(query).order_by("category", "number").values_list("category", "description")
    for category, found in groupby(rows.iterator(), key=itemgetter(0)):
        kept = [text for number, (_, text) in enumerate(found) if number < EXAMPLES]
        yield category or UNCLASSIFIED, tuple(" ".join(text.split()) for text in kept)


def _improvements(query: ReportQuery) -> Iterator[Improvement]:
    rows = figures.measures(query).filter(figures.claims(query)).order_by("issue__number", "order", "id")
    charged = figures.issues(query).values_list("pk", "as_of_responsible_department", "as_of_owner")
    owners = {pk: unit for pk, *unit in charged}
    for issue, text, reduction, before, after in rows.values_list("issue_id", "text", "reduction", "before", "after"):
        unit = query.names.unit(*owners[issue])
        yield Improvement(unit, " ".join(text.split()), reduction, before, after)


def _sent_late(query: ReportQuery) -> Iterator[str]:
    """Nobody for the part of a receiving unit: the coordinating office names them."""
    if query.report_scope.kind != "all":
        return
    for pk, name in sent_late(query.campaign, query.period, until=query.as_of).values_list(
        "department_id", "department__name"
    ):
        yield query.names.unit(pk, name)
