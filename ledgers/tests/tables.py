"""Ledgers for tests: files as an office would send them."""

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from issues.exports import ledger as exports
from issues.tables import select

LAYOUTS = settings.BASE_DIR / "tests" / "data" / "layouts"
HEAD = (
    "序号", "问题编号", "发现日期", "来源", "体验事项", "存在问题", "分类", "牵头单位", "责任单位", "责任人",
    "联系电话", "整改措施", "整改类型", "整改时限", "整改进展", "完成日期", "验收人", "是否销号", "回头看情况", "备注",
)  # fmt: skip


def ledger(folder: Path, *rows: dict, head=HEAD, name: str = "台账.csv") -> Path:
    """A csv with a line for each of the rows ({column: value}); 序号 is counted."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for number, row in enumerate(rows, start=1):
            writer.writerow([row.get(column, number if column == "序号" else "") for column in head])
    return path


def row(**cells) -> dict:
    """A problem of 县民政局, found on 8 June, of which nothing more is said."""
    return {"发现日期": "2022-06-08", "存在问题": "窗口未一次性告知", "责任单位": "县民政局"} | cells


def today():
    return timezone.localdate()


def exported(folder: Path, user, *, unmasked: bool = False) -> Path:
    """The ledger as that person exports it."""
    path = folder / "导出.xlsx"
    exports.export_selection(path, select(user, QueryDict("sort=number"), today()), user, today(), unmasked=unmasked)
    return path


def edited(path: Path, change: Callable[[dict], None]) -> Path:
    """The same file after somebody edited it: ``change`` is given each row as {column: cell}."""
    book = openpyxl.load_workbook(path)
    sheet = book[exports.WHAT]
    head = next(line for line in sheet.iter_rows() if line[0].value == "序号")
    names = [cell.value for cell in head]
    for line in sheet.iter_rows(min_row=head[0].row + 1):
        if isinstance(line[0].value, int):
            change(dict(zip(names, line, strict=True)))
    book.save(path)
    return path
