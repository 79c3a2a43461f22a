"""A person's own notices, and what left the system, as workbooks."""

from core import xlsx
from core.list_book import ListBook
from core.templatetags.ui import moment
from notifications.domain.notices import notice_rows
from notifications.domain.queries import delivery_rows

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

DELIVERIES = ListBook(
    "对外通知",
    (
        xlsx.Column("made_at", "生成时间", 18),
        xlsx.Column("channel", "渠道", 16),
        xlsx.Column("kind_label", "种类", 12),
        xlsx.Column("to", "收件人", 20),
        xlsx.Column("count", "消息（条）", 12, kind="int"),
        xlsx.Column("state_label", "状态", 12),
        xlsx.Column("attempts", "尝试（次）", 12, kind="int"),
        xlsx.Column("sent_at", "发送时间", 18),
        xlsx.Column("error", "未送达原因", 40, align="left"),
    ),
    lambda rows, today: delivery_rows(rows),
    action="deliveries.exported",
    way="请按收件人缩小范围后再导出。",
    object_type="delivery",
    cells={
        "made_at": lambda row: moment(row["made_at"]),
        "sent_at": lambda row: moment(row["sent_at"]) if row["sent_at"] else "",
    },
)
