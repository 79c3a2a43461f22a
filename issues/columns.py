"""The columns of the ledger: one list for the page, the workbook, the API and ``docs/ledger-columns.md``.

A column added to ``LEDGER`` appears in all of them. Nothing here reads the database.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.listing import ListColumn
from core.text import mask_phone
from issues.enums import (
    CLOSED_STATES,
    ENDED_STATES,
    MARK_LABELS,
    MARKS,
    CauseDepth,
    IssueSource,
    IssueState,
    Track,
)


@dataclass(frozen=True)
class LedgerColumn(ListColumn):
    """A column of a list, and where its value comes from and goes to.

    ``reads``: paths of the issue to read for it; the key itself when there are none. ``cell`` makes the value from the
    row of what was read (with ``measure_rows``, the measures of the latest round); None: the first path as it is.
    ``export``: the column belongs to the workbook, in the order of ``LEDGER``.
    ``api``: fields of the API that carry it; None: those named in ``reads``.
    """

    reads: tuple[str, ...] = ()
    cell: Callable[[Mapping[str, Any]], Any] | None = None
    export: bool = False
    api: tuple[str, ...] | None = None

    @property
    def paths(self) -> tuple[str, ...]:
        """What is read from the database for the value."""
        return self.reads or (self.key,)

    @property
    def api_names(self) -> tuple[str, ...]:
        """The fields of the API that carry the value or what it is made from."""
        return self.paths if self.api is None else self.api


def measure_text(measures) -> str:
    """One measure a line, numbered when there are several."""
    if len(measures) == 1:
        return measures[0]["text"]
    return "\n".join(f"{number}.{measure['text']}" for number, measure in enumerate(measures, start=1))


def marks_in_words(marked: Mapping[str, Any]) -> str:
    """重点、高频, of {mark: whether it is set}; "" where nothing is marked."""
    return "、".join(label for name, label in MARK_LABELS.items() if marked[name])


def _label(path: str, choices) -> Callable[[Mapping[str, Any]], str]:
    labels = dict(choices)
    return lambda row: labels.get(row[path], "")


def _phone(row) -> str:
    return mask_phone(row["contact_phone"]) if row["contact_phone"] else ""


def _measures(row) -> str:
    return measure_text(row["measure_rows"])


def _measures_doing(row) -> str:
    """One measure a line under its number, as ``measure_text``; "" while nothing is noted of any."""
    told = [" ".join(measure["progress"].split()) for measure in row["measure_rows"]]
    if len(told) < 2 or not any(told):
        return "".join(told)
    return "\n".join(f"{number}.{words}" for number, words in enumerate(told, start=1))


def _doing(row) -> str:
    return row["result"] or row["progress"]


def _closer(row) -> str:
    return row["closed_by__label"] or row["closer_name"]


def _struck_off(row) -> str:
    return "是" if row["state"] in CLOSED_STATES else "否"


def _note(row) -> str:
    ended = IssueState(row["state"]).label if row["state"] in ENDED_STATES else ""
    return "；".join(part for part in (ended, marks_in_words(row), row["remark"]) if part)


def _annex(key: str, label: str, kind: str = "text", width: float = 12, **facts) -> LedgerColumn:
    return LedgerColumn(key, label, kind, width, export=True, **facts)


LEDGER: tuple[LedgerColumn, ...] = (
    # The twenty columns of the annex, in its order; 序号 is written by the workbook.
    _annex("number", "问题编号", "code", 12, sort=("number",), locked=True),
    _annex("found_on", "发现日期", "date", 12, sort=("found_on",), shown=True, css="col-lo"),
    _annex(
        "source_label",
        "来源",
        width=5.5,
        choices=tuple(IssueSource.labels),
        reads=("source",),
        cell=_label("source", IssueSource.choices),
    ),
    _annex("item_name", "体验事项", width=12, reads=("item__name",), api=("item",)),
    _annex("description", "存在问题", "title", 30, locked=True),
    _annex("category", "分类", width=5, shown=True, css="col-lo"),
    _annex("lead", "牵头单位", width=11, reads=("lead_department__name",), api=("lead_department",)),
    _annex(
        "unit",
        "责任单位",
        width=11,
        shown=True,
        reads=("responsible_department__name",),
        api=("responsible_department",),
    ),
    _annex("person", "责任人", width=6.5, shown=True, reads=("responsible_name",)),
    _annex("phone", "联系电话", "code", 12, reads=("contact_phone",), cell=_phone),
    _annex("measures", "整改措施", "lines", 30, reads=("id",), cell=_measures, api=()),
    _annex(
        "track_label",
        "整改类型",
        width=5,
        choices=tuple(Track.labels),
        reads=("track",),
        cell=_label("track", Track.choices),
    ),
    _annex(
        "due_on",
        "整改时限",
        "due",
        12,
        sort=("due_key",),
        shown=True,
        reads=("due_on", "first_due_on", "due_provisional"),
    ),
    _annex("doing", "整改进展", "lines", 26, reads=("result", "progress"), cell=_doing),
    _annex("closed_on", "完成日期", "date", 12),
    _annex("closer", "验收人", width=6.5, reads=("closed_by__label", "closer_name"), cell=_closer, api=()),
    _annex("struck_off", "是否销号", width=5, choices=("是", "否"), reads=("state",), cell=_struck_off),
    _annex("look_back_note", "回头看情况", "lines", 14),
    _annex("note", "备注", "lines", 10, reads=("state", "remark", *MARKS), cell=_note),
    # On the page only; the first of them stands beside the annex in the workbook too, off the paper.
    LedgerColumn("measures_doing", "措施进展", "lines", 26, reads=("id",), cell=_measures_doing, api=()),
    LedgerColumn("state", "状态", "badge", sort=("state", "due_key"), shown=True),
    LedgerColumn("original_number", "原编号", "code"),
    LedgerColumn("source_number", "来源编号", "code"),
    LedgerColumn("found_by", "发现单位", reads=("discovering_department__name",), api=("discovering_department",)),
    LedgerColumn("period", "期间", "code"),
    LedgerColumn("marks", "标记", reads=MARKS, cell=marks_in_words),
    LedgerColumn("root_cause", "原因分析", "lines"),
    LedgerColumn("depth_label", "问题层次", reads=("cause_depth",), cell=_label("cause_depth", CauseDepth.choices)),
    LedgerColumn("progressed_on", "最近进展", "date"),
    LedgerColumn("good_practice", "好做法", "lines"),
    LedgerColumn("chased_on", "最近催办", "date"),
    LedgerColumn("chases", "催办次数", "code"),
    LedgerColumn("updated_at", "更新时间", "moment", sort=("updated_at",), api=()),
)
# The page begins with these; the others follow in the order of the list.
_FIRST_ON_PAGE = ("number", "description", "item_name", "category", "unit", "person", "due_on", "state", "found_on")
# What every row has besides its columns: for its measures, its link, the badge of its time limit, its way back.
_OF_EVERY_ROW = ("id", "number", "state", "due_on", "version")
# What the API says of an issue besides its columns.
_API_ONLY = ("campaign", "version", "round", "rebounds", "stage")


def page_columns() -> tuple[LedgerColumn, ...]:
    """Every column, in the order of the page."""
    by_key = {column.key: column for column in LEDGER}
    return tuple(by_key[key] for key in dict.fromkeys((*_FIRST_ON_PAGE, *by_key)))


def columns_named(keys: Sequence[str]) -> tuple[LedgerColumn, ...]:
    """Those columns, in the order of the page."""
    return tuple(column for column in page_columns() if column.key in keys)


def workbook_columns() -> tuple[LedgerColumn, ...]:
    """The columns of the workbook, in its order."""
    return tuple(column for column in LEDGER if column.export)


def row_paths() -> tuple[str, ...]:
    """The paths of the issue to read for a row, those it is ordered by included; each once."""
    wanted = [path for column in LEDGER for path in (*column.paths, *column.sort)]
    return tuple(dict.fromkeys((*_OF_EVERY_ROW, *wanted)))


def api_fields() -> list[str]:
    """The fields of an issue in the API; each once."""
    named = [name for column in LEDGER for name in column.api_names]
    return list(dict.fromkeys(("number", *_API_ONLY, *named)))
