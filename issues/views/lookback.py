"""回头看: the list with its workbook, drawing, starting a walk for one issue, binding a walk, its verdict."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scope import scope_of
from accounts.views.tabbed_list import TabbedList
from campaigns.domain.queries import campaigns_visible_to
from campaigns.enums import ActivityKind
from core.exceptions import NotAllowed
from core.forms import is_repeat, refusals
from core.listing import Order
from issues.domain.lookback import draws, queries
from issues.domain.lookback import lifecycle as life
from issues.exports.lists import LOOK_BACKS
from issues.forms.lookback import (
    TABS,
    BindForm,
    LookBackDrawForm,
    LookBackFilterForm,
    RewalkForm,
    UnbindForm,
    VerdictForm,
)
from issues.models import LookBack
from issues.views.issue import seen_issue
from issues.views.walk_sheet import seen_walk
from walks.domain import opening
from walks.domain.start_options import leaders_to_walk, offer_of, openings_for
from walks.rules import may_start

LIST = TabbedList(
    form=LookBackFilterForm,
    visible=queries.look_backs_shown_to,
    views=queries.views_of,
    labels=TABS,
    first="due",
    order=Order("closed_on", ("closed_on", "id"), public="number"),
    book=LOOK_BACKS,
    route="look_backs",
    template="issues/lookback/list.html",
)
FORMS = {"judge": VerdictForm, "unbind": UnbindForm}


@require_safe
def look_backs(request):
    scope, pools = scope_of(request.user), queries.pools_to_draw(request.user, timezone.localdate())
    named = queries.campaigns_to_draw(request.user).values_list("code", "name")
    campaigns = [{"code": code, "name": name, "waiting": pools.get((code, name), 0)} for code, name in named]
    asked_url = reverse("look_back_requests") if scope.units or scope.read_regions else ""
    return LIST.page(request, campaigns=campaigns, asked_url=asked_url)


@require_safe
def look_backs_export(request):
    return LIST.workbook(request)


@require_http_methods(["GET", "POST"])
def look_back_draw(request, code):
    """Among how many is drawn, and the press 抽取; the draws made before."""
    campaign = get_object_or_404(campaigns_visible_to(request.user), code=code)
    draws.require_office(request.user, campaign)
    if is_repeat(request):
        return redirect("look_back_draw", code)
    form = LookBackDrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made, _ = form.once(request.user, f"look_back.draw:{code}", lambda: _draw(request.user, campaign))
            messages.success(request, "已抽取，被抽中的列入“该回头看”。")
            return redirect("look_back_drawn", made)
    pool, share = draws.pool_of(campaign, timezone.now()), draws.share_of(campaign)
    context = {"form": form, "campaign": campaign, "pool": pool, "share": share}
    context["size"] = draws.size_of(len(pool), share)
    context["earlier"] = draws.draws_visible_to(request.user).filter(campaign=campaign).select_related("drawn_by")
    return render(request, "issues/lookback/draw.html", context, status=form.status)


@require_safe
def look_back_drawn(request, pk):
    """One draw as it was recorded, and as the computation of now repeats it."""
    rows = draws.draws_visible_to(request.user).select_related("campaign", "drawn_by")
    record = get_object_or_404(rows, public_id=pk)
    context = {"record": record, "tickets": draws.tickets_of(record), "holds": draws.is_reproduced(record)}
    return render(request, "issues/lookback/drawn.html", context)


@require_http_methods(["GET", "POST"])
def look_back_start(request, number):
    """A walk begun for the issue and bound to it."""
    found = seen_issue(request, number)
    if not may_start(request.user):
        raise NotAllowed("体验由各单位负责同志或联络员开始，您没有此项权限。", rule="permission")
    if is_repeat(request):
        return redirect("issue", number)
    life.require_open(found, request.user)
    form = rewalk_form(request, found)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            pk, _ = form.once(request.user, f"look_back.start:{found.pk}", lambda: start_for(request.user, found, form))
            messages.success(request, "已开始回头看体验，走完后在本页填写结论。")
            return redirect("walk", pk)
    return render(request, "issues/lookback/start.html", {"issue": found, "start": form}, status=form.status)


@require_http_methods(["GET", "POST"])
def walk_look_back_add(request, pk):
    """Bind an open or planned walk, covert or not, to an issue of its item."""
    walk = seen_walk(request, pk)
    life.require_walking(walk, request.user)
    if is_repeat(request):
        return redirect("walk", pk)
    form = BindForm(request.POST if request.method == "POST" else None, walk=walk, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            issue = form.cleaned_data["issue"]
            act = lambda: life.bind(issue=issue, walk=walk, actor=request.user).pk  # noqa: E731
            form.once(request.user, f"look_back.bind:{pk}", act)
            messages.success(request, "已关联，请在体验报送前填写结论。")
            return redirect("walk", pk)
    return render(request, "issues/lookback/bind.html", {"walk": walk, "form": form}, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def walk_look_back(request, pk, look_back_id, action):
    """The verdict of a walk on one issue, or its binding taken back."""
    walk = seen_walk(request, pk)
    shown = queries.look_back_of(walk, look_back_id)
    if shown is None or action not in FORMS:
        raise Http404
    row = life.require_actor(shown, action, request.user)
    if is_repeat(request):
        return redirect("walk", pk)
    life.require_state(shown, row)
    form = FORMS[action](request.POST if request.method == "POST" else None, look_back=shown)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _carry_out(request.user, shown, action, form)
            messages.success(request, "结论已保存，体验报送时生效。" if action == "judge" else "已取消关联。")
            return redirect("walk", pk)
    context = {"walk": walk, "look_back": shown, "row": row, "form": form}
    return render(request, "issues/lookback/act.html", context, status=form.status)


def _draw(user, campaign) -> str:
    return str(draws.draw(campaign=campaign, actor=user).public_id)


def rewalk_form(request, issue, unit: int | None = None) -> RewalkForm:
    """The form over where this person may walk today for the campaign, never as the responsible unit; ``unit``: as that
    one only."""
    openings = [
        one
        for one in openings_for(request.user, today=timezone.localdate())
        if one.campaign.pk == issue.campaign_id
        and one.department.pk != issue.responsible_department_id
        and unit in (None, one.department.pk)
    ]
    leaders = leaders_to_walk(openings)
    return RewalkForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        openings=openings,
        leaders=leaders,
        offer=offer_of(request.user, openings, leaders),
        issue=issue,
    )


@transaction.atomic
def start_for(user, issue, form: RewalkForm) -> str:
    """Begin the walk of the form and bind it to the issue; its key."""
    draft = opening.WalkDraft(
        campaign=form.opening.campaign,
        department_id=form.opening.department.pk,
        item=form.cleaned_data["item"],
        mode=form.cleaned_data["mode"],
        activity_kind=ActivityKind.PROCESS,
        walker=form.leader.user if form.leader else None,
        delegation_reason=form.cleaned_data["delegation_reason"],
    )
    walk = opening.start(draft, actor=user)
    life.bind(issue=issue, walk=walk, actor=user)
    return str(walk.pk)


def _carry_out(user, shown: LookBack, action: str, form: VerdictForm | UnbindForm) -> None:
    data = form.cleaned_data
    form.once(
        user,
        f"look_back.{action}:{shown.pk}",
        lambda: life.perform(look_back=shown, action=action, actor=user, data=data, version=data["version"]).version,
    )
