"""需求: the list with its filters and workbook, one need, and its steps."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.unit_moves import UNIT_CHANGED, UNIT_CHANGED_LABEL
from accounts.views.tabbed_list import TabbedList
from core.calendar import work_calendar
from core.forms import is_repeat, refusals
from core.listing import Order
from core.workdays import late_words
from issues.domain.needs import lifecycle as life
from issues.domain.needs import queries
from issues.domain.needs.transitions import TABLE
from issues.exports.lists import NEEDS
from issues.forms.needs import TABS, NeedActForm, NeedFilterForm
from issues.models import Need

# {kind of event: its title and the state it led to}.
EVENTS = {row.action: (row.label, row.target or "") for row in TABLE} | {UNIT_CHANGED: (UNIT_CHANGED_LABEL, "")}

LIST = TabbedList(
    form=NeedFilterForm,
    visible=queries.needs_visible_to,
    views=queries.views_of,
    labels=TABS,
    first="open",
    order=Order("reply_by", ("reply_by", "id"), public="public_id"),
    book=NEEDS,
    route="needs",
    template="issues/needs/list.html",
)


@require_safe
def needs(request):
    return LIST.page(request)


@require_safe
def needs_export(request):
    return LIST.workbook(request)


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
                "title": EVENTS[event.kind][0],
                "actor": event.actor or "系统",
                "at": event.at,
                "note": event.note,
                "state": EVENTS[event.kind][1],
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
