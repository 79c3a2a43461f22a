"""Knowing a row of a ledger again: by the office's own number, else by day, unit and normalized text.

Only what the person sees is looked through: of anything else an import gives no hint.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Model, QuerySet

from accounts.models import User
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from issues.domain.imported import held_by_more
from issues.domain.queries import issues_seen_by
from issues.models import Issue
from ledgers.domain.finders import name_key
from ledgers.domain.reading import LedgerLine
from ledgers.models import ImportedRow

# What follows from other records, or from the day of the import, and is not said by the table.
DERIVED = {
    "period", "region_id", "lead_department", "due_set_on", "due_provisional", "responsible_person_id", "closed_by_id",
    "closer_name",
}  # fmt: skip
CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


@dataclass(frozen=True)
class KnownIssue:
    """An issue of the ledger. ``imported``: (content, version) its last import left; None when none made it.
    ``is_held``: it has more records than an import writes."""

    pk: int
    number: str
    version: int
    original_number: str
    imported: tuple[str, int] | None = None
    is_held: bool = False

    @property
    def is_untouched(self) -> bool:
        """Nobody has worked on it since it was brought in."""
        return self.imported is not None and self.imported[1] == self.version and not self.is_held


@dataclass
class PlannedRow:
    """What an import does with a line; ``known``: the issue the line names. ``why``: why that issue stays although
    the table says something else, or ""."""

    line: LedgerLine
    fingerprint: str
    content: str
    known: KnownIssue | None = None
    outcome: str = CREATED
    why: str = ""


class KnownIssues:
    """The issues of a campaign that a person sees (None: the command, all of them), to be asked for; four queries."""

    def __init__(self, campaign: Campaign, actor: User | None):
        rows = ImportedRow.objects.filter(batch__campaign=campaign, issue__isnull=False).order_by("id")
        last = {row[0]: row[1:] for row in rows.values_list("issue_id", "fingerprint", "content", "version")}
        self.by_number: dict[str, KnownIssue] = {}
        self.by_original: dict[str, KnownIssue] = {}
        self.by_source: dict[tuple[str, str], list[KnownIssue]] = defaultdict(list)
        self.by_print: dict[str, list[KnownIssue]] = defaultdict(list)
        held = held_by_more(Issue.objects.filter(campaign=campaign, imported_rows__isnull=False)) if last else set()
        for pk, number, original, version, source, reference, day, description, *units in _seen(campaign, actor):
            imported = last.get(pk)
            found = KnownIssue(pk, number, version, original, imported[1:] if imported else None, pk in held)
            self.by_number[name_key(number)] = found
            if original:
                self.by_original.setdefault(name_key(original), found)
            if reference:
                self.by_source[source, name_key(reference)].append(found)
            prints = (
                [imported[0]] if imported else [fingerprint(day, unit, description) for unit in dict.fromkeys(units)]
            )
            for one in prints:
                self.by_print[one].append(found)

    def find(self, line: LedgerLine, wanted: str, taken: set[int]) -> KnownIssue | None:
        """The issue a line names, of those no other line has taken."""
        key = name_key(line.original_number)
        known = self.by_number.get(key) or self.by_original.get(key) if key else None
        if known is None:
            alike = (one for one in self.by_print.get(wanted, ()) if one.pk not in taken)
            known = next((one for one in alike if not (key and one.original_number)), None)
        return known or self._of_source(line, taken)

    def _of_source(self, line: LedgerLine, taken: set[int]) -> KnownIssue | None:
        """The only issue with the line's reference of the same source: nothing that came in is counted twice."""
        facts = line.issue.facts if line.issue else {}
        key = facts.get("source", ""), name_key(facts.get("source_number", ""))
        same = self.by_source.get(key, ()) if key[1] else ()
        return same[0] if len(same) == 1 and same[0].pk not in taken else None


def _seen(campaign: Campaign, actor: User | None) -> QuerySet:
    rows = issues_seen_by(actor)
    fields = ("pk", "number", "original_number", "version", "source", "source_number", "found_on", "description")
    units = ("responsible_department_id", "discovering_department_id", "proposed_department_id")
    return rows.filter(campaign=campaign).order_by("pk").values_list(*fields, *units)


def fingerprint(day: date | None, unit_id: int | None, text: str) -> str:
    """Equal for two rows of one day, unit and text, whatever its width, case and spaces."""
    return hashlib.sha256(f"{day}|{unit_id or ''}|{name_key(text)}".encode()).hexdigest()


def content_of(line: LedgerLine) -> str:
    """Equal for two lines that say the same."""
    if line.issue is None:
        return ""
    facts = {name: _key(value) for name, value in line.issue.facts.items() if name not in DERIVED}
    said = [
        facts,
        line.issue.measures,
        [unit.pk for unit in line.issue.cooperating],
        line.issue.finding,
        line.other_columns,
    ]
    if line.issue.told:
        said.append(line.issue.told.stored())
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def _key(value: object) -> object:
    # An item the table itself makes has no id before it is stored.
    return value.name if isinstance(value, ServiceItem) else value.pk if isinstance(value, Model) else value


def plan(lines: Sequence[LedgerLine], known: KnownIssues) -> list[PlannedRow]:
    """What becomes of each line; a number that stands twice in the table is a fault of its cell."""
    first: dict[str, int] = {}
    taken: set[int] = set()
    planned = []
    for line in lines:
        key = name_key(line.original_number)
        if key and first.setdefault(key, line.row.number) != line.row.number:
            line.row.refuse("问题编号", f"与第 {first[key]} 行重复")
        wanted = fingerprint(line.found_on, line.unit.pk if line.unit else None, line.description)
        row = PlannedRow(line, wanted, content_of(line))
        row.known = known.find(line, wanted, taken)
        if row.known:
            taken.add(row.known.pk)
            _judge(row, row.known)
        planned.append(row)
    return planned


def _judge(row: PlannedRow, known: KnownIssue) -> None:
    row.outcome = UNCHANGED
    if name_key(row.line.original_number) == name_key(known.number):
        # What was exported comes back: masked, and in fewer columns than the issue has.
        row.why = "的编号是系统的编号，这些问题不由导入改动；改过的台账请用“导回台账”"
    elif known.imported is None:
        row.why = f"是系统中的问题 {known.number}，不由导入改动"
    elif known.imported[0] != row.content:
        row.outcome = UPDATED if known.is_untouched else UNCHANGED
        row.why = "" if known.is_untouched else f"（{known.number}）导入后已经办理，没有改动"


def twice(planned: Iterable[PlannedRow]) -> list[list[int]]:
    """The numbers of rows that say the same day, unit and text without numbers of their own, each group of them."""
    count = Counter(row.fingerprint for row in planned if not row.line.original_number)
    found: dict[str, list[int]] = defaultdict(list)
    for row in planned:
        if not row.line.original_number and count[row.fingerprint] > 1:
            found[row.fingerprint].append(row.line.row.number)
    return list(found.values())
