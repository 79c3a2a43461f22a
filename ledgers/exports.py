"""Batches that were brought in and their rows as workbooks: the rows of the pages."""

from core import xlsx
from core.list_book import ListBook
from core.templatetags.ui import moment
from ledgers.domain.queries import batch_rows, row_lines

BATCHES = ListBook(
    "台账导入批次",
    (
        xlsx.Column("file", "文件", 34, align="left"),
        xlsx.Column("kind_label", "内容", 12),
        xlsx.Column("campaign__name", "活动", 30, align="left"),
        xlsx.Column("actor", "导入人", 14),
        xlsx.Column("at", "导入时间", 18),
        xlsx.Column("created", "新增", 8, kind="int"),
        xlsx.Column("updated", "更新", 8, kind="int"),
        xlsx.Column("undone", "撤销", 26),
    ),
    lambda rows, today: batch_rows(rows),
    action="imports.exported",
    cells={
        "actor": lambda row: row["actor__label"] or "命令行",
        "at": lambda row: moment(row["at"]),
        "created": lambda row: row["counts"]["created"],
        "updated": lambda row: row["counts"]["updated"],
        "undone": lambda row: (
            f"{row['undone_by__label'] or '命令行'} {moment(row['undone_at'])}" if row["undone_at"] else ""
        ),
    },
)
LINES = ListBook(
    "导入批次逐行结果",
    (
        xlsx.Column("number", "行", 8, kind="int"),
        xlsx.Column("outcome_label", "结果", 10),
        xlsx.Column("name", "编号或体验事项", 20),
        xlsx.Column("issue__description", "存在问题", 50, align="left"),
        xlsx.Column("state_label", "状态", 12),
        xlsx.Column("other_words", "表中其他列", 40, align="left"),
    ),
    lambda rows, today: row_lines(rows),
    action="imports.exported",
    way="请打开原文件核对。",
)
