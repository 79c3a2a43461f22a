"""The rows of an office's register of walks (走流程情况登记表): walks, with the problems found on them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import Department, User
from campaigns.enums import ActivityKind, WalkMode
from campaigns.models import Campaign
from catalogue.models import ServiceItem
from core.exceptions import Refused
from core.tabular import Row, split_names, word_key
from core.tabular.fitting import gathered
from core.text import normalize_text
from issues.domain.imported import ImportedIssue
from issues.domain.intake import SOURCE_OF_KIND
from issues.enums import Track
from ledgers.domain.cells import CellReader
from ledgers.domain.notes import joined
from ledgers.domain.shapes import WALK_COLUMNS
from ledgers.domain.states import RowProgress, contradictions, state_of
from ledgers.domain.walkers import NamedWalkers, read_person
from walks.domain.imported import ImportedWalk
from walks.enums import ROLE_OF_KIND

PROBLEM = 2000
BEGINS = ("体验日期", "体验事项", "体验人")
KINDS = {word_key(kind.label): kind for kind in ActivityKind} | {
    word_key(role.label): ActivityKind(kind) for kind, role in ROLE_OF_KIND.items()
}
MODES = {word_key(mode.label): mode for mode in WalkMode} | {
    word_key("帮代办"): WalkMode.ON_BEHALF, word_key("亲自办"): WalkMode.IN_PERSON, word_key("网上办"): WalkMode.ONLINE,
    word_key("掌上办"): WalkMode.ONLINE, word_key("现场办"): WalkMode.IN_PERSON, word_key("陪办"): WalkMode.ACCOMPANY,
}  # fmt: skip
_UNIT_OF_TITLE = re.compile(r"(?:填报单位|体验单位|单位)(?:\([^)]*\))?[:：]\s*(\S+)")


@dataclass
class WalkLine:
    """One walk of the table, whose faults stand on ``rows``. ``walk`` is None for a row with a fault."""

    rows: list[Row]
    day: date | None = None
    unit: Department | None = None
    item: ServiceItem | None = None
    people: tuple[tuple[User, str], ...] = ()
    walk: ImportedWalk | None = None
    problems: list[ImportedIssue] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.rows[0].number

    @property
    def has_faults(self) -> bool:
        return any(row.errors for row in self.rows)


class WalkReader(CellReader):
    """Reads the rows of a register for one campaign."""

    def __init__(self, campaign: Campaign, *, make_people: bool = False, **said: Any):
        super().__init__(campaign, **said)
        self.walkers = NamedWalkers(campaign.region, create_missing=make_people)

    def read(self, rows: Sequence[Row]) -> list[WalkLine]:
        """A line for each walk; faults are noted at their cells."""
        self.find_year(rows, "体验日期")
        lines = []
        for group in gathered(rows, BEGINS):
            for more in group[1:]:
                self.notes.say(more.number, f"接在第 {group[0].number} 行之后，作为同一次体验读入。")
            lines.append(self._line(group))
        return lines

    def _line(self, group: list[Row]) -> WalkLine:
        line, row = WalkLine(group), group[0]
        line.day, line.unit = self._day(row), self._unit(row)
        line.people = self._people(row, line.unit) if line.unit else ()
        line.item = self.item(row, "体验事项", line.unit)
        if not row.text("体验事项"):
            row.refuse("体验事项", "不能为空")
        kind = self._choice(row, "角色", KINDS, ActivityKind.PROCESS)
        mode = self._choice(row, "体验形式", MODES, WalkMode.IN_PERSON)
        if line.day and line.unit and line.item and line.people:
            line.walk = self._walk(line, line.day, line.unit, line.item, kind, mode)
            line.problems = [one for part in group for one in self._problems(part, line.walk)]
        if line.has_faults:
            line.walk = None
        return line

    def _day(self, row: Row) -> date | None:
        faults, day = len(row.errors), self.day(row, "体验日期")
        if day and day > self.today:
            row.refuse("体验日期", "晚于今天")
        elif day is None and len(row.errors) == faults:
            row.refuse("体验日期", "不能为空")
        return day

    def _unit(self, row: Row) -> Department | None:
        if row.has("单位"):
            found = self.departments(row, "单位")
            if not found and not row.text("单位"):
                row.refuse("单位", "不能为空")
            return found[0] if found else None
        named = next((match[1] for text in self.title if (match := _UNIT_OF_TITLE.search(normalize_text(text)))), "")
        if not named:
            row.refuse("体验人", "表中没有单位一列，表题也没有写明填报单位")
            return None
        self.notes.say(row.number, f"没有单位一列，按表题的填报单位“{named}”读入。")
        found = self.units_named(row, "体验人", [named])
        return found[0] if found else None

    def _people(self, row: Row, unit: Department) -> tuple[tuple[User, str], ...]:
        named = [read_person(text) for text in split_names(row.text("体验人"))]
        found: list[tuple[User, str]] = []
        for place, (name, title) in enumerate(named):
            try:
                user, capacity = self.walkers.find(name, title or (row.text("职务") if place == 0 else ""), unit)
            except Refused as refused:
                row.refuse("体验人", refused.message)
                continue
            if all(user is not one for one, _ in found):
                found.append((user, capacity))
        if not named:
            row.refuse("体验人", "不能为空")
        return tuple(found)

    def _choice(self, row: Row, column: str, words: dict[str, Any], default: str) -> str:
        text = row.text(column)
        if not text:
            return default
        if word_key(text) not in words:
            row.refuse(column, f"应为：{'、'.join(dict.fromkeys(str(one.label) for one in words.values()))}")
        return words.get(word_key(text), default)

    def _walk(
        self, line: WalkLine, day: date, unit: Department, item: ServiceItem, kind: str, mode: str
    ) -> ImportedWalk:
        row, (version, rules) = line.rows[0], self.rules_on(day)
        receivers = self.receivers(kind, unit, day)
        others = [f"{name}：{text}" for name in row.cells if name not in WALK_COLUMNS and (text := row.text(name))]
        delegated = "受委托代为体验" if row.has("是否委托") and row.yes("是否委托") else ""
        return ImportedWalk(
            version, rules.period_of(day).code, day, unit, receivers, item, line.people, kind, mode,
            place=row.text("地点或渠道", limit=120),
            note=joined([row.text("备注"), delegated, *others]),
        )  # fmt: skip

    def _problems(self, row: Row, walk: ImportedWalk) -> list[ImportedIssue]:
        """The problems of one row of the file, its measures with them: point by point where there are as many."""
        texts, measures = self.points(row, "发现问题", limit=PROBLEM), self.points(row, "整改措施")
        if not texts:
            if measures:
                row.refuse("整改措施", "没有发现问题，不应有整改措施")
            return []
        units, due = self.departments(row, "责任单位"), self.due(row, "完成时限", walk.day)
        paired = [(one,) for one in measures] if len(measures) == len(texts) else [measures, *[()] * (len(texts) - 1)]
        if measures and len(measures) != len(texts) > 1:
            self.notes.say(row.number, f"有 {len(texts)} 个问题、{len(measures)} 条措施，措施都记在第一个问题下。")
        found = []
        for text, own in zip(texts, paired, strict=True):
            said = RowProgress(walk.day, self.today, has_unit=True, has_measures=bool(own), due_on=due.day)
            for column, words in contradictions(said):
                row.refuse("完成时限" if column == "整改时限" else column, words)
            found.append(self._problem(text, own, units, due.track, said, walk))
        return found

    def _problem(
        self,
        text: str,
        measures: tuple[str, ...],
        units: list[Department],
        track: str,
        said: RowProgress,
        walk: ImportedWalk,
    ) -> ImportedIssue:
        unit, *helping = units or [walk.department]
        facts = {
            "state": state_of(said),
            "description": text,
            "found_on": walk.day,
            "period": walk.period,
            "region_id": walk.department.region_id,
            "discovering_department": walk.department,
            "source": SOURCE_OF_KIND[walk.activity_kind],
            "item": walk.item,
            "lead_department": walk.receivers[0],
            "proposed_department": unit,
            "proposed_name": unit.name,
            "responsible_department": unit,
            "track": track or Track.LIMITED,
            **self.dated(said.due_on),
        }
        return ImportedIssue(facts, measures, tuple(one for one in helping if one != unit), event=said.days())
