"""A published version beside another one, or beside the ledger as it is now (期后变动): a page and a workbook."""

from urllib.parse import urlencode

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.xlsx import CONTENT_TYPE
from reports.documents.registry import PAPERS
from reports.domain.comparison import ComparedSide, compare, frozen_side, present_side
from reports.exports.comparison import comparison_workbook
from reports.models import Publication
from reports.views.published import publication_seen

CHANGES_SHOWN = 100


@require_safe
def published_compare(request, code, period, version):
    row, before, after = _sides(request, code, period, version)
    found = compare(before, after)
    context = {
        "publication": row,
        "campaign": row.campaign,
        "before": before,
        "after": after,
        "asked": urlencode({"with": request.GET.get("with", "")}),
        "found": found,
        "papers": [PAPERS[key].label for key in found.papers or ()],
        "rows": found.rows[:CHANGES_SHOWN],
        "more": max(0, len(found.rows) - CHANGES_SHOWN),
    }
    return render(request, "reports/summary/compared.html", context)


@require_safe
def published_compare_export(request, code, period, version):
    row, before, after = _sides(request, code, period, version)
    file, name = comparison_workbook(row.campaign, before, after, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _sides(request, code: str, period: str, version: int) -> tuple[Publication, ComparedSide, ComparedSide]:
    """The version of the address and what it is compared with: ``with=2022-07.1`` another version, otherwise the
    ledger as it is now; 404 for a version that does not exist."""
    row = publication_seen(request, code, period, version)
    asked, _, number = request.GET.get("with", "").rpartition(".")
    if not asked:
        return row, frozen_side(row), present_side(row, timezone.localdate())
    if not (number.isascii() and number.isdigit() and len(number) < 5):
        raise Http404
    return row, frozen_side(row), frozen_side(publication_seen(request, code, asked, int(number)))
