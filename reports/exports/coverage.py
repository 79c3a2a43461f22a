"""Coverage as a workbook: the page's own rows, those nobody walked first."""

import tempfile
from datetime import date
from typing import IO

from campaigns.enums import CoverageBasis
from campaigns.models import Campaign
from catalogue.models import ItemKind
from core import audit, xlsx
from reports.domain.board.coverage import Coverage

WHAT = "事项覆盖情况"
COLUMNS = (
    xlsx.Column("name", "事项名称", 40, align="left"),
    xlsx.Column("kind", "事项类别", 12),
    xlsx.Column("unit", "主管部门", 22),
    xlsx.Column("provenance", "必走事项来源", 16),
    xlsx.Column("walks", "已报送体验（次）", 18, kind="int", total="sum"),
    xlsx.Column("state", "覆盖情况", 12, choices=("未体验", "次数不足", "已覆盖")),
)


def coverage_workbook(campaign: Campaign, coverage: Coverage, *, actor, today: date) -> tuple[IO[bytes], str]:
    """(open file at its start, name). Side effect: an audit entry with the number of rows."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    rows = [
        (one.name, ItemKind(one.kind).label, one.unit, one.provenance, one.walks, _state(one.walks, coverage.minimum))
        for one in coverage.items
    ]
    xlsx.write_workbook(file, [(_sheet(campaign, coverage, today), rows)])
    file.seek(0)
    audit.record(
        actor=actor,
        action="coverage.exported",
        object_type="campaign",
        object_key=campaign.code,
        detail={"rows": len(rows), "as_of": today.isoformat()},
    )
    return file, xlsx.filename(today, campaign.region.name, WHAT)


def _sheet(campaign: Campaign, coverage: Coverage, today: date) -> xlsx.SheetSpec:
    rate = "—" if coverage.rate is None else f"{coverage.rate}%"
    scope = f"覆盖率 {rate}（{len(coverage.covered)}/{len(coverage.items)}）" if coverage.is_asked else ""
    return xlsx.SheetSpec(
        title=f"{campaign.name}{WHAT}",
        columns=COLUMNS,
        left_note=f"覆盖范围：{CoverageBasis(coverage.basis).label}",
        right_note=scope,
        as_of=today,
        missing="—",
        sheet_name=WHAT,
    )


def _state(walks: int, minimum: int) -> str:
    return "已覆盖" if walks >= minimum else "次数不足" if walks else "未体验"
