"""必走事项清单: what must be walked and where that comes from (H22 益阳: 亲点、申报、征集各一批). Its only writer."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from accounts.domain.units import UnitFinder
from accounts.models import User
from campaigns.domain.queries import campaigns_and_drafts
from campaigns.domain.rulebook.rulebook import Rulebook
from campaigns.enums import CampaignState, CoverageBasis, Provenance
from campaigns.models import Campaign, PoolItem
from catalogue.models import ItemKind, ServiceItem
from core import audit
from core.conflicts import taken_already
from core.exceptions import IllegalTransition, Refused
from core.forms import LARGEST_ID
from core.imports import ImportResult, run_import, update_changed_fields
from core.near_names import nearest
from core.searching import holds, searched
from core.tabular import HEADER_MARK, Row, Shape, SheetTable
from core.templatetags.ui import moment
from core.text import normalize_text

COLUMNS = (HEADER_MARK, "事项名称", "主管部门", "来源", "说明")
SHAPE = Shape(
    COLUMNS,
    required=("事项名称", "来源"),
    aliases={"必走事项": "事项名称", "单位": "主管部门", "备注": "说明"},
)
LABELS = dict(Provenance.choices)
OTHER_WORDS = {
    "领导": Provenance.LEADER,
    "部门": Provenance.UNIT,
    "申报": Provenance.UNIT,
    "群众": Provenance.PUBLIC,
    "企业群众": Provenance.PUBLIC,
    "征集": Provenance.PUBLIC,
    "热线": Provenance.HOTLINE,
    "12345": Provenance.HOTLINE,
    "12345市民热线": Provenance.HOTLINE,
    "12345政务服务便民热线": Provenance.HOTLINE,
}
NOTE_LIMIT = 200
REMOVED = "pool.removed"
OPEN = (CampaignState.DRAFT, CampaignState.ISSUED, CampaignState.RUNNING)


def pool_visible_to(user: User) -> QuerySet:
    """The must-walk items of every campaign the person sees: the list is made for everybody bound by it."""
    return PoolItem.objects.filter(campaign__in=campaigns_and_drafts(user))


def items_to_add(campaign: Campaign) -> QuerySet:
    """Items in use of the campaign's region that do not stand in the list yet, in unit order."""
    rows = ServiceItem.objects.filter(department__region_id=campaign.region_id, department__is_active=True)
    rows = rows.filter(is_active=True).exclude(pools__campaign=campaign)
    return rows.select_related("department").order_by("department__order", "department_id", "order", "id")


def matching(items: QuerySet, text: str) -> QuerySet:
    """Those whose name, unit or pinyin initials hold ``text``."""
    return items.filter(holds("search_text", normalize_text(searched(text)))) if text else items


def is_open(campaign: Campaign, today: date) -> bool:
    """True until the campaign has ended: what had to be walked is settled then."""
    return campaign.state in OPEN and today <= campaign.ends_on


def require_open(campaign: Campaign, today: date) -> None:
    """Raise IllegalTransition once the campaign has ended (``is_open``)."""
    if not is_open(campaign, today):
        raise IllegalTransition(f"活动已于 {campaign.ends_on} 结束，必走事项清单不能再改。", rule="pool.ended")


@transaction.atomic
def add(
    *, campaign: Campaign, items: Iterable[ServiceItem], provenance: str, note: str, actor: User, today: date
) -> int:
    """Put items on the list; returns how many (个) are new, those already on it keep their provenance.

    Side effects in order: the rows; an audit entry. Raises IllegalTransition when the campaign has ended, Refused for
    an item of another region.
    """
    require_open(campaign, today)
    chosen = list(items)
    if any(item.department.region_id != campaign.region_id for item in chosen):
        raise Refused("所选事项不属于本活动的区域，未添加。", fields={"items": "请从列出的事项中选择"})
    _lock(campaign)
    have = set(campaign.pool.values_list("item_id", flat=True))
    fresh = [
        PoolItem(campaign=campaign, item=item, provenance=provenance, note=note, added_by=actor)
        for item in chosen
        if item.pk not in have
    ]
    PoolItem.objects.bulk_create(fresh)
    if fresh:
        detail = {"added": [row.item.name for row in fresh], "source": LABELS[provenance]}
        _note(campaign, actor, "pool.added", detail)
    return len(fresh)


@transaction.atomic
def remove(*, row: PoolItem, actor: User, today: date) -> None:
    """Take an item off the list; its walks stay. Raises IllegalTransition when the campaign has ended, or when
    somebody was first."""
    require_open(row.campaign, today)
    if not PoolItem.objects.filter(pk=row.pk).delete()[0]:
        raise gone(row.campaign, row.pk) or ValueError(f"row {row.pk} went without an entry")
    detail = {"item": row.item.name, "source": LABELS[row.provenance], "row": row.pk}
    _note(row.campaign, actor, REMOVED, detail)


def gone(campaign: Campaign, pk: int) -> IllegalTransition | None:
    """What to say of a row that was taken off the list: by whom and when; None for one that never stood on it."""
    who, at = audit.last_done(REMOVED, object_type="campaign", object_key=campaign.code, detail={"row": pk})
    return taken_already("这个事项已经移出清单", who, at, rule="pool.removed") if at else None


