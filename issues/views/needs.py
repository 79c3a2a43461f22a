"""需求: the list with its filters and workbook, one need, and its steps."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.calendar import work_calendar
from core.forms import is_repeat, refusals
from core.listing import Order, filter_notes, link, paginate
from core.workdays import late_words
from core.xlsx import CONTENT_TYPE
from issues.domain.needs import lifecycle as life
from issues.domain.needs import queries
from issues.domain.needs.transitions import TABLE
from issues.exports import needs_workbook
from issues.forms.needs import TABS, NeedActForm, NeedFilterForm
from issues.models import Need

BY_DATE = Order("reply_by", ("reply_by", "id"), public="public_id")


@require_safe
def needs(request):
    form, rows, views, tab = _selected(request)
    today = timezone.localdate()
    counts = queries.counts_of(rows, views)
    shown = rows.filter(views[tab])
    page = paginate(
        shown, order=BY_DATE, params=request.GET, read=lambda found: queries.need_rows(found, today=today)
    )  # fmt: skip
    tabs = [
        {
            "label": label,
            "url": link(request.GET, tab=name),
            "active": name == tab,
            "count": counts[name],
            "tone": "danger" if name == "late" and counts[name] else "",
        }
        for name, label in TABS.items()
        if name in views
    ]
    context = {"form": form, "notes": filter_notes(form) + page.notes, "tabs": tabs, "page": page}
    context["export_url"] = reverse("needs_export") + link(request.GET)
    return render(request, "issues/needs/list.html", context)


@require_safe
def needs_export(request):
    _, rows, views, tab = _selected(request)
    found = rows.filter(views[tab]).order_by(*BY_DATE.by())
    file, name = needs_workbook(found, what=TABS[tab], actor=request.user, today=timezone.localdate())
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_safe
def need(request, pk):
    return render(request, "issues/needs/need.html", _sheet(request, _seen(request, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def need_act(request, pk, action):
    shown = _seen(request, pk)
    if action not in NeedActForm.asks:
        raise Http404
    if is_repeat(request):
        return redirect("need", pk)
    row = life.require_actor(shown, action, request.user)
    life.require_state(shown, row)
    data = request.POST if request.method == "POST" else None
    form = NeedActForm(data, need=shown, row=row, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            version = _carry_out(request.user, shown, action, form)
            if version == form.cleaned_data["version"]:
                messages.info(request, "内容没有变化，没有另作记录。")
            else:
                messages.success(request, f"已{TABLE.by_action[action].label}。")
            return redirect("need", pk)
    context = _sheet(request, shown) | {"row": row, "form": form}
    return render(request, "issues/needs/act.html", context, status=form.status)


def _selected(request) -> tuple:
    """(form, the needs it asks for, {tab: which of them}, tab)."""
    user = request.user
    form = NeedFilterForm(request.GET, user=user)
    rows = form.narrow(queries.needs_visible_to(user))
    views, tab = queries.views_of(user, timezone.localdate()), request.GET.get("tab")
    return form, rows, views, tab if tab in views else "open"


def _seen(request, pk) -> Need:
    return get_object_or_404(queries.needs_visible_to(request.user).select_related(*life.NAMED), public_id=pk)


def _sheet(request, shown: Need) -> dict:
    day = shown.replied_on or timezone.localdate()
    return {
        "need": shown,
        "late": late_words(shown.reply_by, day, work_calendar()),
        "steps": life.available(request.user, shown),
        "events": [
            {
                "title": TABLE.by_action[event.kind].label,
                "actor": event.actor or "系统",
                "at": event.at,
                "note": event.note,
                "state": TABLE.by_action[event.kind].target or "",
            }
            for event in queries.events_of_need(shown)
        ],
    }


def _carry_out(user, shown: Need, action: str, form: NeedActForm) -> int:
    """The version of the need after the step."""
    data = form.cleaned_data
    version, _ = form.once(
        user,
        f"need.{action}:{shown.pk}",
        lambda: life.perform(need=shown, action=action, actor=user, data=data, version=data["version"]).version,
    )
    return int(version)
