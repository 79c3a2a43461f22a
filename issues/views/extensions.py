"""延期申请: the list with its filters and workbook. Asking and deciding are actions on the issue."""

from django.http import FileResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.listing import Order, filter_notes, link, paginate
from core.xlsx import CONTENT_TYPE
from issues.domain.extensions import queries
from issues.exports import extensions_workbook
from issues.forms.extensions import TABS, ExtensionFilterForm

BY_DATE = Order("old_due_on", ("old_due_on", "id"), public="public_id")


@require_safe
def extensions(request):
    form, rows, views, tab = _selected(request)
    counts = queries.counts_of(rows, views)
    page = paginate(rows.filter(views[tab]), order=BY_DATE, params=request.GET, read=queries.extension_rows)
    tabs = [
        {"label": label, "url": link(request.GET, tab=name), "active": name == tab, "count": counts[name], "tone": ""}
        for name, label in TABS.items()
        if name in views
    ]
    context = {"form": form, "notes": filter_notes(form) + page.notes, "tabs": tabs, "page": page}
    context["export_url"] = reverse("extensions_export") + link(request.GET)
    return render(request, "issues/extensions/list.html", context)


@require_safe
def extensions_export(request):
    _, rows, views, tab = _selected(request)
    found = rows.filter(views[tab]).order_by(*BY_DATE.by())
    file, name = extensions_workbook(found, what=TABS[tab], actor=request.user, today=timezone.localdate())
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _selected(request) -> tuple:
    """(form, the requests it asks for, {tab: which of them}, tab)."""
    form = ExtensionFilterForm(request.GET, user=request.user)
    rows = form.narrow(queries.extensions_visible_to(request.user))
    views, tab = queries.views_of(request.user), request.GET.get("tab")
    return form, rows, views, tab if tab in views else "asked"
