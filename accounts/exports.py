"""Units and people as workbooks that the imports read again."""

import io
from typing import IO

from django.utils import timezone

from accounts.domain.abolition import units_visible_to
from accounts.domain.imports import PEOPLE_COLUMNS
from accounts.domain.queries import places_in
from accounts.domain.unit_imports import UNIT_COLUMNS
from accounts.models import Region
from accounts.resources import PersonResource, StoredPerson, UnitResource
from core import audit
from core.export_limit import require_few
from core.xlsx import Column, SheetSpec, filename, write_workbook

BY_REGION = "请按下级区域分别导出。"
FIELDS = ("name", "username", "unit", "title", "roles", "phone")
WIDTHS = {"单位名称": 30, "单位": 30, "角色": 30, "用户名": 16, "单位类型": 14}


def units_workbook(region: Region, *, actor) -> tuple[IO[bytes], str]:
    """(open file at its start, name): every unit of a region, those abolished among them. Side effect: an audit
    entry. Raises Refused for more rows than one person takes out at once.
    """
    units = units_visible_to(actor).filter(region=region).order_by("order", "id")
    require_few(units.count(), what="单位名单", way=BY_REGION)
    data = UnitResource([], "", region_name=region.name, needed_for=lambda unit: []).export(units)
    rows = [[int(row["序号"]), *(row[name] for name in UNIT_COLUMNS[1:])] for row in data.dict]
    return _workbook(f"{region.name}单位名单", UNIT_COLUMNS, rows, region.name, "units.exported", actor)


def people_workbook(region: Region | None, *, actor) -> tuple[IO[bytes], str]:
    """(open file at its start, name): who holds a role in a unit of a region, without one the three administrators.

    Phones are left out, and an import leaves them as they are. Side effect: an audit entry. Raises
    Refused as ``units_workbook``.
    """
    people = [
        StoredPerson(row["username"], row["name"], row["unit"], row["title"], tuple(row["roles"]))
        for row in places_in(actor, region)
    ]
    require_few(len(people), what="人员名单", way=BY_REGION)
    place = region.name if region else ""
    data = PersonResource([], "", region_name=place).export(people, export_fields=FIELDS)
    rows = [[number, *(row[name] for name in PEOPLE_COLUMNS[1:])] for number, row in enumerate(data.dict, start=1)]
    return _workbook(f"{place or '三员'}人员名单", PEOPLE_COLUMNS, rows, place, "people.exported", actor)


def _workbook(title: str, columns, rows: list, place: str, action: str, actor) -> tuple[IO[bytes], str]:
    today = timezone.localdate()
    spec = SheetSpec(
        title=title,
        columns=tuple(Column(name, name, WIDTHS.get(name, 12), "text") for name in columns[1:]),
        as_of=today,
        foot=(),
        own_numbers=True,
    )
    file = io.BytesIO()
    write_workbook(file, [(spec, rows)])
    file.seek(0)
    audit.record(actor=actor, action=action, object_type="region", object_key=place, detail={"rows": len(rows)})
    return file, filename(today, "", title)
