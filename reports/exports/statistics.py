"""The statistics table F9 of a period as a workbook (docs/domain.md section 4): the page's own table, cell by cell."""

import io
from dataclasses import replace
from typing import IO

from django.utils import timezone

from core import audit
from core.xlsx import DEFAULT_FOOT, Column, SheetSpec, filename, write_workbook
from reports.domain.by_activity import activity_lines
from reports.domain.figures import ReportQuery
from reports.domain.summary import SummaryTable, contract
from reports.domain.zero_reports import table_with_zero
from reports.tables import ACTIVITY_COLUMNS, UnitColumn, unit_cell, unit_columns

# Counted afresh for 合计: one item walked by two units is one item, and a rate is not the sum of rates.
COUNTED_AFRESH = {"items", "rectification_rate"}
NO_KIND = "注：没有体验记录的问题不属任何活动类型；同一事项在几类活动中各计一次。"


def statistics(query: ReportQuery, *, actor) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of F9. Side effect: an audit entry naming the digest of its figures."""
    table = table_with_zero(query)
    digest = audit.digest(contract(query.campaign.code, query.period, table))
    file = io.BytesIO()  # one line a unit: a few hundred at most
    columns = unit_columns(table, query.report_scope)
    rows = [tuple(unit_cell(line, column) for column in columns) for line in table.lines]
    sheet = _sheet(query, table, columns, digest)
    by_activity = [(line.label, *line.values.values()) for line in activity_lines(query)]
    write_workbook(file, [(sheet, rows), (_by_activity(sheet), by_activity)])
    file.seek(0)
    detail = {
        "period": query.period.code,
        "scope": query.report_scope.kind,
        "as_of": query.as_of.isoformat(),
        "digest": digest,
    }
    audit.record(
        actor=actor, action="report.exported", object_type="campaign", object_key=query.campaign.code, detail=detail
    )
    part = "" if query.report_scope.kind == "all" else f"（{query.report_scope.label}）"
    return file, filename(timezone.localdate(), query.campaign.region.name, f"{query.period.label}统计表{part}")


def _sheet(query: ReportQuery, table: SummaryTable, columns: list[UnitColumn], digest: str) -> SheetSpec:
    whole = query.report_scope.kind == "all"
    scope = "" if whole else f"（{query.report_scope.label}）"
    today = timezone.localdate()
    return SheetSpec(
        title=f"{query.campaign.name}情况统计表（{query.period.label}）{scope}",
        columns=tuple(_column(column) for column in columns),
        left_note=f"填报单位（盖章）：{query.campaign.office.name if whole else query.report_scope.label}",
        right_note=f"填报日期：{today.year}年{today.month}月{today.day}日    单位：人次、项、个",
        as_of=query.as_of,
        foot=(*DEFAULT_FOOT, f"校验码：{digest[:8]}"),
        missing="—",
        sheet_name="统计表",
        totals={column.key: unit_cell(table.total, column) for column in columns if column.key in COUNTED_AFRESH},
    )


def _by_activity(sheet: SheetSpec) -> SheetSpec:
    """The second sheet: the totals by kind of activity."""
    return replace(
        sheet,
        columns=tuple(
            Column(one["key"], one["label"], 22, kind="text" if one["kind"] == "title" else "int")
            for one in ACTIVITY_COLUMNS
        ),
        foot=(NO_KIND,),
        sheet_name="分活动类型",
        totals={},
    )


def _column(column: UnitColumn) -> Column:
    return Column(
        column.key,
        column.label,
        width=column.width,
        kind=column.kind,
        group=column.group or None,
        total="sum" if column.kind == "int" and column.key not in COUNTED_AFRESH else None,
    )
