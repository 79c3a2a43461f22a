"""Units from the tables that offices keep. Importing the same file twice changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from accounts.domain.abolition import abolish, restore
from accounts.domain.regions import find_or_create_region, find_region
from accounts.domain.units import unit_key
from accounts.enums import DEPARTMENT_KIND_WORDS, DepartmentKind
from accounts.models import Department, Region, UnitName, User
from core import audit
from core.imports import ImportResult, run_import, update_changed_fields
from core.near_names import NEAREST, alike
from core.tabular import Row, Shape, SheetTable

GONE = "是否撤销"
UNIT_COLUMNS = ("序号", "单位名称", "单位类型", "审批服务单位", "行政执法单位", "公共服务企业", GONE)
LISTS = {"is_approval": "审批服务单位", "is_enforcement": "行政执法单位", "is_utility": "公共服务企业"}
UNITS = Shape(UNIT_COLUMNS, required=("单位名称",))
KINDS = dict(DepartmentKind.choices)
ASK_ALIKE = "确是另一个单位的，请确认后再导入（页面上勾选“名称相近的确是新单位”，命令加 --new-units）"


def import_units(
    *,
    path: Path | SheetTable,
    region_name: str,
    dry_run: bool = False,
    actor: User | None = None,
    needed_for: Callable[[Department], list[str]] = lambda unit: [],
    make_alike: bool = False,
) -> ImportResult:
    """Units of one region, matched by name; ``order`` is 序号, which every report keeps.

    是否撤销 says 是 or 否 of a unit that is known; an empty cell says nothing. A new name like that of a unit in use is
    an error until ``make_alike`` says that it is another unit. ``needed_for``: what keeps a unit from
    being abolished, in words. Side effects in order: the region when missing; units made or changed (none is ever
    removed); those abolished as of today, or restored; audit entries when anything changed. A unit not in the file
    stays as it is.
    """

    def stage(rows: list[Row]) -> list[UnitLine]:
        return stage_units(rows, units_of(find_region(region_name)), needed_for, make_alike=make_alike)

    def write(staged: list[UnitLine], result: ImportResult) -> None:
        write_units(staged, result, region_name=region_name, actor=actor)

    return run_import(path=path, shape=UNITS, stage=stage, write=write, dry_run=dry_run)


@dataclass
class UnitLine:
    """One row of the units' file. ``stands``: in use (True), abolished (False), not told (None)."""

    name: str
    values: dict
    stands: bool | None = None

    @property
    def key(self) -> str:
        return unit_key(self.name)


def units_of(region: Region | None) -> dict[str, Department]:
    """{unit_key: unit} of a region, those abolished among them; one query, none without a region."""
    units = Department.objects.filter(region=region).select_related("region") if region else ()
    return {unit_key(unit.name): unit for unit in units}


def stage_units(
    rows: list[Row],
    have: dict[str, Department],
    needed_for: Callable[[Department], list[str]],
    *,
    make_alike: bool = False,
) -> list[UnitLine]:
    """A line for each row; whatever is wrong with a cell is noted on its row. See ``import_units``."""
    staged: list[UnitLine] = []
    seen: dict[str, int] = {}
    is_numbered = any(row.text("序号") for row in rows)
    for place, row in enumerate(rows, start=1):
        name = row.text("单位名称", required=True, limit=80)
        if unit_key(name) in seen:
            row.refuse("单位名称", f"与第 {seen[unit_key(name)]} 行重复")
        seen.setdefault(unit_key(name), row.number)
        order = row.whole("序号")
        if order is None:
            # Between numbered rows it stands behind the one above; a file without numbers is in its own order.
            order = (staged[-1].values["order"] if staged else 0) if is_numbered else place
        values: dict = {"order": order}
        if kind := row.choice("单位类型", KINDS, DEPARTMENT_KIND_WORDS):
            values["kind"] = kind
        values |= {name: row.yes(column) for name, column in LISTS.items() if row.has(column)}
        line = UnitLine(name, values)
        if row.text(GONE):
            line.stands = not _is_gone(row, have.get(line.key), needed_for)
        staged.append(line)
    if not make_alike:
        _ask_about_alike(rows, staged, have)
    _refuse_earlier_names(rows, staged, have)
    return staged


def _refuse_earlier_names(rows: list[Row], lines: list[UnitLine], have: dict[str, Department]) -> None:
    """A name no unit has, which one of the region had before, is no new unit; one query for a new name."""
    if all(line.key in have for line in lines):
        return
    earlier = UnitName.objects.filter(department__in=[unit.pk for unit in have.values()]).select_related("department")
    known = {unit_key(one.name): one for one in earlier.order_by("until", "id")}
    for row, line in zip(rows, lines, strict=True):
        if line.key and line.key not in have and (one := known.get(line.key)):
            row.refuse("单位名称", f"已自 {one.until} 起更名为“{one.department.name}”，请改用现在的名称")


def _ask_about_alike(rows: list[Row], lines: list[UnitLine], have: dict[str, Department]) -> None:
    """A new name like that of an existing unit, which the file does not name itself, may be that unit renamed."""
    told = {line.key for line in lines}
    others = [unit.name for key, unit in have.items() if unit.is_active and key not in told]
    for row, line in zip(rows, lines, strict=True):
        near = [name for name in others if line.key and line.key not in have and alike(line.name, name)][:NEAREST]
        if near:
            row.refuse("单位名称", f"与现有的{'、'.join(near)}名称相近：是同一单位的，请改用现有名称；{ASK_ALIKE}")


def _is_gone(row: Row, unit: Department | None, needed_for: Callable[[Department], list[str]]) -> bool:
    if not row.yes(GONE):
        if unit is not None and unit.succeeded_by_id:
            row.refuse(GONE, "已由别的单位承接，不能恢复")
        return False
    if unit is None:
        row.refuse(GONE, "还没有这个单位，不能撤销")
    elif unit.is_active and (needed := needed_for(unit)):
        row.refuse(GONE, "".join(needed))
    return True


def write_units(lines: list[UnitLine], result: ImportResult, *, region_name: str, actor: User | None) -> None:
    """Make and change the units of the region, count the lines; side effects as ``import_units`` says."""
    region = find_or_create_region(region_name)
    have = units_of(region)
    new, changed = [], []
    for line in lines:
        unit = have.get(line.key)
        if unit is None:
            new.append(Department(region=region, name=line.name, **line.values))
            result.count("created")
        else:
            if fields := update_changed_fields(unit, line.values):
                changed.append(unit)
            turned = line.stands is not None and line.stands != unit.is_active
            if turned:
                _turn(unit, bool(line.stands), f"导入{result.file}", actor)
            result.count("updated" if fields or turned else "unchanged")
    Department.objects.bulk_create(new, batch_size=500)
    Department.objects.bulk_update(changed, ["order", "kind", *LISTS], batch_size=200)
    note_import(actor, "units.imported", region.name, result)


def _turn(unit: Department, stands: bool, why: str, actor: User | None) -> None:
    if stands:
        restore(unit=unit, reason=why, actor=actor)
    else:
        today = timezone.localdate()
        abolish(unit=unit, on=today, document=why, actor=actor, today=today)


def note_import(actor: User | None, action: str, region_name: str, result: ImportResult) -> None:
    """One audit entry for a whole import; none when it changed nothing."""
    if result.created or result.updated:
        audit.record(
            actor=actor,
            action=action,
            object_type="region",
            object_key=region_name,
            detail={"file": result.file, **result.counts()},
        )
