"""本期材料 of one unit: what is in it, what is missing, and asking for the ZIP."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.exceptions import Refused
from reports import tasks
from reports.domain import unit_pack, unit_pack_job
from reports.domain.figures import ReportQuery
from reports.views.report_query import parse_report_query

COLUMNS = (
    {"key": "day", "label": "体验日期", "kind": "date"},
    {"key": "item", "label": "体验事项", "kind": "title"},
    {"key": "walker", "label": "体验人", "kind": "text"},
    {"key": "problems", "label": "问题", "kind": "num"},
    {"key": "photos", "label": "照片", "kind": "num"},
)


@require_safe
def pack(request, code, period):
    query, units, chosen = _asked(request, code, period, request.GET)
    context = {"query": query, "campaign": query.campaign, "period": query.period}
    context |= {"units": units if len(units) > 1 else {}, "chosen": chosen, "title": f"{query.period.label}材料"}
    if chosen is not None:
        found = unit_pack.unit_pack(query)
        listed = [(name, found.counts[key]) for key, name in unit_pack.LISTED.items()]
        rows = [_row(one) for one in found.contents]
        context |= {"pack": found, "lists": listed, "columns": COLUMNS, "rows": rows, "unit": units[chosen]}
    return render(request, "reports/pack.html", context)


@require_POST
def pack_make(request, code, period):
    query, _, chosen = _asked(request, code, period, request.POST)
    if chosen is None:
        raise Refused("没有生成材料：请先选择单位。", rule="pack.unit")
    job = unit_pack_job.request(query=query, unit_id=chosen, actor=request.user, send=tasks.write_unit_pack.delay)
    return redirect("job", pk=job.pk)


def _asked(request, code: str, period: str, given) -> tuple[ReportQuery, dict[int, str], int | None]:
    """The question narrowed to the unit asked for, the units to choose from, and which one; 404 for who may have no
    material, and for a unit that is not in the list."""
    parsed = parse_report_query(request, code, period)
    units = unit_pack.units_with_packs(parsed.query, parsed.choices)
    if not units:
        raise Http404
    text = given.get("unit", "")
    if not text:
        chosen = next(iter(units)) if len(units) == 1 else None
    elif text.isascii() and text.isdigit() and len(text) < 18 and int(text) in units:
        chosen = int(text)
    else:
        raise Http404
    if chosen is None:
        return parsed.query, units, None
    return unit_pack.narrowed(parsed.query, chosen, units[chosen], request.user), units, chosen


def _row(one) -> dict:
    return {
        "day": one.walk.walk_date,
        "item": one.walk.item_name,
        "walker": one.walk.walker_name,
        "problems": len(one.problems),
        "photos": len(one.photos),
        "item_url": reverse("walk", args=[one.walk.pk]),
    }
