"""地区汇总 as a workbook: the page's own lines and their total."""

import io
from datetime import date
from typing import IO

from core import audit
from core.xlsx import Column, SheetSpec, filename, write_workbook
from reports import tables
from reports.domain.regions import RATE_KEYS, RegionReport


def region_workbook(found: RegionReport, *, title: str, code: str, as_of: date, actor) -> tuple[IO[bytes], str]:
    """(open file at its start, name). Side effect: an audit entry with the region, the period and the day."""
    file = io.BytesIO()  # a line a campaign or region: a few hundred at most
    columns = (
        Column("name", "地区、活动", 36, align="left"),
        *(
            Column(one.key, one.label, one.width, kind=one.kind, total="sum" if one.kind == "int" else None)
            for one in tables.REGION_COLUMNS
        ),
    )
    spec = SheetSpec(
        title=title,
        columns=columns,
        as_of=as_of,
        missing="—",
        sheet_name="地区汇总",
        totals={key: found.total.values[key] for key in RATE_KEYS},
    )
    rows = [(line.name, *(line.values[one.key] for one in tables.REGION_COLUMNS)) for line in found.lines]
    write_workbook(file, [(spec, rows)])
    file.seek(0)
    detail = {"period": code, "as_of": as_of.isoformat(), "rows": len(rows)}
    audit.record(
        actor=actor, action="regions.exported", object_type="region", object_key=found.region.name, detail=detail
    )
    return file, filename(as_of, found.region.name, title.removeprefix(found.region.name))
