"""What becomes of each row of a ledger that comes back: what is written, what waits for an action, what clashes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.models import User
from core.listing import CHUNK, read_order
from core.personal_data import find
from core.tabular import Row
from issues.columns import page_columns
from issues.domain.ledger import read_rows
from issues.domain.measure_progress import MeasureNote
from issues.domain.queries import issues_visible_to
from issues.domain.transitions import TABLE
from issues.enums import Actor
from issues.exports.row_mark import HEADER, RowMark, read_mark
from issues.models import Issue
from issues.rules import actors_of
from ledgers.domain.notes import ReadNotes
from ledgers.domain.returned.comparing import (
    NUMBER,
    Difference,
    differences,
    edited_digest,
    is_masked,
    shown_and_full,
    with_numbers,
)
from ledgers.domain.returned.measures import words_of_each

# What of the file is written: column → (action, name of the value in its data, most characters).
WRITES = {
    "doing": ("note_progress", "note", 1000),
    "phone": ("amend", "contact_phone", 20),
    "note": ("amend", "remark", 500),
    "measures_doing": ("track_measures", "note", 500),
}
# Which actions change the other columns; the first that is open to the person is offered.
ACTIONS = {
    "category": ("reclassify",),
    "unit": ("assign",),
    "person": ("plan",),
    "measures": ("plan", "add_measures"),
    "track_label": ("plan",),
    "due_on": ("plan", "ask_extension", "assign"),
    "closed_on": ("request_closing", "approve_closing"),
    "closer": ("approve_closing",),
    "struck_off": ("request_closing", "approve_closing"),
    "look_back_note": ("look_back_pass",),
}
UNKNOWN = "没有找到这个编号的问题，或者您不能查看它"
EMPTY = "空单元格不清除原有内容，没有写入"


@dataclass
class ReturnedRow:
    """``acts``: {action: its data} to carry out in order; ``cells``: [column, before, after] of what that changes;
    ``asks``: what is not written, each {column, before, after, why, url, label}."""

    row: Row
    issue: Issue | None = None
    acts: dict[str, dict[str, Any]] = field(default_factory=dict)
    cells: list[list[str]] = field(default_factory=list)
    asks: list[dict[str, str]] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        return "updated" if self.acts else "unchanged"


class ReturnPlan:
    """Compares the rows with the issues as they stand now, for one person. Faults are noted at their cells."""

    def __init__(self, actor: User, today: date):
        self.actor, self.today, self.notes = actor, today, ReadNotes()

    def read(self, rows: Sequence[Row]) -> list[ReturnedRow]:
        """A line for each row of the file. Three queries for every 1000."""
        marked = [(row, self._mark(row)) for row in rows]
        known = dict(self._issues([row.text(NUMBER) for row in rows]))
        first: dict[str, int] = {}
        return [self._line(row, mark, known, first) for row, mark in marked]

    def _mark(self, row: Row) -> RowMark | None:
        number, mark = row.text(NUMBER, required=True, limit=40), read_mark(row.text(HEADER))
        if number and mark is None:
            row.refuse(HEADER, "没有导出时的版本，请重新导出台账，在新的文件中修改")
        elif mark and number and mark.number != number:
            row.refuse(HEADER, f"这一行的版本属于 {mark.number}，请勿只对部分列排序或粘贴；请重新导出后修改")
        return mark

    def _issues(self, numbers: Sequence[str]) -> Iterator[tuple[str, tuple[Issue, dict]]]:
        order, _ = read_order("", page_columns(), "number")
        seen = issues_visible_to(self.actor).select_related("campaign", "walk")
        wanted = list(dict.fromkeys(filter(None, numbers)))
        for start in range(0, len(wanted), CHUNK):
            issues = {issue.pk: issue for issue in seen.filter(number__in=wanted[start : start + CHUNK])}
            for stored in read_rows(list(issues), order, self.today):
                yield stored["number"], (issues[stored["id"]], stored)

    def _line(self, row: Row, mark: RowMark | None, known: Mapping, first: dict[str, int]) -> ReturnedRow:
        number = row.text(NUMBER)
        if number and first.setdefault(number, row.number) != row.number:
            row.refuse(NUMBER, f"与第 {first[number]} 行重复，请只保留一行")
        found = known.get(number)
        if number and found is None:
            row.refuse(NUMBER, UNKNOWN)
        if row.errors or mark is None or found is None:
            return ReturnedRow(row)
        issue, stored = found
        line = ReturnedRow(row, issue)
        if mark.version > issue.version:
            row.refuse(HEADER, "版本比系统中的新，请重新导出后修改")
        elif mark.version == issue.version:
            self._compare(line, issue, stored)
        elif edited_digest(row) != mark.digest:
            self._clash(line, issue, stored, mark.version)
        return line

    def _compare(self, line: ReturnedRow, issue: Issue, stored: Mapping[str, Any]) -> None:
        actors = actors_of(self.actor, issue)
        for found in differences(line.row, stored):
            if found.column.key in WRITES:
                self._write(line, issue, found, stored, actors)
            else:
                line.asks.append(_asked(found, *_way(issue, found.column.key, actors)))

    def _write(
        self, line: ReturnedRow, issue: Issue, found: Difference, stored: Mapping[str, Any], actors: frozenset[str]
    ) -> None:
        action, name, most = WRITES[found.column.key]
        full = shown_and_full(found.column, stored)[1]
        after = with_numbers(found.after, full)
        if after in (full, stored["progress"] if name == "note" and action == "note_progress" else full):
            return
        measures = stored["measure_rows"] if action == "track_measures" else None
        why = _why_not(issue, action, actors) or ("" if after else EMPTY) or _unfit(issue, measures)
        if why:
            line.asks.append(_asked(found, why, reverse("issue", args=[issue.number]), "打开问题"))
            return
        if measures is not None:
            self._write_measures(line, found, measures)
            return
        self._check(line, found, after, full, most, name)
        line.acts.setdefault(action, {})[name] = after
        line.cells.append([found.column.label, found.before, found.after])

    def _write_measures(self, line: ReturnedRow, found: Difference, measures: Sequence[Mapping[str, Any]]) -> None:
        """The progress of each measure that is told anew; owner and date stay as they are."""
        try:
            told = words_of_each(found.after, len(measures))
        except ValueError as error:
            line.row.refuse(found.column.label, str(error))
            return
        notes, words = {}, []
        for number, (measure, said) in enumerate(zip(measures, told, strict=True), start=1):
            after = with_numbers(said, measure["progress"])
            if after and "".join(after.split()) != "".join(measure["progress"].split()):
                self._check(line, found, after, measure["progress"], WRITES[found.column.key][2], "progress")
                notes[measure["id"]] = MeasureNote(measure["owner"], measure["due_on"], after)
                words.append(f"{number}.{after}")
        if notes:
            line.acts["track_measures"] = {"notes": notes, "note": "\n".join(words)}
            line.cells.append([found.column.label, found.before, found.after])

    def _check(self, line: ReturnedRow, found: Difference, after: str, full: str, most: int, name: str) -> None:
        """Note what keeps the text from being written, and numbers of people it may hold."""
        label = found.column.label
        if len(after) > most:
            line.row.refuse(label, f"最多 {most} 个字，现有 {len(after)} 个")
        elif is_masked(after, full):
            line.row.refuse(label, "含有遮盖的号码，请写完整号码，或恢复原来的内容")
        if name != "contact_phone" and (numbers := [one for one in find(after) if one.text not in full]):
            self.notes.say(line.row.number, f"的“{label}”疑似含有{'、'.join(one.words for one in numbers)}，请核对。")

    def _clash(self, line: ReturnedRow, issue: Issue, stored: Mapping[str, Any], version: int) -> None:
        """The row was edited and the issue has changed since: both are shown, nothing is written."""
        why = f"导出后已有变动（导出时第 {version} 版，现为第 {issue.version} 版），没有写入"
        for found in differences(line.row, stored):
            full = shown_and_full(found.column, stored)[1]
            if found.column.key != "doing" or with_numbers(found.after, full) != stored["progress"]:
                line.asks.append(_asked(found, why, reverse("issue", args=[issue.number]), "打开问题"))


def _asked(found: Difference, why: str, url: str, label: str) -> dict[str, str]:
    return {
        "column": found.column.label, "before": found.before, "after": found.after, "why": why, "url": url,
        "label": label,
    }  # fmt: skip


def _unfit(issue: Issue, measures: Sequence[Mapping[str, Any]] | None) -> str:
    """Why the progress of these measures is not written; "" where it is, and where no measures are asked about."""
    if measures is None:
        return ""
    if not measures:
        return "该问题还没有整改措施，没有写入"
    late = issue.due_on and any(one["due_on"] and one["due_on"] > issue.due_on for one in measures)
    return "有措施的完成时限晚于整改时限，请先在“措施进展”中更正" if late else ""


def _why_not(issue: Issue, action: str, actors: frozenset[str]) -> str:
    """Why this person does not take the action on the issue as it stands; "" where they do."""
    step = TABLE.by_action[action]
    if issue.state not in step.sources:
        return f"现为“{issue.get_state_display()}”，不能办理“{step.label}”"
    if not actors & set(step.actors):
        return f"“{step.label}”由{'、'.join(Actor(one).label for one in step.actors)}办理，您没有此项权限"
    return ""


def _way(issue: Issue, column: str, actors: frozenset[str]) -> tuple[str, str, str]:
    """(why, address, its label) of a value that only an action changes."""
    for action in ACTIONS.get(column, ()):
        if not _why_not(issue, action, actors):
            label = TABLE.by_action[action].label
            return f"须办理“{label}”，不由表格改动", reverse("issue_act", args=[issue.number, action]), label
    return "不由表格改动，请在问题页面核对", reverse("issue", args=[issue.number]), "打开问题"