def import_pool(
    *, path: Path | SheetTable, campaign: Campaign, actor: User, today: date, dry_run: bool = False
) -> ImportResult:
    """Take a sheet into the list, all of it or nothing; the same sheet twice changes nothing, one without a column
    说明 leaves what is stored there.

    Side effects in order: rows added or changed; an audit entry. Raises IllegalTransition when the campaign has ended.
    """
    require_open(campaign, today)

    def write(staged: list[dict], result: ImportResult) -> None:
        _write(staged, result, campaign, actor)

    finder = UnitFinder(campaign.region)
    return run_import(
        path=path,
        shape=SHAPE,
        stage=lambda rows: _stage(rows, campaign, finder),
        write=write,
        dry_run=dry_run,
        notes=finder.notes,
    )


def _stage(rows: list[Row], campaign: Campaign, units: UnitFinder) -> list[dict]:
    items = ServiceItem.objects.filter(department__region_id=campaign.region_id, is_active=True)
    by_name: dict[str, list[ServiceItem]] = {}
    for item in items.select_related("department"):
        by_name.setdefault(normalize_text(item.name), []).append(item)
    staged = []
    met: dict[int, int] = {}
    for row in rows:
        found = _item(row, by_name, units)
        provenance = row.choice("来源", LABELS, OTHER_WORDS)
        if provenance is None and not row.text("来源"):
            row.refuse("来源", "不能为空")
        note = row.text("说明", limit=NOTE_LIMIT) if row.has("说明") else None
        if found and found.pk in met:
            row.refuse("事项名称", f"与第 {met[found.pk]} 行重复")
        elif found:
            met[found.pk] = row.number
            staged.append({"item": found, "provenance": provenance, "note": note})
    return staged


def _item(row: Row, by_name: dict[str, list[ServiceItem]], units: UnitFinder) -> ServiceItem | None:
    name, unit = row.text("事项名称", required=True), row.text("主管部门")
    found = by_name.get(normalize_text(name), [])
    if name and not found:
        row.refuse("事项名称", f"没有这个事项{nearest(name, (i.name for group in by_name.values() for i in group))}")
    if unit and found:
        try:
            owner = units.owning(unit, {})
        except Refused as error:
            row.refuse("主管部门", error.message)
            return None
        found = [item for item in found if item.department_id == owner.pk]
        if not found:
            row.refuse("主管部门", f"{owner}没有事项“{name}”")
    if len(found) > 1:
        row.refuse("主管部门", f"有多个单位办理“{name}”，请写明主管部门")
    return found[0] if len(found) == 1 else None


def _write(staged: list[dict], result: ImportResult, campaign: Campaign, actor: User) -> None:
    _lock(campaign)
    have = {row.item_id: row for row in campaign.pool.all()}
    for values in staged:
        row = have.get(values["item"].pk)
        if row is None:
            PoolItem.objects.create(campaign=campaign, added_by=actor, **values | {"note": values["note"] or ""})
            result.count("created")
        elif changed := update_changed_fields(row, _told(values)):
            row.save(update_fields=changed)
            result.count("updated")
        else:
            result.count("unchanged")
    if result.created or result.updated:
        _note(campaign, actor, "pool.imported", {"file": result.file, **result.counts()})


def _told(values: dict) -> dict:
    """What a row of the sheet says of an item that is listed: without a column 说明 the stored one stays."""
    told = {"provenance": values["provenance"]}
    return told if values["note"] is None else told | {"note": values["note"]}


def listed_words(campaign: Campaign, sent: Iterable[str]) -> str:
    """Who put the items sent (ids) on the list, and when, of the last that stands on it, in words with a comma before
    them; "" where none does."""
    ids = [int(one) for one in sent if one.isdecimal() and int(one) <= LARGEST_ID]
    row = campaign.pool.filter(item_id__in=ids).select_related("item", "added_by").order_by("-added_at").first()
    return f"，“{row.item.name}”由{row.added_by or '系统'}于 {moment(row.added_at)} 列入" if row else ""


def _lock(campaign: Campaign) -> None:
    """Whoever else adds to this list waits to the end of the transaction: no item stands on it twice."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)


def _note(campaign: Campaign, actor: User, action: str, detail: dict) -> None:
    audit.record(actor=actor, action=action, object_type="campaign", object_key=campaign.code, detail=detail)


def items_to_cover(campaign: Campaign, rules: Rulebook) -> QuerySet:
    """The items in use that the rules ask to be walked; without a demand all items of the roster's units."""
    if rules.coverage.basis == CoverageBasis.POOL:
        return ServiceItem.objects.filter(pools__campaign=campaign)
    bound = campaign.roster.filter(left_on=None, department__is_active=True).values("department_id")
    if rules.coverage.basis == CoverageBasis.EACH_BUNDLE:
        # The office itself may lead a bundle, and it stands on no roster.
        here = ServiceItem.objects.filter(department__region_id=campaign.region_id, department__is_active=True)
        return here.filter(is_active=True, kind=ItemKind.BUNDLE)
    rows = ServiceItem.objects.filter(is_active=True, department_id__in=bound)
    if rules.coverage.basis == CoverageBasis.EACH_ITEM:
        return rows.filter(kind__in=(ItemKind.APPROVAL, ItemKind.PUBLIC_SERVICE))
    return rows
