"""The items of a region as a workbook that the import reads again."""

import io
from typing import IO

from django.utils import timezone

from accounts.models import Region
from catalogue.domain.imports import COLUMNS
from catalogue.domain.queries import items_with_members
from catalogue.resources import ItemResource
from core import audit
from core.export_limit import require_few
from core.xlsx import Column, SheetSpec, filename, write_workbook

WIDTHS = {"事项名称": 36, "主管部门": 24, "包含事项": 40, "事项编码": 20, "是否须本人体验": 16}
NUMBERS = {"承诺时限(工作日)", "材料数", "环节数", "跑动次数"}


def items_workbook(region: Region, *, actor) -> tuple[IO[bytes], str]:
    """(open file at its start, name): the items of units in use, in the layout of the import. Side effect: an audit
    entry. Raises Refused for more rows than one person takes out at once.
    """
    items = items_with_members(actor, region)
    require_few(len(items), what="事项", way="请按下级区域分别导出。")
    data = ItemResource([], "", region=region).export(items)
    # In the workbook a figure is a number, in the resource it is a word.
    rows = [_typed(row) for row in data.dict]
    file = io.BytesIO()
    write_workbook(file, [(_sheet(region), rows)])
    file.seek(0)
    audit.record(
        actor=actor, action="items.exported", object_type="region", object_key=region.name, detail={"rows": len(rows)}
    )
    return file, filename(timezone.localdate(), region.name, "政务服务事项")


def _typed(row: dict) -> list:
    figures = NUMBERS | {COLUMNS[0]}
    return [int(row[name]) if name in figures and row[name] != "" else row[name] or None for name in COLUMNS]


def _sheet(region: Region) -> SheetSpec:
    columns = tuple(
        Column(name, name, WIDTHS.get(name, 12), "int" if name in NUMBERS else "text") for name in COLUMNS[1:]
    )
    return SheetSpec(
        title=f"{region.name}政务服务事项", columns=columns, as_of=timezone.localdate(), foot=(), own_numbers=True
    )
