"""Service items from the tables that offices keep. Importing the same file twice changes nothing."""

import csv
from dataclasses import dataclass
from pathlib import Path

from accounts.domain.regions import require_region
from accounts.domain.units import UnitFinder
from accounts.models import Department, User
from catalogue.domain.members import MemberFinder, written_members
from catalogue.models import ITEM_KIND_WORDS, InPersonReason, ItemKind, ServiceItem
from core import audit
from core.exceptions import Refused
from core.imports import ImportResult, run_import, update_changed_fields
from core.tabular import COUNTED, NO, WORKDAYS, YES, Row, Shape, SheetTable
from core.text import normalize_text, search_text

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
    "包含事项",
)
OTHER_NAMES = {"主管系统": "主管部门", "承诺时限": "承诺时限(工作日)", "事项类型": "事项类别"}
ITEMS = Shape(COLUMNS, required=("事项名称", "主管部门"), aliases=OTHER_NAMES, codes=("事项编码",))
FIGURES = {"committed_days": "承诺时限(工作日)", "documents": "材料数", "steps": "环节数", "trips": "跑动次数"}
WORDS = {"code": ("事项编码", 60), "online_depth": ("网办深度", 10)}
KINDS = dict(ItemKind.choices)
REASONS = {normalize_text(label): reason for reason, label in InPersonReason.choices}
ALIASES = Path(__file__).resolve().parent.parent / "data" / "owner-aliases.csv"


def owner_aliases() -> dict[str, str]:
    """{field of work: part of the name of the unit that has taken it over}, from catalogue/data/owner-aliases.csv."""
    with ALIASES.open(encoding="utf-8") as file:
        return {normalize_text(row["主管系统"]): row["单位"] for row in csv.DictReader(file)}


@dataclass
class ImportLine:
    """One row of the file: whose item, its values, and the items a bundle (一件事) consists of (None: not told).

    ``member_names``: the members as they are called, in the order of the cell.
    """

    row: Row
    owner: Department | None
    name: str
    values: dict
    members: list[tuple[int, str]] | None = None
    member_names: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, str]:
        return (self.unit.pk, normalize_text(self.name))

    @property
    def unit(self) -> Department:
        """The owner of a line without a fault; ValueError where the file names none."""
        if self.owner is None:
            raise ValueError(f"row {self.row.number} has no owner")
        return self.owner


def import_items(
    *,
    path: Path | SheetTable,
    region_name: str = "",
    create_missing: bool = False,
    dry_run: bool = False,
    actor: User | None = None,
) -> ImportResult:
    """Items, matched by owning unit and name. The owner is named in full, in part (税务) or by its alias.

    Side effects in order: with ``create_missing`` the units nobody knows; items made or changed (none is ever
    removed); the members of bundles; an audit entry when anything changed. A column that is not in the file, and an
    empty figure, leave the stored value.
    """
    notes: list[str] = []

    def stage(rows: list[Row]) -> list[ImportLine]:
        region = require_region(region_name) if region_name else None
        finder = UnitFinder(region, create_missing=create_missing)
        lines = stage_items(rows, finder)
        notes.extend(finder.notes)
        return lines

    def write(staged: list[ImportLine], result: ImportResult) -> None:
        write_items(staged, result, region_name=region_name, actor=actor)

    return run_import(path=path, shape=ITEMS, stage=stage, write=write, dry_run=dry_run, notes=notes)


def stage_items(rows: list[Row], finder: UnitFinder) -> list[ImportLine]:
    """A line for each row; whatever is wrong with a cell is noted on its row."""
    aliases, staged = owner_aliases(), []
    seen: dict[tuple[Department | None, str], Row] = {}
    for place, row in enumerate(rows, start=1):
        name = row.text("事项名称", required=True, limit=120)
        owner = _owner(row, finder, aliases)
        first = seen.setdefault((owner, normalize_text(name)), row)
        if first is not row and owner:
            row.refuse("事项名称", f"与第 {first.number} 行重复")
        staged.append(ImportLine(row, owner, name, _values(row, place)))
    _find_members([line for line in staged if line.owner])
    return staged


