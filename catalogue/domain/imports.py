"""Service items from the tables that offices keep. Importing the same file twice changes nothing."""

import csv
from pathlib import Path

from accounts.domain.regions import require_region
from accounts.domain.units import UnitFinder
from accounts.models import Department
from catalogue.models import ItemKind, ServiceItem
from core import audit
from core.exceptions import Refused
from core.imports import ImportResult, run_import, settle
from core.tabular import Row
from core.text import fold, search_text

COLUMNS = (
    "序号",
    "事项编码",
    "事项名称",
    "事项类别",
    "主管部门",
    "是否须本人体验",
    "承诺时限(工作日)",
    "材料数",
    "环节数",
    "跑动次数",
    "网办深度",
)
OTHER_NAMES = {"主管系统": "主管部门", "承诺时限": "承诺时限(工作日)"}
FIGURES = {"committed_days": "承诺时限(工作日)", "documents": "材料数", "steps": "环节数", "trips": "跑动次数"}
WORDS = {"code": ("事项编码", 60), "online_depth": ("网办深度", 10)}
WRITTEN = ("code", "kind", "must_walk_in_person", *FIGURES, "online_depth", "order", "search_text")
KINDS = dict(ItemKind.choices)
ALIASES = Path(__file__).resolve().parent.parent / "data" / "owner-aliases.csv"


def owner_aliases() -> dict[str, str]:
    """{field of work: part of the name of the unit that has taken it over}, from catalogue/data/owner-aliases.csv."""
    with ALIASES.open(encoding="utf-8") as file:
        return {fold(row["主管系统"]): row["单位"] for row in csv.DictReader(file)}


def import_items(
    *, path: Path, region_name: str = "", create_missing: bool = False, dry_run: bool = False, actor=None
) -> ImportResult:
    """Items, matched by owning unit and name. The owner is named in full, in part (税务) or by its alias.

    Side effects in order: with ``create_missing`` the units nobody knows; items made or changed (none is ever
    removed); an audit entry when anything changed. A column that is not in the file, and an empty figure, leave what
    stands there.
    """

    def stage(rows: list[Row]) -> list[tuple[Department, str, dict]]:
        region = require_region(region_name) if region_name else None
        return _stage(rows, UnitFinder(region, create_missing=create_missing))

    def write(staged: list[tuple[Department, str, dict]], result: ImportResult) -> None:
        _write(staged, result)
        if result.created or result.updated:
            detail = {"file": result.file, **result.counts()}
            audit.record(
                actor=actor, action="items.imported", object_type="region", object_key=region_name, detail=detail
            )

    return run_import(
        path=path,
        columns=COLUMNS,
        required=("事项名称", "主管部门"),
        stage=stage,
        write=write,
        aliases=OTHER_NAMES,
        dry_run=dry_run,
    )


def _stage(rows: list[Row], finder: UnitFinder) -> list[tuple[Department, str, dict]]:
    aliases, staged, seen = owner_aliases(), [], {}
    for place, row in enumerate(rows, start=1):
        name = row.text("事项名称", required=True, limit=120)
        owner = _owner(row, finder, aliases)
        first = seen.setdefault((owner, fold(name)), row)
        if first is not row and owner:
            row.refuse("事项名称", f"与第 {first.number} 行重复")
        staged.append((owner, name, _values(row, place)))
    return staged


def _owner(row: Row, finder: UnitFinder, aliases: dict[str, str]) -> Department | None:
    name = row.text("主管部门", required=True)
    if not name:
        return None
    try:
        return finder.owning(name, aliases)
    except Refused as error:
        row.refuse("主管部门", error.message)
        return None


def _values(row: Row, place: int) -> dict:
    order = row.whole("序号", most=2**31 - 1)
    values = {"order": place if order is None else order}
    if kind := row.choice("事项类别", KINDS):
        values["kind"] = kind
    if row.has("是否须本人体验"):
        values["must_walk_in_person"] = row.yes("是否须本人体验")
    for field, column in FIGURES.items():
        if (figure := row.whole(column)) is not None:
            values[field] = figure
    for field, (column, limit) in WORDS.items():
        if words := row.text(column, limit=limit):
            values[field] = words
    return values


def _write(staged: list[tuple[Department, str, dict]], result: ImportResult) -> None:
    owners = {owner.pk for owner, _, _ in staged}
    have = {(item.department_id, fold(item.name)): item for item in ServiceItem.objects.filter(department__in=owners)}
    new, changed = [], []
    for owner, name, values in staged:
        item = have.get((owner.pk, fold(name)))
        is_new = item is None
        item = item or ServiceItem(department=owner, name=name)
        words = search_text(item.name, owner.name, values.get("code", item.code))
        fields = settle(item, {**values, "search_text": words})
        if is_new:
            new.append(item)
        elif fields:
            changed.append(item)
        result.count("created" if is_new else "updated" if fields else "unchanged")
    ServiceItem.objects.bulk_create(new, batch_size=500)
    ServiceItem.objects.bulk_update(changed, WRITTEN, batch_size=100)
