"""A person's own notices as a workbook."""

from core import xlsx
from core.list_book import ListBook
from core.templatetags.ui import moment
from notifications.domain.notices import notice_rows

NOTICES = ListBook(
    "消息",
    (
        xlsx.Column("at", "时间", 18),
        xlsx.Column("text", "内容", 60, align="left"),
        xlsx.Column("read", "打开时间", 18),
    ),
    lambda rows, today: notice_rows(rows),
    action="notices.exported",
    way="请先处理一部分后再导出。",
    object_type="user",
    cells={
        "at": lambda row: moment(row["created_at"]),
        "read": lambda row: moment(row["read_at"]) if row["read_at"] else "未读",
    },
)
