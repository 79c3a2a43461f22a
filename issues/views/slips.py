"""督办单: the list with its filters and workbook, what the rule proposes, signing on an issue, one slip, its steps."""

from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.calendar import work_calendar
from core.exceptions import NotAllowed
from core.forms import is_repeat, refusals
from core.listing import Order, filter_notes, link, paginate
from core.workdays import late_words
from core.xlsx import CONTENT_TYPE
from issues.domain.chase_many import may_chase
from issues.domain.lifecycle import require_version
from issues.domain.slips import lifecycle as life
from issues.domain.slips import queries
from issues.domain.slips.transitions import TABLE
from issues.enums import SlipColour
from issues.exports import proposals_workbook, slips_workbook
from issues.forms.slips import TABS, SlipActForm, SlipFilterForm, SlipSignForm
from issues.models import Slip
from issues.views.issue import badge_of_due, seen_issue, way_back

BY_DATE = Order("reply_by", ("reply_by", "id"), public="public_id")
BY_DUE = Order("due_on", ("due_key", "id"), public="number")
SIGNED = "签发"


@require_safe
def slips(request):
    form, rows, views, tab = _selected(request)
    today, counts = timezone.localdate(), queries.counts_of(rows, views)
    read = partial(queries.slip_rows, today=today)
    page = paginate(rows.filter(views[tab]), order=BY_DATE, params=request.GET, read=read)
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
    context |= {"export_url": reverse("slips_export") + link(request.GET), "signs": may_chase(request.user)}
    return render(request, "issues/slips/list.html", context)


@require_safe
def slips_export(request):
    _, rows, views, tab = _selected(request)
    found = rows.filter(views[tab]).order_by(*BY_DATE.by())
    file, name = slips_workbook(found, what=TABS[tab], actor=request.user, today=timezone.localdate())
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_safe
def slip_proposals(request):
    """Overdue issues for which the rule calls for a higher colour than was signed."""
    _require_signer(request.user)
    today = timezone.localdate()
    read = partial(queries.proposal_rows, today=today)
    page = paginate(queries.proposals_for(request.user, today), order=BY_DUE, params=request.GET, read=read)
    return render(
        request, "issues/slips/proposals.html", {"page": page, "export_url": reverse("slip_proposals_export")}
    )


@require_safe
def slip_proposals_export(request):
    _require_signer(request.user)
    today = timezone.localdate()
    rows = queries.proposals_for(request.user, today).order_by(*BY_DUE.by())
    file, name = proposals_workbook(rows, actor=request.user, today=today)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_http_methods(["GET", "POST"])
def slip_sign(request, number):
    found = seen_issue(request, number)
    if is_repeat(request):
        return redirect("issue", number)
    life.require_signable(found, request.user)
    standing = life.standing_of(found, timezone.localdate())
    sent = request.POST if request.method == "POST" else None
    form = SlipSignForm(sent, request=request, issue=found, standing=standing)
    if sent is not None and form.is_valid():
        with refusals(form):
            made, _ = form.once(request.user, f"slip.sign:{found.pk}", lambda: _sign(request, found, form))
            messages.success(request, "督办单已签发。")
            return redirect("slip", made)
    context = {"form": form, "issue": found, "standing": standing, "due_look": badge_of_due(found)}
    context |= {
        "proposed": SlipColour(standing.proposed).label if standing.proposed else "",
        **way_back(request, found),
    }
    return render(request, "issues/slips/sign.html", context, status=form.status)


@require_safe
def slip(request, pk):
    return render(request, "issues/slips/slip.html", _sheet(request, _seen(request, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def slip_act(request, pk, action):
    shown = _seen(request, pk)
    if action not in SlipActForm.asks:
        raise Http404
    if is_repeat(request):
        return redirect("slip", pk)
    row = life.require_actor(shown, action, request.user)
    life.require_state(shown, row)
    form = SlipActForm(request.POST if request.method == "POST" else None, slip=shown, row=row)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _carry_out(request.user, shown, action, form)
            messages.success(request, f"已{row.label}。")
            return redirect("slip", pk)
    context = _sheet(request, shown) | {"row": row, "form": form}
    return render(request, "issues/slips/act.html", context, status=form.status)


def _selected(request) -> tuple:
    """(form, the slips it asks for, {tab: which of them}, tab)."""
    form = SlipFilterForm(request.GET, user=request.user)
    rows = form.narrow(queries.slips_visible_to(request.user))
    views, tab = queries.views_of(request.user, timezone.localdate()), request.GET.get("tab")
    return form, rows, views, tab if tab in views else "all"


def _require_signer(user) -> None:
    if not may_chase(user):
        raise NotAllowed("督办单由统筹办签发。", rule="slip.office")


def _sign(request, found, form: SlipSignForm) -> str:
    data = form.cleaned_data
    require_version(found, data["version"])
    made = life.sign(
        issue=found,
        colour=data["colour"],
        demand=data["demand"],
        jump_reason=data["jump_reason"],
        actor=request.user,
    )
    return str(made.public_id)


def _seen(request, pk) -> Slip:
    return get_object_or_404(queries.slips_visible_to(request.user).select_related(*life.NAMED), public_id=pk)


def _sheet(request, shown: Slip) -> dict:
    day = shown.replied_on or timezone.localdate()
    return {
        "slip": shown,
        "colour": shown.get_colour_display(),
        "tone": queries.TONES[shown.colour],
        "late": late_words(shown.reply_by, day, work_calendar()),
        "steps": life.available(request.user, shown),
        "events": [
            {
                "title": TABLE.by_action[event.kind].label if event.kind in TABLE.by_action else SIGNED,
                "actor": event.actor or "系统",
                "at": event.at,
                "note": event.note,
                "state": "",
            }
            for event in queries.events_of_slip(shown)
        ],
    }


def _carry_out(user, shown: Slip, action: str, form: SlipActForm) -> None:
    data = form.cleaned_data
    form.once(
        user,
        f"slip.{action}:{shown.pk}",
        lambda: life.perform(slip=shown, action=action, actor=user, data=data, version=data["version"]).version,
    )
