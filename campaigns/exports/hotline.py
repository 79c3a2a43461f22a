"""The list of 跟单处理单位 as a workbook in the annex layout (F15)."""

import io
from typing import IO

from django.utils import timezone

from campaigns.domain.hotline import Ranked, ranking
from campaigns.enums import HotlineState
from campaigns.models import HotlineMonth
from core import audit
from core.exceptions import IllegalTransition
from core.periods import parse_period
from core.xlsx import Column, SheetSpec, filename, write_workbook

DUTY_COLUMNS = (
    Column("month", "月份", width=12, align="center"),
    Column("rank", "排名", width=8, kind="int", align="center"),
    Column("unit", "责任单位", width=26),
    Column("tickets", "工单数", width=10, kind="int", total="sum"),
    Column("types", "问题类型", width=34),
    Column("field", "所属领域", width=20),
    Column("duty", "跟单月份", width=12, align="center"),
)


def duty_list(month: HotlineMonth, *, actor) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of F15 处投诉跟单名单. Side effect: an audit entry.

    Raises IllegalTransition while the list is not chosen.
    """
    listed = [row for row in ranking(month) if row.is_listed]
    if not listed:
        raise IllegalTransition("名单还没有确定，没有可导出的内容。请先确定列入单位数。", rule="hotline.cut")
    file = io.BytesIO()  # a county's units: a few hundred at most
    write_workbook(file, [(_sheet(month), [_line(month, row) for row in listed])])
    file.seek(0)
    detail = {"month": month.month, "rows": len(listed)}
    audit.record(
        actor=actor,
        action="hotline.exported",
        object_type="campaign",
        object_key=month.campaign.code,
        detail=detail,
    )
    duty = parse_period(month.duty_month).label
    return file, filename(timezone.localdate(), month.campaign.region.name, f"{duty}处投诉跟单名单")


def _sheet(month: HotlineMonth) -> SheetSpec:
    campaign, day = month.campaign, timezone.localdate()
    if month.issued_at:
        day = timezone.localtime(month.issued_at).date()
    draft = "" if month.state == HotlineState.ISSUED else "，未印发"
    return SheetSpec(
        title=f"{campaign.region.name}处投诉跟单处理单位名单（{parse_period(month.duty_month).label}{draft}）",
        columns=DUTY_COLUMNS,
        left_note=f"填报单位（盖章）：{(month.made_by or campaign.office).name}",
        right_note=f"填报日期：{day.year}年{day.month}月{day.day}日    单位：件",
        sheet_name="跟单名单",
    )


def _line(month: HotlineMonth, row: Ranked) -> tuple:
    first, second = parse_period(month.month).label, parse_period(month.duty_month).label
    return (first, row.rank, row.name, row.tickets, row.types, row.field, second)
