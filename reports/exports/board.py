"""The board as a workbook: every line of the page in its fixed order, units without a walk too."""

import tempfile
from collections.abc import Callable
from datetime import date
from typing import IO, Any

from campaigns.domain.rulebook.plans_owed import asks_for_plans
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.models import Campaign
from core import audit, xlsx
from core.xlsx import Column
from reports.domain.board.board import STATES, Board, BoardLine

WHAT = "计划与完成情况"
MINIMUM = ("minimum", "fulfilled")

# Each column with what it says of a line; those of MINIMUM and ``plan`` only where the rules ask for it,
# ``missed`` in the whole campaign.
CELLS: tuple[tuple[Column, Callable[[BoardLine], Any]], ...] = (
    (Column("unit", "单位", 22, align="left"), lambda line: line.unit.name),
    (Column("state", "情况", 12, align="center"), lambda line: STATES[line.status]),
    (Column("late_days", "逾期工作日", 12, kind="int"), lambda line: line.late_days or None),
    (Column("late_since", "逾期事项期限", 13, kind="date"), lambda line: line.late_since),
    (Column("missed", "逾期未报（期）", 14, kind="int", total="sum"), lambda line: line.missed),
    (Column("plan", "计划报送", 20, align="center"), lambda line: line.plan and line.plan.words),
    (Column("planned", "计划（项）", 11, kind="int", total="sum"), lambda line: line.planned),
    (Column("begun", "体验中（项）", 12, kind="int", total="sum"), lambda line: line.begun),
    (Column("walked", "已体验（次）", 12, kind="int", total="sum"), lambda line: line.walked),
    (Column("principal", "其中主要负责同志（次）", 17, kind="int", total="sum"), lambda line: line.principal),
    (Column("short", "未达标（次）", 12, kind="int", total="sum"), lambda line: line.short),
    (Column("walkers", "实际体验人", 30, align="left"), lambda line: "、".join(one.words for one in line.walkers)),
    (Column("reported", "已报送（次）", 12, kind="int", total="sum"), lambda line: line.reported),
    (Column("late", "逾期报送（次）", 14, kind="int", total="sum"), lambda line: line.late),
    (Column("zero", "零报告（次）", 12, kind="int", total="sum"), lambda line: line.zero),
    (Column("fulfilled", "已走", 7, kind="int", total="sum", group="至少体验（次）"), lambda line: line.fulfilled),
    (Column("minimum", "应走", 7, kind="int", total="sum", group="至少体验（次）"), lambda line: line.minimum),
)


def board_workbook(campaign: Campaign, board: Board, rules: Rulebook, *, actor, today: date) -> tuple[IO[bytes], str]:
    """(open file at its start, name). Side effect: an audit entry with the period and the number of rows."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    cells = [(column, tell) for column, tell in CELLS if _is_asked(column.key, board, rules)]
    rows = [tuple(tell(line) for _, tell in cells) for line in board.lines]
    xlsx.write_workbook(file, [(_sheet(campaign, board, tuple(column for column, _ in cells), today), rows)])
    file.seek(0)
    audit.record(
        actor=actor,
        action="board.exported",
        object_type="campaign",
        object_key=campaign.code,
        detail={"period": board.period.code, "rows": len(rows), "as_of": today.isoformat()},
    )
    return file, xlsx.filename(today, campaign.region.name, f"{WHAT}（{_named(board)}）")


def _is_asked(key: str, board: Board, rules: Rulebook) -> bool:
    if key == "plan":
        return asks_for_plans(rules)
    if key == "missed":
        return board.period.kind == "whole"
    return key not in MINIMUM or any(line.minimum for line in board.lines)


def _sheet(campaign: Campaign, board: Board, columns: tuple[Column, ...], today: date) -> xlsx.SheetSpec:
    period = board.period
    rate = "—" if board.rate is None else f"{board.rate}%"
    return xlsx.SheetSpec(
        title=f"{campaign.name}{WHAT}",
        columns=columns,
        left_note=f"期间：{_named(board)}（{period.starts_on} 至 {period.ends_on}）",
        right_note=f"开展率 {rate}（{len(board.done)}/{len(board.owing)} 个单位），逾期情形 {len(board.late)} 个单位",
        as_of=today,
        missing="—",
        sheet_name=WHAT,
    )


def _named(board: Board) -> str:
    return "活动全程" if board.period.kind == "whole" else board.period.label
