"""问题台账: the list and its workbook."""

import tempfile

from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scope import scope_of
from core import jobs, xlsx
from core.idempotency import body_digest
from core.listing import link, read_columns
from issues import exports
from issues.columns import page_columns
from issues.domain.inbox import calendar_for
from issues.tables import list_controls, list_query, page_of, select, view_tabs
from issues.tasks import export_ledger_job


@require_safe
def issues(request):
    """The ledger: saved views, filters, sort, columns and place all stand in the address."""
    today = timezone.localdate()
    selection = select(request.user, request.GET, today)
    columns = read_columns(request.GET.getlist("cols"), page_columns())
    page = page_of(selection, columns, request.GET, today)
    context = {
        "selection": selection,
        "page": page,
        "columns": columns,
        "shown_keys": {column.key for column in columns},
        "tabs": view_tabs(selection, request.GET, request.user, today),
        "notes": [*selection.notes, *page.notes],
        "today": today,
        "calendar": calendar_for(page.rows),
        **list_controls(selection, request.GET),
    }
    return render(request, "issues/ledger/ledger.html", context)


@require_http_methods(["GET", "POST"])
def issues_export(request):
    """The selected rows as a workbook: at once when they are few, else as a job after a confirming POST."""
    today = timezone.localdate()
    selection = select(request.user, request.GET, today)
    total = selection.queryset.order_by().count()
    if total <= exports.DIRECT_ROWS:
        target = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
        exports.export_selection(target, selection, request.user, today)
        target.seek(0)
        name = exports.file_name(exports.place_of(request.user), today)
        return FileResponse(target, as_attachment=True, filename=name, content_type=xlsx.CONTENT_TYPE)
    if request.method == "POST":
        return redirect("job", _enqueue(request).pk)
    context = {"total": total, "words": selection.words(), "back_url": reverse("issues") + link(request.GET)}
    return render(request, "issues/ledger/export_large.html", context)


def _enqueue(request):
    query = list_query(request.GET.urlencode())
    return jobs.enqueue(
        kind=exports.JOB_KIND,
        label=f"导出{exports.WHAT}",
        owner=request.user,
        params={"query": query},
        send=export_ledger_job.delay,
        rights=scope_of(request.user).fingerprint,
        dedupe_key=f"{exports.JOB_KIND}:{request.user.pk}:{body_digest({'query': query})[:16]}",
    )
