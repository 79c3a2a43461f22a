"""The rows of an office's ledger as issues: what each column says, in which state that leaves the issue."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import Department
from campaigns.enums import ActivityKind
from campaigns.models import Campaign
from core.tabular import Row
from core.tabular.fitting import gathered
from issues.domain.imported import ImportedIssue
from issues.domain.incoming.reporter import Reporter
from issues.domain.intake import SOURCE_OF_KIND
from issues.enums import CLOSED_STATES, IssueSource, Satisfaction, Track
from issues.exports.row_mark import HEADER, read_mark
from ledgers.domain.cells import CellReader, merged_row
from ledgers.domain.notes import joined
from ledgers.domain.shapes import LEDGER_COLUMNS
from ledgers.domain.states import RowProgress, contradictions, state_of
from ledgers.domain.words import FAILED, read_grade, read_look_back, read_source, read_struck_off, read_track

KIND_OF_SOURCE = {source.value: kind for kind, source in SOURCE_OF_KIND.items()}
REMARK = 500
# Of a record that goes on over several rows, the cells that add up.
ADDS_UP = ("责任单位", "配合单位", "整改措施", "整改进展", "备注")


@dataclass
class LedgerLine:
    """One issue of the table, whose faults stand on ``row``. ``issue`` is None for a row with a fault.

    ``other_columns``: {column: value} of the columns that are none of ours.
    """

    row: Row
    original_number: str
    description: str
    found_on: date | None = None
    unit: Department | None = None
    issue: ImportedIssue | None = None
    other_columns: dict[str, str] = field(default_factory=dict)


class LedgerReader(CellReader):
    """Reads the rows of a ledger for one campaign."""

    def __init__(self, campaign: Campaign, **said: Any):
        super().__init__(campaign, **said)
        self.categories = {name for _, rules, *_ in self.versions for name in rules.rectification.categories}
        self.periods: dict[date, str] = {}

    def read(self, rows: Sequence[Row]) -> list[LedgerLine]:
        """A line for each issue; faults are noted at their cells."""
        self.find_year(rows, "发现日期")
        self._leave_running_numbers(rows)
        for row in rows:
            if HEADER in row.cells and read_mark(row.text(HEADER)):
                del row.cells[HEADER]
        lines = []
        for group in gathered(rows, ("存在问题",)):
            for more in group[1:]:
                self.notes.say(more.number, f"接在第 {group[0].number} 行之后，作为同一个问题读入。")
            lines.append(self._line(merged_row(group, ADDS_UP) if len(group) > 1 else group[0]))
        self._name_columns(lines)
        return lines

    def _leave_running_numbers(self, rows: Sequence[Row]) -> None:
        """编号 in place of 序号 that only counts the rows is nobody's number: the next table begins with 1 again."""
        told = [row.text("问题编号") for row in rows]
        if len(rows) and not rows[0].has("序号") and told == [str(number) for number in range(1, len(rows) + 1)]:
            for row in rows:
                row.cells["序号"] = row.cells.pop("问题编号")
                self.notes.say(row.number, "的编号只是顺序号，不作为原编号。")

    def _line(self, row: Row) -> LedgerLine:
        line = LedgerLine(row, row.text("问题编号", limit=60), row.text("存在问题", required=True, limit=2000))
        line.found_on = self._found_on(row)
        line.other_columns = {
            name: text for name in row.cells if name not in LEDGER_COLUMNS and (text := row.text(name))
        }
        named = self.departments(row, "责任单位")
        line.unit = named[0] if named else None
        helping = [*named[1:], *(self.departments(row, "配合单位") if row.has("配合单位") else [])]
        if line.found_on:
            issue = self._issue(line, line.found_on, [one for one in helping if one != line.unit])
            line.issue = None if row.errors else issue
        return line

    def _found_on(self, row: Row) -> date | None:
        if not row.has("发现日期") and self.as_of:
            self.notes.say(row.number, f"没有发现日期，按表题的日期 {self.as_of} 读入。")
            return self.as_of
        faults = len(row.errors)
        day = self.day(row, "发现日期")
        if day is None and len(row.errors) == faults:
            row.refuse("发现日期", "不能为空")
        return day

    def _issue(self, line: LedgerLine, found_on: date, helping: list[Department]) -> ImportedIssue:
        row, unit = line.row, line.unit
        finders = self.departments(row, "发现单位") if row.has("发现单位") else []
        found_by = finders[0] if finders else unit or self.campaign.office
        due, measures = self.due(row, "整改时限", found_on), self.points(row, "整改措施")
        person = row.text("责任人", limit=60)
        said = self._said(row, found_on, due.day, has_unit=unit is not None, has_person=bool(person),
                          has_measures=bool(measures))  # fmt: skip
        for column, words in contradictions(said):
            row.refuse(column, words)
        source, source_word = self._source(row)
        facts = {
            "original_number": line.original_number,
            "description": line.description,
            "found_on": found_on,
            "period": self._period(found_on),
            "region_id": found_by.region_id,
            "discovering_department": found_by,
            "source": source,
            "source_number": row.text("来源编号", limit=60),
            "item": self.item(row, "体验事项", unit or found_by),
            "category": self._category(row),
            "lead_department": self._lead(row, source, found_by, found_on),
            "remark": self._remark(line, source_word),
            "track": self._track(row) or due.track or (Track.LIMITED if unit else ""),
            **self._owner(row, unit, person),
            **self._progress(row, said),
        }
        finding = row.text("回头看情况") if said.look_back == FAILED else ""
        return ImportedIssue(facts, tuple(measures), tuple(helping), finding, said.days(), self._told(row))

    def _said(self, row: Row, found_on: date, due_on: date | None, **has: bool) -> RowProgress:
        struck_off, look_back = self._struck_off(row), self._look_back(row)
        done_on = self.day(row, "完成日期")
        if struck_off and not row.has("完成日期") and self.as_of and self.as_of >= found_on:
            done_on = self.as_of
            self.notes.say(row.number, f"没有完成日期，已销号的按表题的日期 {self.as_of} 读入。")
        return RowProgress(found_on, self.today, due_on=due_on, done_on=done_on, is_struck_off=struck_off,
                    look_back=look_back, **has)  # fmt: skip

    def _struck_off(self, row: Row) -> bool:
        text = row.text("是否销号")
        told = read_struck_off(text)
        if told is None:
            row.refuse("是否销号", "应填“是”或“否”（已销号、未销号）")
            return False
        if told[1]:
            self.notes.read(row.number, "是否销号", text, "未销号")
        return told[0]

    def _look_back(self, row: Row) -> str:
        text = row.text("回头看情况", limit=500)
        told = read_look_back(text)
        if told is None:
            self.notes.read(row.number, "回头看情况", text, "尚无结论，文字照记")
        return told or ""

    def _source(self, row: Row) -> tuple[str, str]:
        """(source, the word of the cell where it is none of ours)."""
        text = row.text("来源")
        found = read_source(text)
        if found is None:
            self.notes.read(row.number, "来源", text, "其他，原文记入备注")
            return IssueSource.OTHER, f"来源：{text}"
        return found, ""

    def _told(self, row: Row) -> Reporter | None:
        """What came with a reported problem; None where the row says nothing of it."""
        grade = read_grade(row.text("满意度"))
        if grade is None:
            row.refuse("满意度", f"应为：{'、'.join(Satisfaction.labels)}")
        told = Reporter(
            name=row.text("反映人", limit=60), phone=row.text("反映人电话", limit=40),
            reply=row.text("答复", limit=1000), satisfaction=grade or "",
        )  # fmt: skip
        return told if told != Reporter() else None

    def _track(self, row: Row) -> str:
        track = read_track(row.text("整改类型"))
        if track is None:
            row.refuse("整改类型", f"应为：{'、'.join(Track.labels)}")
        return track or ""

    def _category(self, row: Row) -> str:
        category = row.text("分类", limit=40)
        if category and self.categories and category not in self.categories:
            self.notes.read(row.number, "分类", category, "活动分类以外的一类，照记")
        return category

    def _lead(self, row: Row, source: str, found_by: Department, day: date) -> Department:
        """The lead the row names, else who received such walks of that unit on that day, else the office."""
        named = self.departments(row, "牵头单位")
        if named:
            return named[0]
        return self.receivers(KIND_OF_SOURCE.get(source, ActivityKind.PROCESS), found_by, day)[0]

    def _owner(self, row: Row, unit: Department | None, person: str) -> dict[str, Any]:
        return {
            "proposed_department": unit,
            "proposed_name": unit.name if unit else "",
            "responsible_department": unit,
            "responsible_name": person,
            "responsible_person_id": self.people.of_unit(person, unit) if person else None,
            "contact_phone": row.text("联系电话", limit=20),
        }

    def _progress(self, row: Row, said: RowProgress) -> dict[str, Any]:
        """The state, and what it has of dates and of who struck it off."""
        state, closer = state_of(said), row.text("验收人", limit=60)
        closed_by = self.people.of_region(closer) if closer else None
        is_closed = state in CLOSED_STATES
        progress = row.text("整改进展", limit=1000)
        done = f"{said.done_on} 完成整改" if said.done_on and not is_closed else ""
        return {
            "state": state,
            **self.dated(said.due_on),
            "progress": joined([progress, done])[:1000],
            "result": progress if is_closed else "",
            "closing_requested_on": said.done_on if is_closed else None,
            "closed_on": said.done_on if is_closed else None,
            "closed_by_id": closed_by if is_closed else None,
            "closer_name": closer if is_closed and not closed_by else "",
            "look_back_note": row.text("回头看情况"),
            **({"round": 2, "rebounds": 1} if said.look_back == FAILED else {}),
        }

    def _remark(self, line: LedgerLine, source_word: str) -> str:
        words = [line.row.text("备注", limit=REMARK), source_word]
        whole = joined([*words, *(f"{name}：{text}" for name, text in line.other_columns.items())])
        if len(whole) <= REMARK:
            return whole
        self.notes.say(line.row.number, "其他列的文字超过备注的 500 字，只记在导入批次中。")
        return joined(words)[:REMARK]

    def _period(self, day: date) -> str:
        if day not in self.periods:
            self.periods[day] = self.rules_on(day)[1].period_of(day).code
        return self.periods[day]

    def _name_columns(self, lines: Sequence[LedgerLine]) -> None:
        for name, numbers in _other_columns(lines).items():
            for number in numbers:
                self.notes.say(number, f"的“{name}”不是台账的列，记入备注。")


def _other_columns(lines: Sequence[LedgerLine]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for line in lines:
        for name in line.other_columns:
            found.setdefault(name, []).append(line.row.number)
    return found
