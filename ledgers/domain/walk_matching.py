"""Knowing a walk of a register again: by day, unit, item and who walked.

Only what the person sees is looked through: a covert walk that exists for the people named on it alone is never found.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from accounts.models import User
from campaigns.models import Campaign
from ledgers.domain.finders import name_key
from ledgers.domain.matching import CREATED, UNCHANGED
from ledgers.domain.walk_reading import WalkLine
from ledgers.models import ImportedRow
from walks.domain.covert import not_hidden
from walks.domain.queries import walks_visible_to
from walks.enums import WalkState
from walks.models import Walk


@dataclass
class PlannedWalk:
    """What an import does with a line; ``known``: the walk it names. ``why``: what is said of it, or ""."""

    line: WalkLine
    fingerprint: str
    content: str
    known: UUID | None = None
    outcome: str = CREATED
    why: str = ""


class KnownWalks:
    """The walks of a campaign that a person sees (None: the command, all but covert ones not yet reported); two
    queries."""

    def __init__(self, campaign: Campaign, actor: User | None):
        rows = ImportedRow.objects.filter(batch__campaign=campaign, walk__isnull=False).order_by("id")
        self.imported = dict(rows.values_list("walk_id", "content"))
        # Nobody's clearance counts here: what an import leaves out is seen by others in its counts.
        seen = (walks_visible_to(actor) if actor else Walk.objects.all()).filter(not_hidden())
        seen = seen.filter(campaign=campaign).exclude(state=WalkState.CANCELLED).order_by("started_at", "pk")
        fields = ("pk", "walk_date", "department_id", "item_name", "walker__name")
        self.by_print: dict[str, UUID] = {}
        for pk, *facts in seen.values_list(*fields):
            self.by_print.setdefault(walk_print(*facts), pk)


def walk_print(day: date | None, unit_id: int | None, item: str, walker: str) -> str:
    """Equal for two rows of one day, unit, item and walker."""
    return hashlib.sha256(f"{day}|{unit_id or ''}|{name_key(item)}|{name_key(walker)}".encode()).hexdigest()


def plan_walks(lines: Sequence[WalkLine], known: KnownWalks) -> list[PlannedWalk]:
    """What becomes of each line; one that stands twice in the table is a fault of its cell."""
    planned: list[PlannedWalk] = []
    first: dict[str, int] = {}
    for line in lines:
        walker = line.people[0][0].name if line.people else ""
        item = line.item.name if line.item else ""
        wanted = walk_print(line.day, line.unit.pk if line.unit else None, item, walker)
        if line.walk and first.setdefault(wanted, line.number) != line.number:
            line.rows[0].refuse("体验事项", f"与第 {first[wanted]} 行是同一次体验（日期、单位、事项、体验人都相同）")
        row = PlannedWalk(line, wanted, content_of_walk(line), known.by_print.get(wanted))
        if row.known:
            row.outcome = UNCHANGED
            if row.known not in known.imported:
                row.why = "的体验系统中已有，不由导入改动"
            elif known.imported[row.known] != row.content:
                row.why = "的体验已经导入，报送后的内容不再改动；新的问题请在台账中导入"
        planned.append(row)
    return planned


def content_of_walk(line: WalkLine) -> str:
    """Equal for two lines that say the same."""
    said = [
        [problem.facts["description"], problem.measures, str(problem.facts["due_on"]), problem.facts["track"],
         problem.facts["responsible_department"].name, [unit.name for unit in problem.cooperating]]
        for problem in line.problems
    ]  # fmt: skip
    place = [line.walk.place, line.walk.note, line.walk.mode, line.walk.activity_kind] if line.walk else []
    return hashlib.sha256(json.dumps([place, said], ensure_ascii=False).encode()).hexdigest()
