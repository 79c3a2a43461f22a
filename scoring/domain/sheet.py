"""The score of a unit: each point of the rubric with the records it counts and what they take off. Pure.

Every sum is in whole tenths of a 分. A record only ever takes off, so more of them never score more; an issue that is
in time makes no record, so it never scores less (docs/rules.md rule 11).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from campaigns.domain.rulebook.rubric import TENTHS, UNIT_OF, ScorePoint, Scoring
from campaigns.enums import ScorePer


@dataclass(frozen=True)
class Record:
    """One thing counted. ``kind`` and ``ref`` name the row it opens: an issue by its number, a walk or a plan by its
    id; ``duty``: what was owed and not done, which has no row. ``number`` of times it counts; ``workdays`` it is late
    (at least 1 where it is late at all, 0 where it has no date)."""

    kind: str
    ref: str
    words: str
    number: int = 1
    workdays: int = 0


@dataclass(frozen=True)
class ScoreLine:
    """One point of one unit. ``deducted`` by the records, never more than the point's maximum; ``restored`` by
    objections that were agreed to, never more than was deducted."""

    point: ScorePoint
    records: tuple[Record, ...] = ()
    noted: int = 0
    restored: int = 0

    @property
    def number(self) -> int:
        """How often the rule was met with: the sum of the records."""
        return sum(record.number for record in self.records)

    @property
    def counted(self) -> int:
        """What the deduction is multiplied with: times, or 工作日."""
        if self.point.per == ScorePer.WORKDAY:
            return sum(record.workdays for record in self.records)
        return self.number

    @property
    def deducted(self) -> int:
        taken = self.noted if self.point.is_manual else self.counted * self.point.deduction
        return min(taken, self.point.maximum)

    @property
    def given_back(self) -> int:
        return min(self.restored, self.deducted)

    @property
    def left(self) -> int:
        """What the point takes off in the end: against this an objection is made."""
        return self.deducted - self.given_back

    @property
    def score(self) -> int:
        return self.point.maximum - self.left

    @property
    def counted_words(self) -> str:
        """2 件, 逾期 5 个工作日, or "" where nothing was counted."""
        if not self.records:
            return ""
        unit = UNIT_OF[self.point.rule]
        late = f"，计 {self.counted} 个工作日" if self.point.per == ScorePer.WORKDAY else ""
        return f"{self.number} {unit}{late}"


@dataclass(frozen=True)
class UnitScore:
    """One unit's line of the table, and its sheet."""

    id: int
    name: str
    lines: tuple[ScoreLine, ...]

    @property
    def total(self) -> int:
        return sum(line.score for line in self.lines)

    def of_head(self, head: str) -> int:
        """The score (tenths) under one heading."""
        return sum(line.score for line in self.lines if line.point.head == head)

    def line_of(self, name: str) -> ScoreLine | None:
        return next((line for line in self.lines if line.point.name == name), None)


Facts = Mapping[tuple[int, str], Iterable[Record]]
# (unit, name of the point) → tenths
Amounts = Mapping[tuple[int, str], int]


def score_unit(
    unit_id: int,
    name: str,
    scoring: Scoring,
    facts: Facts,
    *,
    noted: Mapping[tuple[int, str], Iterable[tuple[str, int]]] | None = None,
    restored: Amounts | None = None,
) -> UnitScore:
    """The sheet of one unit. ``facts``: (unit, rule) → records; ``noted``: (unit, point) → (words, tenths) of manual
    notes a second person agreed to; ``restored``: (unit, point) → tenths given back."""
    lines = []
    for point in scoring.points:
        key = (unit_id, point.name)
        line = ScoreLine(point, restored=(restored or {}).get(key, 0))
        if point.is_manual:
            notes = list((noted or {}).get(key, ()))
            records = tuple(Record("note", "", words) for words, _ in notes)
            line = replace(line, records=records, noted=sum(tenths for _, tenths in notes))
        else:
            line = replace(line, records=tuple(facts.get((unit_id, point.rule), ())))
        lines.append(line)
    return UnitScore(unit_id, name, tuple(lines))


def as_data(units: Iterable[UnitScore]) -> list[dict]:
    """Canonical JSON form, with the scores written out for whoever reads it without this module."""
    return [
        {
            "id": unit.id,
            "name": unit.name,
            "total": unit.total / TENTHS,
            "lines": [
                asdict(line) | {"records": [asdict(one) for one in line.records], "score": line.score / TENTHS}
                for line in unit.lines
            ],
        }
        for unit in units
    ]


def from_data(data: Iterable[dict]) -> list[UnitScore]:
    """The sheets of what ``as_data`` gave."""
    return [UnitScore(unit["id"], unit["name"], tuple(_line(line) for line in unit["lines"])) for unit in data]


def _line(data: dict) -> ScoreLine:
    records = tuple(Record(**record) for record in data["records"])
    return ScoreLine(ScorePoint(**data["point"]), records, data["noted"], data["restored"])
