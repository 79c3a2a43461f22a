"""What the papers of a period are about, read once: figures, names and examples, through one scope."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from django.db.models import Count, Q, QuerySet

from accounts.domain.queries import unit_names
from campaigns.domain.rulebook.due_dates import ending_in
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.domain.versions import rules_for
from core.periods import short_labels
from issues.enums import CLOSED_STATES
from reports.domain import figures
from reports.domain.by_activity import ActivityLine, activity_lines
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.submissions.parts import parts_of
from reports.domain.submissions.queries import ReceiversByKinds, receivers_sent_to, sent_late
from reports.domain.summary import UNCLASSIFIED, SummaryLine, SummaryTable
from reports.domain.tally import table_of
from reports.domain.walk_content import WalkContent
from reports.domain.zero_reports import table_with_zero
from reports.tables import EFFECT_UNITS

# So many examples of a class are named in a paper; the ledger that goes with it has all of them.
EXAMPLES = 3
OF_PROBLEMS = ("issues_found", "measures", "closed")


@dataclass(frozen=True)
class Improvement:
    """One measure with both numbers on a closed issue, in the unit of its kind; ``item``: of the walk that found the
    issue, "" where no walk did."""

    unit: str
    item: str
    text: str
    reduction: str
    before: int
    after: int

    @property
    def words(self) -> str:
        """``减时间10→6个工作日``."""
        return effect_words(self.reduction, self.before, self.after)


@dataclass(frozen=True)
class GoodPractice:
    """What was marked as 好做法 on a closed issue, by the unit that rectified it; ``item``: what the issue is about, ""
    where it names none."""

    unit: str
    item: str
    text: str


@dataclass(frozen=True)
class Charge:
    """Issues (件) of one responsible unit, whoever found them: overdue ones, and those that came back."""

    unit: str
    overdue: int
    rebounds: int


@dataclass(frozen=True)
class GuideMeasure:
    """A measure that names a list of items (目录) or a guide (指南), and whether its issue is closed."""

    item: str
    text: str
    is_done: bool


@dataclass(frozen=True)
class PeriodMaterial:
    """``author``: whose paper it is, the scope's units or the coordinating office; ``problems``: examples by class;
    ``charges``: responsible units, and ``sent_late``: units whose pack came after its day, in the order of the list; of
    a period by which units do not report, those of the reporting periods that end in it.

    Read for some papers only: ``receivers``, to whom the unit hands in; ``guides``, measures about lists of items and
    guides; ``contents``, the unit's walks; ``owing``, ids of the units that owe something in the period; ``unsent``,
    units whose pack is overdue (None: not read)."""

    query: ReportQuery
    rules: Rulebook
    author: str
    table: SummaryTable
    activities: tuple[ActivityLine, ...]
    items: tuple[str, ...]
    problems: tuple[tuple[str, tuple[str, ...]], ...]
    improvements: tuple[Improvement, ...]
    charges: tuple[Charge, ...]
    sent_late: tuple[str, ...]
    practices: tuple[GoodPractice, ...] = ()
    receivers: tuple[str, ...] = ()
    guides: tuple[GuideMeasure, ...] = ()
    contents: tuple[WalkContent, ...] = ()
    owing: frozenset[int] = frozenset()
    unsent: tuple[str, ...] | None = None

    @property
    def silent(self) -> tuple[str, ...]:
        """Units of the list without any reported walk, in the order of the list; one that is 未达标 has walked."""
        return tuple(line.name for line in self._silent_lines)

    @property
    def unexplained(self) -> tuple[str, ...]:
        """Those of them that owe something and gave no 零报告 with its reason; known where both were read."""
        owing = (line.name for line in self._silent_lines if line.unit_id in self.owing)
        return tuple(unit for unit in owing if unit not in self.zero)

    @property
    def zero(self) -> tuple[str, ...]:
        """Units that gave a 零报告, in the order of the list."""
        given = {name for one in self.table.zero for _, name in one.units}
        listed = [line.name for line in self.table.lines if line.name in given]
        return (*listed, *sorted(given - set(listed)))

    @property
    def zero_by_period(self) -> str:
        """第23周2个单位（县民政局、县公安局）；…: who gave one for which of several reporting periods; "" where
        the units report by just this period."""
        if self.rules.is_handed_in(self.query.period) or not self.zero:
            return ""
        labels = short_labels([one.period for one in self.table.zero])
        return "；".join(
            f"{label}{len(one.units)}个单位（{'、'.join(name for _, name in one.units)}）"
            for label, one in zip(labels, self.table.zero, strict=True)
        )

    @property
    def explained(self) -> tuple[str, ...]:
        """Those of the silent ones that gave a 零报告 with its reason."""
        return tuple(unit for unit in self.silent if unit in self.zero)

    @property
    def _silent_lines(self) -> list[SummaryLine]:
        return [line for line in self.table.lines if line.silent and not line.values["short"]]

    @property
    def short(self) -> tuple[str, ...]:
        """Units of the list whose walks are all 未达标, in the order of the list."""
        return tuple(line.name for line in self.table.lines if line.silent and line.values["short"])

    @property
    def is_part(self) -> bool:
        """The paper of a receiving unit: it covers what that unit received, and of nothing else."""
        return self.query.report_scope.kind == "lead"

    @property
    def outside(self) -> dict[str, int]:
        """What the totals count and no kind of activity has: problems that no walk found, with what became of them."""
        total = self.table.total.values
        return {key: total[key] - sum(line.values[key] for line in self.activities) for key in OF_PROBLEMS}

    @property
    def late(self) -> tuple[tuple[str, int], ...]:
        """Responsible units with overdue issues and how many (件), in the order of the list."""
        return tuple((one.unit, one.overdue) for one in self.charges if one.overdue)

    @property
    def rebounded(self) -> tuple[tuple[str, int], ...]:
        """Responsible units whose issues came back after a look-back and how many (件), in the order of the list."""
        return tuple((one.unit, one.rebounds) for one in self.charges if one.rebounds)

    @property
    def criticised(self) -> list[str]:
        """The units that there is something to criticise of: those of the list in its order, then others."""
        named = {*self.unexplained, *self.sent_late, *(self.unsent or ()), *(one.unit for one in self.charges)}
        listed = [line.name for line in self.table.lines if line.name in named]
        return [*listed, *sorted(named - set(listed))]


def period_material(query: ReportQuery) -> PeriodMaterial:
    """The material of one period; a constant number of queries."""
    _, rules = rules_for(query.campaign.pk, query.period, query.as_of)
    # The paper of a receiving unit or of a unit names nobody for a 零报告: the coordinating office does.
    table = table_with_zero(query, rules) if query.report_scope.kind == "all" else table_of(query)
    return PeriodMaterial(
        query=query,
        rules=rules,
        author=author_of(query),
        table=table,
        activities=tuple(activity_lines(query)),
        items=tuple(query.names.item(pk, name) for pk, name in _items(query)),
        problems=tuple(_problems(query)),
        improvements=tuple(_improvements(query)),
        practices=tuple(_practices(query)),
        charges=tuple(charges_of(query, table)),
        sent_late=tuple(_sent_late(query, rules)),
    )


def unit_material(query: ReportQuery) -> PeriodMaterial:
    """The material of a paper that a unit writes: also to whom it goes, and its measures about lists and guides."""
    material = period_material(query)
    return replace(
        material, receivers=tuple(_receivers(query, material.rules)), guides=tuple(_guide_measures(query))
    )  # fmt: skip


def effect_words(reduction: str, before: int, after: int) -> str:
    """An effect with both numbers, in the unit of its kind."""
    return f"{FIGURES[f'effect_{reduction}'].label}{before}→{after}{EFFECT_UNITS[reduction]}"


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
    fields = ("pk", "as_of_responsible_department", "as_of_owner", "walk__item_id", "walk__item_name")
    known = {pk: found for pk, *found in figures.issues(query).values_list(*fields)}
    for issue, text, reduction, before, after in rows.values_list("issue_id", "text", "reduction", "before", "after"):
        unit, owner, item, name = known[issue]
        named = query.names.unit(unit, owner), query.names.item(item, name)
        yield Improvement(*named, " ".join(text.split()), reduction, before, after)


def _practices(query: ReportQuery) -> Iterator[GoodPractice]:
    """Marked by the day of judging, on issues that were closed then."""
    closed = figures.issues(query).filter(as_of_state__in=CLOSED_STATES, practice_on__lte=query.as_of)
    fields = ("as_of_responsible_department", "as_of_owner", "item_id", "item__name", "good_practice")
    for unit, owner, item, name, text in closed.exclude(good_practice="").order_by("number").values_list(*fields):
        named = query.names.unit(unit, owner), query.names.item(item, name or "")
        yield GoodPractice(*named, " ".join(text.split()))


def charges_of(query: ReportQuery, table: SummaryTable) -> list[Charge]:
    """Responsible units with overdue issues or ones that came back, whoever found them; units beyond the list of
    ``table`` stand behind it. One query."""
    fields = ("as_of_responsible_department", "as_of_owner")
    rows = figures.issues(query).order_by(*fields).values_list(*fields)
    counts = {key: Count("pk", filter=FIGURES[key].condition(query)) for key in ("overdue", "rebounds")}
    place = {line.unit_id: number for number, line in enumerate(table.lines)}
    found = [row for row in rows.annotate(**counts) if row[0] and (row[2] or row[3])]
    found.sort(key=lambda row: (place.get(row[0], len(place)), row[0]))
    return [Charge(query.names.unit(unit, name), *numbers) for unit, name, *numbers in found]


def _sent_late(query: ReportQuery, rules: Rulebook) -> list[str]:
    """The units that sent late, each once. Nobody for the part of a receiving unit and for a unit: the coordinating
    office names them."""
    if query.report_scope.kind != "all":
        return []
    codes = [one.code for one in ending_in(rules, query.period)]
    rows = sent_late(query.campaign, codes, until=query.as_of)
    named = rows.values_list("department_id", "department__name")
    return list(dict.fromkeys(query.names.unit(pk, name) for pk, name in named))


def _receivers(query: ReportQuery, rules: Rulebook) -> list[str]:
    """Who receives from the unit of the scope, the leading receiver of each part first; where ``query`` is of the kinds
    of one part, the receivers of that part. What was sent keeps its receivers for the period."""
    [unit] = query.report_scope.departments
    kept = receivers_sent_to(query.campaign, query.period, unit)
    # The parts of one sending are written one after the other: some stand already, others do not yet.
    found = _of_part(query, kept) or _of_part(query, _receivers_owed(query, rules, unit))
    order = dict.fromkeys(pk for held in found for pk in held)
    names = unit_names(order)
    return [query.names.unit(pk, names[pk]) for pk in order]


def _receivers_owed(query: ReportQuery, rules: Rulebook, unit: int) -> ReceiversByKinds:
    parts = parts_of(query.campaign, rules, query.period, today=query.as_of, unit_id=unit)
    return [(part.activity_kinds, (part.receiver, *part.also)) for part in parts]


def _of_part(query: ReportQuery, parts: ReceiversByKinds) -> list[tuple[int, ...]]:
    """The receivers of the part that ``query`` is of; of every part where it is of all kinds."""
    return [held for kinds, held in parts if query.activities is None or kinds == query.activities]


def _guide_measures(query: ReportQuery) -> Iterator[GuideMeasure]:
    states = dict(figures.issues(query).values_list("pk", "as_of_state"))
    rows = figures.measures(query).filter(Q(text__contains="指南") | Q(text__contains="目录"))
    fields = ("issue_id", "issue__walk__item_id", "issue__walk__item_name", "text")
    for issue, item, name, text in rows.order_by("issue__number", "order", "id").values_list(*fields):
        yield GuideMeasure(query.names.item(item, name), " ".join(text.split()), states[issue] in CLOSED_STATES)
