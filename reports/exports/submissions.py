"""报送情况 as a workbook: the page's own lines, the units in their fixed order."""

import tempfile
from collections.abc import Iterable
from datetime import date
from typing import IO

from campaigns.models import Campaign
from core import audit, xlsx
from core.periods import Period
from reports.domain.submissions.lines import STATUSES, SubmissionLine

WHAT = "报送情况"
COLUMNS = (
    xlsx.Column("unit", "单位", 22, align="left"),
    xlsx.Column("receiver", "接收单位", 20),
    xlsx.Column("kinds", "活动类型", 18),
    xlsx.Column("due", "应报日期", 12, kind="date"),
    xlsx.Column("sent", "首次报送日期", 14, kind="date"),
    xlsx.Column("status", "报送情况", 14, choices=tuple(STATUSES.values())),
    xlsx.Column("late", "逾期", 20),
    xlsx.Column("state", "办理状态", 12),
    xlsx.Column("reason", "零报告说明、退回原因", 40, align="left"),
)


def submissions_workbook(
    campaign: Campaign, period: Period, lines: Iterable[SubmissionLine], *, actor, today: date
) -> tuple[IO[bytes], str]:
    """(open file at its start, name). Side effect: an audit entry with the number of rows."""
    rows = [_row(line) for line in lines]
    spec = xlsx.SheetSpec(
        title=f"{campaign.name}{WHAT}（{period.label}）", columns=COLUMNS, as_of=today, missing="—", sheet_name=WHAT
    )
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    xlsx.write_workbook(file, [(spec, rows)])
    file.seek(0)
    detail = {"period": period.code, "rows": len(rows), "as_of": today.isoformat()}
    audit.record(
        actor=actor, action="submission.exported", object_type="campaign", object_key=campaign.code, detail=detail
    )
    return file, xlsx.filename(today, campaign.region.name, f"{period.label}{WHAT}")


def _row(line: SubmissionLine) -> tuple:
    sent = line.submission
    reason = (sent.return_reason or sent.zero_reason) if sent else ""
    return (
        line.unit, line.receiver, line.kinds, line.due_on, line.sent_on, line.status_label, line.late,
        line.state_label, reason,
    )  # fmt: skip