def _find_members(lines: list[ImportLine]) -> None:
    """Set the members of the lines that name some; unknown names are noted at their cell."""
    told = [line for line in lines if line.row.text("包含事项")]
    if not told:
        return
    finder = MemberFinder([(line.unit, line.name) for line in lines])
    for line in told:
        if line.values.setdefault("kind", ItemKind.BUNDLE) != ItemKind.BUNDLE:
            line.row.refuse("包含事项", "只有事项类别为“一件事”的才能填写")
            continue
        try:
            line.members = finder.find(line.row.text("包含事项"), bundle=line.key, region_id=line.unit.region_id)
            line.member_names = tuple(finder.name_of[key] for key in line.members)
        except Refused as error:
            line.row.refuse("包含事项", error.message)


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
    values: dict = {"order": place if order is None else order}
    if kind := row.choice("事项类别", KINDS, ITEM_KIND_WORDS):
        values["kind"] = kind
    if row.has("是否须本人体验"):
        values |= _in_person(row)
    for field, column in FIGURES.items():
        units = WORKDAYS if field == "committed_days" else COUNTED
        if (figure := row.whole(column, units=units)) is not None:
            values[field] = figure
    for field, (column, limit) in WORDS.items():
        if words := row.text(column, limit=limit):
            values[field] = words
    return values


def _in_person(row: Row) -> dict:
    """是, 否 (or empty), or one of the three reasons, which says 是 as well."""
    word = normalize_text(row.text("是否须本人体验"))
    if word not in YES | NO | set(REASONS):
        row.refuse("是否须本人体验", f"应填“是”“否”，或理由：{'、'.join(InPersonReason.labels)}")
    return {"must_walk_in_person": word not in NO, "in_person_reason": REASONS.get(word, "")}


def stored_items(lines: list[ImportLine]) -> dict[tuple[int, str], ServiceItem]:
    """{key of a line: item} of the owners' items that are there already; one query."""
    owners = {line.owner.pk for line in lines if line.owner}
    items = ServiceItem.objects.filter(department__in=owners)
    return {(item.department_id, normalize_text(item.name)): item for item in items}


def new_item(line: ImportLine) -> ServiceItem:
    """The item a line begins, its values not yet set and not saved."""
    return ServiceItem(department=line.unit, name=line.name)


def put_values(item: ServiceItem, line: ImportLine) -> list[str]:
    """Set on the item what the line says; the names of the fields that changed. Members are written apart."""
    words = search_text(item.name, line.unit.name, line.values.get("code", item.code))
    return update_changed_fields(item, {**line.values, "search_text": words})


def write_items(lines: list[ImportLine], result: ImportResult, *, region_name: str, actor: User | None) -> None:
    """Make and change the items, count the lines. Side effects in order: items; members; an audit entry when anything
    changed.
    """
    have = stored_items(lines)
    new: dict[tuple[int, str], ServiceItem] = {}
    changed: dict[tuple[int, str], ServiceItem] = {}
    touched: set[str] = set()
    for line in lines:
        item = have.get(line.key) or new_item(line)
        fields = put_values(item, line)
        if item._state.adding:
            new[line.key] = item
        elif fields:
            changed[line.key] = item
            touched.update(fields)
    ServiceItem.objects.bulk_create(new.values(), batch_size=500)
    if touched:  # the fewer columns, the faster: with all of them 5,000 items take five times as long
        ServiceItem.objects.bulk_update(changed.values(), sorted(touched), batch_size=100)
    bundled = written_members({line.key: line.members for line in lines if line.members is not None})
    for line in lines:
        outcome = "updated" if line.key in changed or line.key in bundled else "unchanged"
        result.count("created" if line.key in new else outcome)
    if result.created or result.updated:
        detail = {"file": result.file, **result.counts()}
        audit.record(actor=actor, action="items.imported", object_type="region", object_key=region_name, detail=detail)
