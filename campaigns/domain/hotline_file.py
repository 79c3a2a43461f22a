"""Reading a month's 12345 figures from the table the hotline hands over. Writing is ``campaigns.domain.hotline``."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from accounts.domain.units import UnitFinder
from accounts.models import Department, User
from campaigns.domain.hotline import TicketFigure, check_month, require_unissued, save_figures
from campaigns.models import Campaign
from core.exceptions import Refused
from core.imports import ImportResult, run_import
from core.tabular import Row, Shape, SheetTable, split_names

COLUMNS = ("序号", "责任单位", "工单数", "问题类型", "所属领域")
OTHER_NAMES = {
    "单位": "责任单位",
    "单位名称": "责任单位",
    "承办单位": "责任单位",
    "工单量": "工单数",
    "工单数量": "工单数",
    "工单数(件)": "工单数",
    "问题类别": "问题类型",
    "领域": "所属领域",
}
SHAPE = Shape(COLUMNS, required=("责任单位", "工单数"), aliases=OTHER_NAMES)
# 20,000 rows (core.tabular) of so many still fit the column.
MOST = 100_000
LIMITS = {"问题类型": 200, "所属领域": 100}


def import_figures(
    *,
    campaign: Campaign,
    month: str,
    path: Path | SheetTable,
    actor: User | None = None,
    dry_run: bool = False,
    now: datetime | None = None,
) -> ImportResult:
    """Import a month's figures; counts are units (个), ``rows`` lines of the file.

    Several lines of one unit are added up and their types joined; a note names them. Other figures for a month whose
    list is issued are an error of the file as a whole. Side effects: those of ``save_figures``, none when anything is
    wrong.
    """

    def write(figures: list[TicketFigure], result: ImportResult) -> None:
        counts = save_figures(
            campaign=campaign, month=month, figures=figures, file_name=result.file, actor=actor, now=now
        )
        for outcome, number in counts.items():
            setattr(result, outcome, number)

    return _run(campaign, month, path, write, dry_run=dry_run, now=now)[0]


def read_figures(
    *, campaign: Campaign, month: str, path: Path | SheetTable, now: datetime | None = None
) -> tuple[ImportResult, list[TicketFigure]]:
    """What a file says, for a look before it is saved: the result with every fault, and the figures by unit.

    Nothing is written.
    """
    return _run(campaign, month, path, lambda figures, result: None, dry_run=True, now=now)


def _run(
    campaign: Campaign,
    month: str,
    path: Path | SheetTable,
    write: Callable[[list[TicketFigure], ImportResult], None],
    *,
    dry_run: bool,
    now: datetime | None,
) -> tuple[ImportResult, list[TicketFigure]]:
    found: list[TicketFigure] = []
    notes: list[str] = []

    def stage(rows: list[Row]) -> list[TicketFigure]:
        period = check_month(campaign, month, today=timezone.localtime(now).date())
        # A unit abolished in the course of that month or later had its tickets in it.
        finder = UnitFinder(campaign.region, active_on=period.starts_on)
        figures, lines = _figures(rows, finder)
        found.extend(figures)
        notes.extend([*finder.notes, *_added_up(figures, lines)])
        if not rows:
            raise Refused("表头以下没有数据行，未写入任何内容。", rule="table.rows")
        if not any(row.errors for row in rows):
            require_unissued(campaign, period.code, found)
        return found

    result = run_import(
        path=path,
        shape=SHAPE,
        stage=stage,
        write=write,
        dry_run=dry_run,
        notes=notes,
    )
    return result, found


def _added_up(figures: list[TicketFigure], lines: dict[int, list[int]]) -> list[str]:
    """One sentence for each unit that stands on several lines."""
    return [
        f"{one.name}有 {len(numbers)} 行（第 {'、'.join(map(str, numbers))} 行），已合并为 {one.tickets} 件。"
        for one in figures
        if len(numbers := lines[one.department_id]) > 1
    ]


def _figures(rows: list[Row], finder: UnitFinder) -> tuple[list[TicketFigure], dict[int, list[int]]]:
    """One figure a unit, in the order of the file; {unit: numbers of its lines}."""
    found: dict[int, TicketFigure] = {}
    lines: dict[int, list[int]] = {}
    for row in rows:
        unit, tickets = _unit(row, finder), row.whole("工单数", most=MOST)
        if tickets is None and not row.text("工单数"):
            row.refuse("工单数", "不能为空")
        if unit is None:
            continue
        lines.setdefault(unit.pk, []).append(row.number)
        before = found.get(unit.pk) or TicketFigure(unit.pk, unit.name, 0)
        words = {"问题类型": before.types, "所属领域": before.field}
        for column, limit in LIMITS.items():
            words[column] = _joined(row, column, words[column], limit)
        found[unit.pk] = TicketFigure(
            unit.pk, unit.name, before.tickets + (tickets or 0), types=words["问题类型"], field=words["所属领域"]
        )
    return list(found.values()), lines


def _unit(row: Row, finder: UnitFinder) -> Department | None:
    name = row.text("责任单位", required=True)
    if not name:
        return None
    try:
        return finder.owning(name, {})
    except Refused as error:
        row.refuse("责任单位", error.message)
        return None


def _joined(row: Row, column: str, before: str, limit: int) -> str:
    """The unit's words so far with those of this line, each once."""
    words = "、".join(dict.fromkeys([*split_names(before), *split_names(row.text(column))]))
    if len(words) > limit:
        row.refuse(column, f"该单位合并后有 {len(words)} 个字，最多 {limit} 个字")
    return words
