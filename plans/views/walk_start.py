"""Opening a walk: tap an item, tap a mode."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaigns.enums import ActivityKind
from core.exceptions import NotAllowed
from core.forms import refusals
from plans.domain.walks import unplanned_warning
from plans.forms.start import StartForm
from walks.domain import opening
from walks.domain.start_options import items_to_start, leaders_to_walk, offer_of, openings_for
from walks.models import Walk
from walks.rules import may_start

LIMIT = 60


@require_http_methods(["GET", "POST"])
def walk_start(request):
    if not may_start(request.user):
        raise NotAllowed("体验由各单位负责同志或联络员开始，您没有此项权限。", rule="permission")
    form = start_form(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            said: list[str] = []
            pk, is_new = _open(request.user, form, said)
            messages.success(
                request, "已开始体验，走到哪一步就登记哪一步。" if is_new else "这次体验已经开始，没有重复登记。"
            )
            for words in said:
                messages.warning(request, words)
            return redirect("walk", pk)
    text = request.GET.get("q", "").strip()[:60]
    context = start_context(request.user, form, text=text, limit=LIMIT)
    return render(request, "plans/start.html", context, status=form.status)


def start_form(user, data=None) -> StartForm:
    """The form over what this person may open today, bound to ``data``."""
    openings = openings_for(user, today=timezone.localdate())
    leaders = leaders_to_walk(openings)
    offer = offer_of(user, openings, leaders)
    return StartForm(data, user=user, openings=openings, leaders=leaders, offer=offer)


def start_context(user, form: StartForm, *, text: str = "", limit: int) -> dict:
    """What the start page and the first page show of it."""
    item = form.cleaned_data.get("item") if form.is_bound else None
    first = item.pk if item else None
    items = list(items_to_start(user, text=text, limit=limit, first=first)) if form.openings else []
    return {"start": form, "items": items, "chosen": first, "text": text, "limit": limit}


def _open(user, form: StartForm, said: list[str]) -> tuple[str, bool]:
    """(id of the walk, True when it was opened now); ``said`` takes what there is to warn of."""

    def act():
        walk, warning = open_chosen(user, form)
        said.extend(filter(None, [warning]))
        return walk.pk

    return form.once(user, "walk.start", act)


def open_chosen(user, form: StartForm) -> tuple[Walk, str]:
    """(the walk a valid form describes, opened now; what there is to warn of or "")."""
    draft = opening.WalkDraft(
        campaign=form.opening.campaign,
        department_id=form.opening.department.pk,
        item=form.cleaned_data["item"],
        mode=form.cleaned_data["mode"],
        activity_kind=form.cleaned_data["kind"] or ActivityKind.PROCESS,
        walker=form.leader.user if form.leader else None,
        delegation_reason=form.cleaned_data["delegation_reason"],
    )
    walk = opening.start(draft, actor=user)
    return walk, unplanned_warning(walk)
