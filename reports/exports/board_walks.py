"""The walks behind a figure of the board as a workbook: the page's own columns, every row."""

import tempfile
from datetime import date
from typing import IO

from django.db.models import QuerySet

from campaigns.models import Campaign
from core import audit, xlsx
from core.export_limit import require_few
from core.periods import Period
from reports.domain.board.counts import FIGURES
from reports.domain.rowlists import RowList

WHAT = "体验情况"
WIDTHS = {"title": 30, "date": 12}


def walks_workbook(
    campaign: Campaign,
    listed: RowList,
    rows: QuerySet,
    *,
    period: Period,
    figure: str,
    place: str,
    actor,
    today: date,
) -> tuple[IO[bytes], str]:
    """(open file at its start, name). ``place``: the unit and item the rows are narrowed to, in words. Side effect: an
    audit entry with period, figure and number of rows. Raises Refused for more rows than one person takes out at once.
    """
    require_few(rows.count(), what="体验情况", way="请按单位或较短的期间分别导出。")
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    cells = [
        tuple(_cell(row[cell.key]) for cell in listed.cells) for row in listed.read(rows.order_by(*listed.order.by()))
    ]
    columns = tuple(_column(cell.key, cell.label, cell.kind) for cell in listed.cells)
    label, named = FIGURES[figure], "活动全程" if period.kind == "whole" else period.label
    sheet = xlsx.SheetSpec(
        title=f"{campaign.name}{WHAT}（{label}）",
        columns=columns,
        left_note=f"期间：{named}（{period.starts_on} 至 {period.ends_on}）",
        right_note=f"{place}，共 {len(cells)} 次" if place else f"共 {len(cells)} 次",
        as_of=today,
        missing="—",
        sheet_name=label,
    )
    xlsx.write_workbook(file, [(sheet, cells)])
    file.seek(0)
    detail = {"period": period.code, "figure": label, "rows": len(cells), "as_of": today.isoformat()}
    audit.record(
        actor=actor, action="board.walks_exported", object_type="campaign", object_key=campaign.code, detail=detail
    )
    return file, xlsx.filename(today, campaign.region.name, f"{WHAT}_{label}")


def _cell(value: object) -> object:
    """A badge is a pair of its state and its words."""
    return value[1] if isinstance(value, tuple) else value


def _column(key: str, label: str, kind: str) -> xlsx.Column:
    return xlsx.Column(
        key,
        label,
        WIDTHS.get(kind, 14),
        kind="date" if kind == "date" else "text",
        align="left" if kind == "title" else None,
    )
