"""The rows behind one figure of a period."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.listing import paginate
from reports.domain.figures import FIGURES
from reports.domain.rowlists import LISTS
from reports.views import asking


@require_safe
def report_rows(request, code, period, figure):
    if figure not in FIGURES:
        raise Http404
    asked, shown = asking.read(request, code, period), FIGURES[figure]
    ask, narrowed_to = asking.narrow(request, asked.ask)
    listed = LISTS[shown.source]
    page = paginate(shown.rows(ask), order=listed.order, params=request.GET, read=listed.read)
    context = asked.place | {
        "figure": shown,
        "heading": "，".join([shown.label, *narrowed_to]),
        "subtitle": f"{ask.campaign.name} · {ask.period.label} · {ask.outlook.title}",
        "back_label": f"{ask.period.label}汇总",
        "columns": listed.columns,
        "page": page,
        "notes": asked.notes + page.notes,
    }
    return render(request, "reports/rows.html", context)
