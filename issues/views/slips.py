"""督办单: the list with its filters and workbook, what the rule proposes, signing on an issue, one slip, its steps."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.tabbed_list import TabbedList
from core.calendar import work_calendar
from core.exceptions import NotAllowed
from core.forms import is_repeat, refusals
from core.list_book import as_file
from core.listing import Order, paginate
from core.workdays import late_words
from issues.domain.lifecycle import require_version
from issues.domain.slips import lifecycle as life
from issues.domain.slips import queries
from issues.domain.slips.transitions import TABLE
from issues.enums import SlipColour
from issues.exports.lists import PROPOSALS, SLIPS, write_list
from issues.forms.slips import TABS, SlipActForm, SlipFilterForm, SlipSignForm
from issues.models import Slip
from issues.rules import signs_slips
from issues.views.issue import badge_of_due, seen_issue, way_back

LIST = TabbedList(
    form=SlipFilterForm,
    visible=queries.slips_visible_to,
    views=queries.views_of,
    labels=TABS,
    first="all",
    order=Order("reply_by", ("reply_by", "id"), public="public_id"),
    book=SLIPS,
    route="slips",
    template="issues/slips/list.html",
)
BY_DUE = Order("due_on", ("due_key", "id"), public="number")
SIGNED = "签发"


@require_safe
def slips(request):
    return LIST.page(request, signs=signs_slips(request.user))


@require_safe
def slips_export(request):
    return LIST.workbook(request)


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
    return as_file(write_list(PROPOSALS, rows, actor=request.user, today=today))


@require_http_methods(["GET", "POST"])
def slip_sign(request, number):
    found = seen_issue(request, number)
    if is_repeat(request):
        return redirect("issue", number)
    life.require_signable(found, request.user)
    status = life.status_of(found, timezone.localdate())
    sent = request.POST if request.method == "POST" else None
    form = SlipSignForm(sent, request=request, issue=found, status=status)
    if sent is not None and form.is_valid():
        with refusals(form):
            made, _ = form.once(request.user, f"slip.sign:{found.pk}", lambda: _sign(request, found, form))
            messages.success(request, "督办单已签发。")
            return redirect("slip", made)
    context = {"form": form, "issue": found, "status": status, "due_look": badge_of_due(found)}
    context |= {
        "proposed": SlipColour(status.proposed).label if status.proposed else "",
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


def _require_signer(user) -> None:
    if not signs_slips(user):
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
