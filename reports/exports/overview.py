"""The overview as a workbook: what is on the page, a sheet for each of its tables."""

import tempfile
from typing import IO

from core import audit, xlsx
from core.xlsx import Column, SheetSpec
from reports import tables
from reports.domain.figures import FIGURES
from reports.domain.overview import Overview
from reports.domain.trend import SHOWN

NAME = Column("name", "单位", 24, align="left")


def overview_workbook(found: Overview, *, actor) -> tuple[IO[bytes], str]:
    """(open file at its start, name). Side effect: an audit entry with the scope and the day."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    xlsx.write_workbook(file, [_figures(found), _trend(found), _heat(found)])
    file.seek(0)
    query = found.whole
    detail = {"scope": query.report_scope.kind, "as_of": query.as_of.isoformat()}
    audit.record(
        actor=actor, action="overview.exported", object_type="campaign", object_key=query.campaign.code, detail=detail
    )
    part = "" if query.report_scope.kind == "all" else f"（{query.report_scope.label}）"
    return file, xlsx.filename(query.as_of, query.campaign.region.name, f"进展总览{part}")


def _sheet(found: Overview, name: str, columns: tuple[Column, ...]) -> SheetSpec:
    campaign = found.whole.campaign
    return SheetSpec(title=f"{campaign.name}{name}", columns=columns, as_of=found.whole.as_of, sheet_name=name)


def _figures(found: Overview) -> tuple[SheetSpec, list[tuple]]:
    columns = (
        Column("label", "指标", 26, align="left"),
        Column("value", "数值", 12, kind="int"),
        Column("unit", "单位", 10, align="center"),
        Column("note", "说明", 30, align="left"),
    )
    shown = [*tables.overview_tiles(found), *tables.effects(found)]
    return _sheet(found, "主要指标", columns), [(one["label"], one["value"], one["unit"], one["note"]) for one in shown]


def _trend(found: Overview) -> tuple[SheetSpec, list[tuple]]:
    columns = (
        Column("period", "期间", 18, align="left"),
        *(Column(key, f"{FIGURES[key].label}（{FIGURES[key].unit}）", 14, kind="int") for key in SHOWN),
    )
    lines = [(line["period"].label, *(cell["value"] for cell in line["cells"])) for line in tables.trend_lines(found)]
    return _sheet(found, "各期情况", columns), lines


def _heat(found: Overview) -> tuple[SheetSpec, list[tuple]]:
    heat = tables.heat(found)
    classes = (
        Column(f"class_{place}", name, 12, kind="int", total="sum") for place, name in enumerate(heat["categories"])
    )
    lines = [(line["name"], *(cell["value"] for cell in line["cells"])) for line in heat["lines"]]
    return _sheet(found, "单位与问题分类", (NAME, *classes)), lines
