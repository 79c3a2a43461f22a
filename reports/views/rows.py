"""The rows behind one figure of a period."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.listing import paginate
from reports.domain.figures import FIGURES
from reports.domain.rowlists import LISTS
from reports.views import report_query


@require_safe
def report_rows(request, code, period, figure):
    if figure not in FIGURES:
        raise Http404
    parsed, shown = report_query.parse_report_query(request, code, period), FIGURES[figure]
    query, narrowed_to = report_query.narrow(request, parsed.query)
    listed = LISTS[shown.source]
    page = paginate(shown.rows(query), order=listed.order, params=request.GET, read=listed.read)
    context = parsed.place | {
        "figure": shown,
        "heading": "，".join([shown.label, *narrowed_to]),
        "subtitle": f"{query.campaign.name} · {query.period.label} · {query.report_scope.title}",
        "back_label": f"{query.period.label}汇总",
        "columns": listed.columns,
        "page": page,
        "notes": parsed.notes + page.notes,
    }
    return render(request, "reports/summary/rows.html", context)
