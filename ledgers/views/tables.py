"""An office's own table comes in: the file, which column is which where the names do not say it, the preview."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.scope import scope_of
from campaigns.domain.own_tables import named_table, read_fitted
from campaigns.enums import TableKind
from core.forms import refusals
from core.staging import MOST_ROWS, require_fits_page, stage_table, stage_unread, staged_visible_to
from core.table_forms import ColumnsForm
from core.tabular.fitting import fit
from core.tabular.unread import as_json, from_json
from core.uploads import on_disk
from core.views import tables
from ledgers.forms import OwnTableForm
from ledgers.views.desks import campaigns_of, desk_of, unread


@require_http_methods(["GET", "POST"])
def import_upload(request, kind):
    campaigns = campaigns_of(request)
    desk = desk_of(kind, campaigns)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form, url, found = OwnTableForm(*posted, campaigns=list(campaigns.values())), "", None
    if request.method == "POST" and form.is_valid():
        with refusals(form), on_disk(form.cleaned_data["file"], reader=request.user) as path:
            read = read_fitted(path, desk.shape, TableKind(kind), form.asked)
            url, found = _taken_in(request, desk, form, read)
        if url:
            return redirect(url)
    context = {"most": MOST_ROWS, "aliases": desk.shape.aliases}
    return _shown(request, desk, form, desk.template, found, context)


@require_http_methods(["GET", "POST"])
def import_columns(request, kind, pk):
    campaigns = campaigns_of(request)
    desk, staged = desk_of(kind, campaigns), _staged(request, kind, pk, campaigns)
    table = from_json(staged.file, staged.params, staged.rows)
    mapping = fit(table, desk.shape, staged.params["said"]).mapping
    form = ColumnsForm(*((request.POST,) if request.method == "POST" else ()), table=table, shape=desk.shape,
                       mapping=mapping, beside="不对应，记入备注")  # fmt: skip
    url, found = "", None
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            url, found = _named(request, desk, form, table, campaigns[staged.params["campaign"]], staged.params)
        if url:
            return redirect(url)
    context = {"staged": staged, "asks": staged.params["asks"], "again": reverse(desk.routes["upload"])}
    return _shown(request, desk, form, "ledgers/columns.html", found, context)


@require_http_methods(["GET", "POST"])
def import_preview(request, kind, pk):
    return tables.preview(request, desk_of(kind, campaigns_of(request)), pk, rights=scope_of(request.user).fingerprint)


def _taken_in(request, desk, form, read) -> tuple[str, object]:
    """(where to go on, the preview with its faults): to the preview, or to the page on which columns are named."""
    require_fits_page(desk, read.table.file, len(read.rows))
    params = {"campaign": form.asked.pk, "title": list(read.table.title), "mapping": list(read.mapping.items())}
    params |= form.made
    if not read.asks and not form.cleaned_data["name_columns"]:
        return _staged_url(request, desk, form, read.rows, params)
    around, rows = as_json(read.table)
    params = around | {"campaign": form.asked.pk, "asks": read.asks, "said": read.mapping} | form.made
    given = _sender(request, form) | {"params": params, "rows": rows}
    pk = stage_unread(kind=unread(desk.kind), file=read.table.file, **given)
    return reverse(desk.routes["columns"], args=[pk]), None


def _named(request, desk, form, table, campaign, said: dict) -> tuple[str, object]:
    """(where to go on, the preview with its faults), with the columns as they were named."""
    kind = TableKind(desk.kind)
    read = named_table(table, desk.shape, form.mapping, kind=kind, campaign=campaign, actor=request.user)
    params = {"campaign": campaign.pk, "title": list(table.title), "mapping": list(read.mapping.items())}
    params |= {name: said.get(name, False) for name in ("create_missing", "make_alike")}
    return _staged_url(request, desk, form, read.rows, params)


def _staged_url(request, desk, form, rows, params) -> tuple[str, object]:
    pk, found = stage_table(desk=desk, table=rows, params=params, **_sender(request, form))
    form.status = 200 if pk else 400
    return (reverse(desk.routes["preview"], args=[pk]) if pk else ""), found


def _sender(request, form) -> dict:
    return {"owner": request.user, "rights": scope_of(request.user).fingerprint, "key": form.key}


def _staged(request, kind: str, pk, campaigns: dict):
    staged = get_object_or_404(
        staged_visible_to(request.user, scope_of(request.user).fingerprint), pk=pk, kind=unread(kind)
    )
    if staged.params["campaign"] not in campaigns:
        raise Http404
    return staged


def _shown(request, desk, form, template: str, found, context: dict):
    context |= {"desk": desk, "form": form, "back": reverse(desk.routes["back"])}
    if found:
        file = form.cleaned_data["file"].name if "file" in form.fields else context["staged"].file
        context |= tables.faults_shown(found, file)
    return render(request, template, context, status=form.status)
