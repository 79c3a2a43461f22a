"""The rows behind one figure of a period."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.list_book import as_file, write_book
from core.listing import link, paginate
from reports.domain.figures import FIGURES, Figure, ReportQuery
from reports.domain.rowlists import LISTS
from reports.domain.tally import effect_of
from reports.exports.rows import figure_book
from reports.tables import EFFECT_UNITS
from reports.views import report_query


@require_safe
def report_rows(request, code, period, figure):
    parsed, shown, query, narrowed_to = _asked(request, code, period, figure)
    listed = LISTS[shown.source]
    page = paginate(shown.rows(query), order=listed.order, params=request.GET, read=listed.read)
    context = parsed.place | {
        "figure": shown,
        "heading": "，".join([shown.label, *narrowed_to]),
        "subtitle": f"{query.campaign.name} · {query.period.label} · {query.report_scope.title}",
        "back_label": f"{query.period.label}汇总",
        "columns": listed.columns,
        "page": page,
        "sums": _sums(shown, query),
        "notes": parsed.notes + page.notes,
        "export_url": reverse("report_rows_export", args=[code, period, figure]) + link(request.GET),
    }
    return render(request, "reports/summary/rows.html", context)


@require_safe
def report_rows_export(request, code, period, figure):
    _, shown, query, narrowed_to = _asked(request, code, period, figure)
    listed = LISTS[shown.source]
    rows = shown.rows(query)
    what = "，".join([query.campaign.name, query.period.label, *narrowed_to])
    to = {"actor": request.user, "today": query.as_of, "place": query.campaign.region.name}
    return as_file(write_book(figure_book(shown, listed), rows.order_by(*listed.order.by()), what=what, **to))


def _sums(figure: Figure, query: ReportQuery) -> str:
    """Of what measures save the sum that the figure shows, in words; "" where rows are counted."""
    kind = figure.key.removeprefix("effect_")
    if kind not in EFFECT_UNITS:
        return ""
    effect, unit = effect_of(query, kind), EFFECT_UNITS[kind]
    told = f"压减前合计 {effect['before']} {unit}，压减后合计 {effect['after']} {unit}"
    return f"{told}，{figure.label} {effect['saved']} {unit}"


def _asked(request, code, period, figure) -> tuple:
    """(the parsed address, the figure, what it counts, to what it is narrowed in words), or 404."""
    if figure not in FIGURES:
        raise Http404
    parsed = report_query.parse_report_query(request, code, period)
    return parsed, FIGURES[figure], *report_query.narrow(request, parsed.query)
