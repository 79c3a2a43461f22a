"""The service items of a region: for its coordinating office alone. The list, a table in with its preview, and out."""

from functools import partial

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scope import scope_of
from catalogue.domain.imports import ITEMS
from catalogue.domain.queries import item_rows, items_kept, regions_kept
from catalogue.exports import items_workbook
from catalogue.forms import ItemFilterForm, ItemRegionForm, ItemTableForm
from catalogue.models import InPersonReason, ItemKind
from catalogue.resources import ItemResource
from catalogue.rules import may_keep_items
from core.exceptions import NotAllowed
from core.listing import Order, filter_notes, paginate
from core.staging import ImportKind
from core.views import tables
from core.xlsx import CONTENT_TYPE

IN_FIXED_ORDER = Order("item", ("department__order", "order", "id"))


@require_safe
def items(request):
    regions = _kept(request)
    form = ItemFilterForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    found = items_kept(request.user, text=asked.get("q", ""), kind=asked.get("kind", ""))
    page = paginate(found, order=IN_FIXED_ORDER, params=request.GET, read=_rows)
    context = {"form": form, "page": page, "regions": regions, "notes": filter_notes(form) + page.notes}
    return render(request, "catalogue/items.html", context)


@require_http_methods(["GET", "POST"])
def items_import(request):
    regions = _kept(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ItemTableForm(*posted, regions=regions)
    return tables.upload(
        request, _desk(regions), form, {"reasons": InPersonReason.labels}, rights=scope_of(request.user).fingerprint
    )


@require_http_methods(["GET", "POST"])
def items_preview(request, pk):
    return tables.preview(request, _desk(_kept(request)), pk, rights=scope_of(request.user).fingerprint)


@require_safe
def items_export(request):
    regions = _kept(request)
    form = ItemRegionForm(request.GET if "region" in request.GET else {"region": regions[0].pk}, regions=regions)
    if not form.is_valid():
        raise Http404
    file, name = items_workbook(form.asked, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _kept(request) -> list:
    """The regions whose items the person keeps; the page does not exist for anybody else."""
    if not may_keep_items(request.user):
        raise Http404
    return list(regions_kept(request.user))


def _desk(regions) -> ImportKind:
    return ImportKind(
        kind="items",
        title="事项",
        command="import_items",
        shape=ITEMS,
        resource=partial(_resource, {region.pk: region for region in regions}),
        routes={"back": "items", "upload": "items_import", "preview": "items_preview"},
        template="catalogue/items_import.html",
    )


def _resource(regions: dict, rows, params: dict, file: str, actor) -> ItemResource:
    """Raises NotAllowed when the person has left the office of that region since the table was sent."""
    if params["region"] not in regions:
        raise NotAllowed("该区域的事项由其统筹办维护，您没有此项权限。没有写入任何内容。", rule="permission")
    return ItemResource(rows, file, region=regions[params["region"]], actor=actor)


def _rows(found) -> list[dict]:
    kinds, reasons = dict(ItemKind.choices), dict(InPersonReason.choices)
    return [
        row
        | {
            "kind_label": kinds[row["kind"]],
            "in_person": reasons.get(row["in_person_reason"], "是" if row["must_walk_in_person"] else ""),
        }
        for row in item_rows(found)
    ]
