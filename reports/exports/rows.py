"""The rows behind a figure, and the planned walks of the board, as workbooks: the rows of the pages."""

from collections.abc import Callable

from campaigns.domain.rulebook.rulebook import Rulebook
from core import xlsx
from core.list_book import ListBook
from plans.domain.progress import list_rows
from plans.domain.validation import mode_label
from reports.domain.figures import Figure
from reports.domain.rowlists import Cell, RowList

WIDTHS = {"title": 40, "date": 12}
BY_UNIT = "请按单位缩小范围，或选较短的期间后再导出。"
BEGUN = {"reported": "已报送", "in_progress": "体验中", "": "未开始"}


POOL = ListBook(
    "必走事项清单",
    (
        xlsx.Column("item__name", "事项", 40, align="left"),
        xlsx.Column("item__department__name", "主管部门", 20),
        xlsx.Column("provenance_label", "来源", 14),
        xlsx.Column("note", "说明", 34, align="left"),
        xlsx.Column("walks", "体验次数", 10, kind="int"),
    ),
    lambda rows, today: rows,
    action="pool.exported",
    object_type="campaign",
)


def figure_book(figure: Figure, listed: RowList) -> ListBook:
    """The list behind a figure with the columns of its page."""
    return ListBook(
        f"{figure.label}明细",
        tuple(_column(cell, is_summed=figure.key.startswith("effect_")) for cell in listed.cells),
        lambda rows, today: listed.read(rows),
        action="rows.exported",
        way=BY_UNIT,
        object_type="campaign",
        cells={cell.key: _plain(cell.key) for cell in listed.cells if cell.kind == "badge"},
    )


def planned_book(rules: Rulebook) -> ListBook:
    """计划的体验 with the columns of its page."""
    return ListBook(
        "计划的体验",
        (
            xlsx.Column("item__name", "事项", 30, align="left"),
            xlsx.Column("plan__department__name", "单位", 20),
            xlsx.Column("walker__label", "体验人", 14),
            xlsx.Column("planned_on", "计划时间", 12, kind="date"),
            xlsx.Column("mode", "体验形式", 12),
            xlsx.Column("begun", "进展", 10),
        ),
        lambda rows, today: list_rows(rows),
        action="board.plans_exported",
        way=BY_UNIT,
        object_type="campaign",
        cells={"mode": lambda row: mode_label(rules, row["mode"]), "begun": lambda row: BEGUN[row["begun"]]},
    )


def _plain(key: str) -> Callable[[dict], object]:
    """A badge is a pair of its state and its words."""
    return lambda row: row[key][1] if isinstance(row[key], tuple) else row[key]


def _column(cell: Cell, *, is_summed: bool) -> xlsx.Column:
    """``is_summed``: the numbers of the list have a sum, which is what the figure shows."""
    return xlsx.Column(
        cell.key,
        cell.label,
        WIDTHS.get(cell.kind, 16),
        kind="date" if cell.kind == "date" else "int" if cell.kind == "num" else "text",
        align="left" if cell.kind == "title" else None,
        total="sum" if is_summed and cell.kind == "num" else None,
    )
