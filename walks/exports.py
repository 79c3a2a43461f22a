"""The lists of walks and of draws as workbooks: the rows of the page."""

from django.utils import timezone

from core import xlsx
from core.list_book import ListBook
from walks.domain.draws import draw_rows
from walks.domain.lists import walk_rows

WALKS = ListBook(
    "体验清单",
    (
        xlsx.Column("walk_date", "体验日期", 12, kind="date"),
        xlsx.Column("department_name", "单位", 20),
        xlsx.Column("item_name", "体验事项", 30, align="left"),
        xlsx.Column("walker_name", "体验人", 14),
        xlsx.Column("mode_label", "体验形式", 12),
        xlsx.Column("state_label", "状态", 12),
        xlsx.Column("status", "情况", 14),
    ),
    lambda rows, today: walk_rows(rows),
    action="walks.exported",
    way="请按单位、日期缩小范围后再导出。",
    object_type="walk",
    cells={"status": lambda row: "未达标" if row["conforms"] is False else "等结果" if row["is_waiting"] else ""},
)
DRAWS = ListBook(
    "随机抽取记录",
    (
        xlsx.Column("month", "月份", 10),
        xlsx.Column("department__name", "单位", 20),
        xlsx.Column("number", "第几次", 8, kind="int"),
        xlsx.Column("names", "抽中的事项", 50, align="left"),
        xlsx.Column("day", "抽取日期", 12, kind="date"),
        xlsx.Column("drawn_by__name", "抽取人", 14),
        xlsx.Column("reason", "再次抽取的原因", 24, align="left"),
    ),
    lambda rows, today: draw_rows(rows),
    action="draws.exported",
    object_type="campaign",
    cells={
        "names": lambda row: "、".join(row["names"]),
        "day": lambda row: timezone.localtime(row["drawn_at"]).date(),
    },
)
