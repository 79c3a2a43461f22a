"""The sheets of a file, read by a limited child process (``core.table_reader``)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from core.child import ChildFailed, ChildFault, LimitedChild, Limits
from core.exceptions import Refused
from core.oserrors import why
from core.tabular.cells import NO_RESULT, NoValue

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_ENTRIES = 200
MAX_ROWS, MAX_COLUMNS = 20_000, 100
# What the parent keeps in memory is bounded by these three and by the bytes of the answer.
MAX_CELLS = 400_000
MAX_CELL = 32_767
HEADER_MARK = "序号"
ACCEPTED = "可以接受的文件：.xlsx，或 UTF-8、GB18030 编码的 .csv；不超过 10 MB、20000 行、100 列。"
LIMITS = Limits(
    cpu_seconds=8,
    wall_seconds=10,
    queue_seconds=20,
    memory_bytes=512 * 1024**2,
    output_bytes=12 * 1024**2,
)
CHILD = LimitedChild("core.table_reader", parallel=2)
# Code of the child: (rule, message).
FAULTS = {
    "old": ("table.format", "{name} 是旧版 .xls 或加密的文件，请另存为 .xlsx 再导入。{accepted}"),
    "damaged": ("table.format", "{name} 已损坏、加密或不是 Excel 表格。{accepted}"),
    "no_table": ("table.format", "{name} 不是表格文件。{accepted}"),
    "csv": ("table.format", "{name} 不是完整的 csv 表格：引号没有成对，或有一格过长。没有写入任何内容。{accepted}"),
    "macro": ("table.format", "{name} 含宏或外部链接，请另存为不含宏的 .xlsx 再导入。"),
    "encoding": ("table.encoding", "{name} 的编码无法识别。{accepted}"),
    "unpacked": ("table.size", "{name} 解压后过大。{accepted}"),
    "extent": ("table.size", "{name} 有 {rows} 行 {columns} 列，超过上限。{accepted}"),
    "cells": ("table.size", "{name} 内容过多，没有写入任何内容。请分成几个文件再导入。{accepted}"),
    "cell": ("table.size", "{name} 有一格超过 32767 个字，没有写入任何内容。请核对后重新选择。{accepted}"),
    "memory": ("table.size", "{name} 展开后过大，没有写入任何内容。请只保留要导入的内容，另存后再导入。{accepted}"),
}
CHILD_FAULTS = {
    ChildFault.TIME: ("table.size", "读取 {name} 用时过长，已停止，没有写入任何内容。请另存后再导入。{accepted}"),
    ChildFault.MEMORY: FAULTS["memory"],
    ChildFault.BROKEN: FAULTS["damaged"],
    ChildFault.BUSY: ("table.busy", "服务器正忙，没有读取 {name}，没有写入任何内容。请稍后重新提交。"),
}


@dataclass
class Sheet:
    """One worksheet; a csv is one without a name. ``lines``: rows of cells without the empty ones at their ends.

    ``merged``: (first, last, column) of the merges over several rows, places from 0. ``hidden``: numbers of the hidden
    rows, from 1; ``hidden_columns``: places of the hidden columns.
    """

    name: str
    is_visible: bool
    merged: list[tuple[int, int, int]]
    hidden: frozenset[int]
    hidden_columns: frozenset[int] = frozenset()
    lines: list[list] = field(default_factory=list)

    def holds_anything(self) -> bool:
        return any(self.lines)


def read_sheets(path: Path) -> list[Sheet]:
    """The worksheets of a file. Raises Refused in words, saying what is accepted; nothing of the file is opened here.

    Side effect: one child process. Must not be called inside a transaction.
    """
    _require_size(path)
    job = {
        "path": str(path.resolve()), "name": path.name, "mark": HEADER_MARK,
        "max_unpacked": MAX_UNPACKED_BYTES, "max_entries": MAX_ENTRIES, "max_rows": MAX_ROWS,
        "max_columns": MAX_COLUMNS, "max_cells": MAX_CELLS, "max_cell": MAX_CELL,
    }  # fmt: skip
    try:
        with CHILD.run(job, LIMITS) as answer:
            return _sheets(answer, path.name)
    except ChildFailed as failed:
        raise _refused(CHILD_FAULTS[ChildFault(failed.reason)], path.name) from failed


def _require_size(path: Path) -> None:
    try:
        with path.open("rb"):
            size = path.stat().st_size
    except OSError as error:
        raise Refused(f"无法读取文件 {path}：{why(error)}。", rule="table.file") from error
    if size > MAX_BYTES:
        raise Refused(f"{path.name} 超过 10 MB。{ACCEPTED}", rule="table.size")


def _sheets(answer: Iterator[bytes], name: str) -> list[Sheet]:
    sheets: list[Sheet] = []
    # A value that stands in many cells is kept once: a small file can repeat one text in every cell.
    kept: dict[object, object] = {}
    for line in answer:
        told = json.loads(line)
        if isinstance(told, list):
            sheets[-1].lines.append([_value(cell, kept) for cell in told])
        elif "error" in told:
            raise _refused(FAULTS[told.pop("error")], name, **told)
        elif "end" in told:
            return sheets
        else:
            merged = [(first, last, column) for first, last, column in told["merged"]]
            columns = frozenset(place for first, last in told["hidden_columns"] for place in range(first, last + 1))
            sheets.append(Sheet(told["sheet"], told["visible"], merged, frozenset(told["hidden"]), columns))
    raise _refused(FAULTS["damaged"], name)


def _value(cell: object, kept: dict) -> object:
    if isinstance(cell, list):
        kind, *rest = cell
        if kind == "day":
            return datetime.fromisoformat(rest[0])
        return NoValue(rest[0], "单元格是错误值，请在表格中改正") if kind == "error" else NoValue("", NO_RESULT)
    if cell == "":
        return None
    return kept.setdefault(cell, cell) if isinstance(cell, str) else cell


def _refused(fault: tuple[str, str], name: str, **told: int) -> Refused:
    rule, message = fault
    return Refused(message.format(name=name, accepted=ACCEPTED, **told), rule=rule)
