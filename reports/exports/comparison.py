"""Two sides of a comparison as a workbook: 指标, 单位, 材料 and 记录, each on a sheet of its own."""

import tempfile
from collections.abc import Iterable
from datetime import date
from typing import IO

from django.utils import timezone

from campaigns.models import Campaign
from core import audit, xlsx
from core.xlsx import Column, SheetSpec
from reports.documents.registry import PAPERS
from reports.domain.comparison import ComparedSide, FigureChange, compare
from reports.domain.counted_rows import KINDS, RowChange

SIDES = (
    Column("before", "前者", 12, kind="int"),
    Column("after", "后者", 12, kind="int"),
    Column("step", "增减", 12, align="center"),
)
FIGURE = Column("figure", "指标", 26, align="left")
SHEETS: dict[str, tuple[Column, ...]] = {
    "指标": (FIGURE, *SIDES),
    "单位": (Column("unit", "单位", 24, align="left"), FIGURE, *SIDES),
    "材料": (Column("paper", "内容不同的材料", 30, align="left"),),
    "记录": (Column("kind", "类别", 10, align="center"), Column("words", "不同之处", 90, align="left")),
}


def comparison_workbook(
    campaign: Campaign, before: ComparedSide, after: ComparedSide, *, actor
) -> tuple[IO[bytes], str]:
    """(open file at its start, name). Side effect: an audit entry naming both sides."""
    found, today = compare(before, after), timezone.localdate()
    rows = {
        "指标": _figures(found.figures),
        "单位": [(one.unit_name, *line) for one, line in zip(found.units, _figures(found.units), strict=True)],
        "材料": [(PAPERS[key].label,) for key in found.papers or ()],
        "记录": [("说明", f"{found.alone}。")] * bool(found.alone) + _rows(found.rows),
    }
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    named = f"{before.words}与{after.words}"
    xlsx.write_workbook(file, [(_sheet(f"{campaign.name}{named}对比", name, today), rows[name]) for name in SHEETS])
    file.seek(0)
    detail = {"before": before.words, "after": after.words, "as_of": today.isoformat()}
    audit.record(
        actor=actor, action="publication.compared", object_type="campaign", object_key=campaign.code, detail=detail
    )
    return file, xlsx.filename(today, campaign.region.name, f"{named}对比表")


def _figures(changes: Iterable[FigureChange]) -> list[tuple]:
    return [(f"{one.figure.label}（{one.figure.unit}）", one.before, one.after, one.step) for one in changes]


def _rows(changes: Iterable[RowChange]) -> list[tuple]:
    return [(KINDS[one.kind], one.words) for one in changes]


def _sheet(title: str, name: str, today: date) -> SheetSpec:
    return SheetSpec(title=f"{title}（{name}）", columns=SHEETS[name], as_of=today, sheet_name=name)
