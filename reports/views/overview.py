"""进展总览 of a campaign, as a page and as a workbook."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.versions import rules_of
from core.xlsx import CONTENT_TYPE
from reports import tables
from reports.domain.overview import Overview, overview_of
from reports.exports.overview import overview_workbook
from reports.views.report_query import ParsedQuery, parse_report_query


@require_safe
def overview(request, code):
    parsed, found = _asked(request, code)
    context = parsed.place | {
        "tiles": tables.overview_tiles(found),
        "trend": tables.trend_lines(found),
        "trend_chart": tables.trend_chart(found),
        "heat": tables.heat(found),
        "effects": tables.effects(found),
        "choices": [
            {"label": one.title, "url": f"?scope={one.kind}", "active": one is parsed.query.report_scope}
            for one in parsed.choices
        ],
    }
    return render(request, "reports/overview.html", context)


@require_safe
def overview_export(request, code):
    _, found = _asked(request, code)
    file, name = overview_workbook(found, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _asked(request, code: str) -> tuple[ParsedQuery, Overview]:
    """The question about the period that holds today, the campaign's first or last one outside its days."""
    campaign = get_object_or_404(campaigns_visible_to(request.user), code=code)
    _, rules = rules_of(campaign.pk)
    day = min(max(timezone.localdate(), campaign.starts_on), campaign.ends_on)
    parsed = parse_report_query(request, code, rules.period_of(day).code)
    return parsed, overview_of(parsed.query, rules)
