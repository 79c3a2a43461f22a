"""The walks behind a figure of the board, as a page and as a workbook with the same rows."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from campaigns.domain.rulebook.duties import Unit
from campaigns.models import Campaign
from core.listing import link, paginate
from core.periods import Period
from core.xlsx import CONTENT_TYPE
from reports.domain.board.counts import FIGURES, SHORT, WALKED, walks_behind
from reports.domain.rowlists import LISTS, RowList
from reports.exports.board_walks import walks_workbook
from reports.views.board_query import board_period, board_place, board_unit


@dataclass(frozen=True)
class WalksAskedFor:
    """The walks of one figure and period, of one unit and one item where the address names them."""

    campaign: Campaign
    period: Period
    unit: Unit | None
    figure: str
    item: str
    rows: QuerySet
    notes: list[str]

    @property
    def listed(self) -> RowList:
        """How they are listed: those that are 未达标 with what they lack."""
        return LISTS["short_walks" if self.figure == SHORT else "walks"]

    @property
    def label(self) -> str:
        return FIGURES[self.figure]


@require_safe
def board_walks(request, code):
    asked = _asked_for(request, code)
    page = paginate(asked.rows, order=asked.listed.order, params=request.GET, read=asked.listed.read)
    context = {
        "asked": asked, "campaign": asked.campaign, "period": asked.period, "page": page,
        "columns": asked.listed.columns, "notes": asked.notes + page.notes,
        "tabs": [
            {"label": label, "url": link(request.GET, figure=name), "active": name == asked.figure}
            for name, label in FIGURES.items()
        ],
        "board_url": f"{reverse('board', args=[code])}?{urlencode({'period': asked.period.code})}",
        "export_url": reverse("board_walks_export", args=[code]) + link(request.GET),
    }  # fmt: skip
    return render(request, "reports/board/walks.html", context)


@require_safe
def board_walks_export(request, code):
    asked = _asked_for(request, code)
    place = "，".join(part for part in (asked.unit.name if asked.unit else "", asked.item) if part)
    file, name = walks_workbook(
        asked.campaign, asked.listed, asked.rows, period=asked.period, figure=asked.figure, place=place,
        actor=request.user, today=timezone.localdate(),
    )  # fmt: skip
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _asked_for(request, code) -> WalksAskedFor:
    campaign, rules, choices, _ = board_place(request, code)
    period, _, notes = board_period(request, rules, choices)
    unit, unit_notes = board_unit(request, campaign, rules)
    figure, figure_notes = _figure(request)
    found = walks_behind(request.user, campaign, period, figure, unit_id=unit and unit.id)
    found, item, item_notes = _of_item(request, found)
    return WalksAskedFor(campaign, period, unit, figure, item, found, notes + unit_notes + figure_notes + item_notes)


def _figure(request) -> tuple:
    """(the figure asked for, or the walks in all; notes)."""
    asked = request.GET.get("figure", WALKED)
    notes = [] if asked in FIGURES else [f"统计项“{asked[:20]}”无法识别，已显示“{FIGURES[WALKED]}”。"]
    return asked if asked in FIGURES else WALKED, notes


def _of_item(request, walks: QuerySet) -> tuple:
    """(those of the item asked for, its name or "", notes)."""
    asked = request.GET.get("item", "")
    if not asked:
        return walks, "", []
    wanted = walks.filter(item_id=int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    name = wanted.values_list("item__name", flat=True).first() if wanted is not None else None
    if name is None:
        return walks, "", ["没有找到所选事项的体验，已显示全部事项。"]
    return wanted, name, []
