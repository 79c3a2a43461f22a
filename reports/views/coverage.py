"""Coverage: every item that must be walked, those nobody walked first; the same rows as a workbook."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from campaigns.domain.owed import WHOLE
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.versions import rules_of
from campaigns.enums import CoverageBasis
from campaigns.models import Campaign
from catalogue.models import ItemKind
from core.listing import Page, link
from core.xlsx import CONTENT_TYPE
from reports.domain.board.counts import REPORTED
from reports.domain.board.coverage import Coverage, CoveredItem, coverage_of
from reports.exports.coverage import coverage_workbook

PER_PAGE = 100
NAMED = 60
PARTS = {"missing": "未体验", "covered": "已覆盖", "all": "全部"}


@require_safe
def coverage(request, code):
    campaign, found = _found(request, code)
    part = request.GET.get("part") if request.GET.get("part") in PARTS else "all"
    groups = {"missing": found.missing, "covered": found.covered, "all": found.items}
    page = _page(request, groups[part])
    context = {
        "campaign": campaign, "coverage": found, "basis": CoverageBasis(found.basis).label, "page": page, "part": part,
        "rows": [_row(campaign, found, one) for one in page.rows], "named": found.missing[:NAMED],
        "unnamed": max(0, len(found.missing) - NAMED), "today": timezone.localdate(),
        "with_pool": any(one.provenance for one in found.items),
        "tabs": [
            {"label": label, "url": link(request.GET, part=name), "active": name == part, "count": len(groups[name])}
            for name, label in PARTS.items()
        ],
    }  # fmt: skip
    return render(request, "reports/board/coverage.html", context)


@require_safe
def coverage_export(request, code):
    campaign, found = _found(request, code)
    file, name = coverage_workbook(campaign, found, actor=request.user, today=timezone.localdate())
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _found(request, code) -> tuple[Campaign, Coverage]:
    campaign = get_object_or_404(campaigns_visible_to(request.user).select_related("region", "office"), code=code)
    return campaign, coverage_of(request.user, campaign, rules_of(campaign.pk)[1])


def _row(campaign: Campaign, found: Coverage, one: CoveredItem) -> dict:
    asked = {"period": WHOLE, "figure": REPORTED, "item": one.item_id}
    return {
        "item": one,
        "kind": ItemKind(one.kind).label,
        "url": f"{reverse('board_walks', args=[campaign.code])}?{urlencode(asked)}" if one.walks else "",
        "short": 0 < one.walks < found.minimum,
    }


def _page(request, rows: list[CoveredItem]) -> Page:
    """The slice the address asks for; the rows are in memory, so any page may be opened by its number."""
    pages = max(1, -(-len(rows) // PER_PAGE))
    asked = request.GET.get("page", "1")
    number = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    start = (number - 1) * PER_PAGE
    shown = rows[start : start + PER_PAGE]
    prev_url = link(request.GET, page=number - 1) if number > 1 else ""
    next_url = link(request.GET, page=number + 1) if number < pages else ""
    return Page(shown, len(rows), number, start + 1 if shown else 0, prev_url, next_url)
