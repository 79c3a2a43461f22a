"""地区汇总: the campaigns of a region and below, for one period, as a page and as a workbook."""

from dataclasses import dataclass, field
from datetime import date

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Region
from core.periods import parse_period, period_of
from core.xlsx import CONTENT_TYPE
from reports import tables
from reports.domain.regions import RegionReport, RegionTree, region_report
from reports.exports.regions import region_workbook
from reports.links import RegionLinks
from reports.views.report_query import asked_day

WHOLE, WHOLE_LABEL = "all", "全程"


@dataclass(frozen=True)
class _Asked:
    tree: RegionTree
    region: Region
    code: str
    label: str
    as_of: date
    notes: list[str] = field(default_factory=list)

    @property
    def links(self) -> RegionLinks:
        return RegionLinks(self.code, self.as_of)


@require_safe
def regions(request):
    asked = _parse(request)
    found = region_report(asked.tree, asked.region, asked.code, asked.as_of)
    context = {
        "asked": asked,
        "found": found,
        "title": _title(found, asked),
        "columns": tables.REGION_COLUMNS,
        "lines": tables.region_lines(found, asked.links),
        "export_url": asked.links.export(found.region),
        "above": [{"region": one, "url": asked.links.page(one)} for one in found.above[:-1]],
    }
    return render(request, "reports/regions.html", context)


@require_safe
def regions_export(request):
    asked = _parse(request)
    found = region_report(asked.tree, asked.region, asked.code, asked.as_of)
    file, name = region_workbook(
        found, title=_title(found, asked), code=asked.code, as_of=asked.as_of, actor=request.user
    )
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _title(found: RegionReport, asked: _Asked) -> str:
    return f"{found.region.name}{asked.label}汇总"


def _parse(request) -> _Asked:
    """404 for a region the person does not read from above, and for who reads none; a period that is none: the
    present month, with a note."""
    tree = RegionTree(request.user)
    wanted = request.GET.get("region", "")
    region = next((one for one in tree.with_campaigns if wanted in ("", str(one.pk))), None)
    if region is None:
        raise Http404
    as_of, notes = asked_day(request.GET.get("as_of", ""))
    present = period_of(timezone.localdate())
    code = request.GET.get("period", "").strip() or present.code
    if code in (WHOLE, WHOLE_LABEL):
        return _Asked(tree, region, WHOLE, WHOLE_LABEL, as_of, notes)
    try:
        return _Asked(tree, region, code, parse_period(code).label, as_of, notes)
    except ValueError as error:
        notes.append(f"{error}已显示{present.label}。")
        return _Asked(tree, region, present.code, present.label, as_of, notes)
