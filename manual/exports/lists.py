"""The list of 意见建议 as a workbook."""

from core import xlsx
from core.list_book import ListBook
from manual.domain.suggestions import suggestion_rows

SUGGESTIONS = ListBook(
    "意见建议",
    (
        xlsx.Column("sent_at", "提出日期", 12, kind="date"),
        xlsx.Column("author__name", "提出人", 12),
        xlsx.Column("about", "相关页面", 24, align="left"),
        xlsx.Column("text", "意见建议", 54, align="left"),
        xlsx.Column("answer", "答复", 54, align="left"),
        xlsx.Column("answered_by__name", "答复人", 12),
        xlsx.Column("answered_at", "答复日期", 12, kind="date"),
    ),
    lambda rows, today: suggestion_rows(rows),
    action="suggestions.exported",
    object_type="suggestion",
    way="请按关键词缩小范围后再导出。",
)
