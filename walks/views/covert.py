"""Covert walks: planned by the walker alone, begun on the day."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from core.exceptions import NotAllowed
from core.forms import OnceForm, is_repeat, refusals
from core.slow_pages import unlisted
from walks.domain import covert_planning, lifecycle
from walks.domain.covert import readers_of
from walks.domain.shown import walks_shown_to
from walks.domain.start_options import offer_of
from walks.forms.covert import CovertForm, NameReadersForm, PostponeForm
from walks.models import Walk
from walks.rules import may_name_readers, may_plan_covert
from walks.views.steps import NAMED, sent


@unlisted
@require_http_methods(["GET", "POST"])
def walk_covert_add(request):
    if not may_plan_covert(request.user):
        raise NotAllowed("暗访由各单位负责同志本人计划，您没有此项权限。", rule="permission")
    openings = covert_planning.covert_openings(request.user, today=timezone.localdate())
    form = CovertForm(
        *sent(request),
        user=request.user,
        openings=openings,
        readers=covert_planning.readers_offered(request.user, openings),
        offer=offer_of(request.user, openings, []),
    )
    if request.method == "POST" and openings and form.is_valid():
        with refusals(form):
            pk, is_new = _plan(request.user, form)
            messages.success(
                request, "暗访计划已保存，只有您和知情人可见。" if is_new else "该计划已保存，没有重复登记。"
            )
            return redirect("walk", pk)
    is_closed = request.method == "POST" and not openings
    context = {"form": form, "openings": openings}
    return render(request, "walks/covert/add.html", context, status=409 if is_closed else form.status)


@unlisted
@require_POST
def walk_begin(request, pk):
    walk = _seen(request, pk)
    if is_repeat(request):
        return redirect("walk", pk)
    lifecycle.ensure_open(walk=walk, action="begin", actor=request.user)
    form = OnceForm(request.POST)
    form.is_valid()
    form.once(
        request.user,
        f"walk.begin:{pk}",
        lambda: lifecycle.perform(walk=walk, action="begin", actor=request.user).pk,
    )
    messages.success(request, "已开始体验，走到哪一步就登记哪一步。")
    return redirect("walk", pk)


@unlisted
@require_http_methods(["GET", "POST"])
def walk_postpone(request, pk):
    walk = _seen(request, pk)
    lifecycle.ensure_open(walk=walk, action="postpone", actor=request.user)
    form = PostponeForm(*sent(request)[:1], initial={"planned_on": walk.walk_date, "version": walk.version})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            data, version = {"planned_on": form.cleaned_data["planned_on"]}, form.cleaned_data["version"]
            form.once(
                request.user,
                f"walk_postpone:{pk}",
                lambda: (
                    lifecycle.perform(walk=walk, action="postpone", actor=request.user, data=data, version=version).pk
                ),
            )
            messages.success(request, "已改期。")
            return redirect("walk", pk)
    return render(request, "walks/covert/postpone.html", {"walk": walk, "form": form}, status=form.status)


@unlisted
@require_http_methods(["GET", "POST"])
def walk_readers(request, pk):
    walk = _seen(request, pk)
    lifecycle.require(may_name_readers(request.user, walk))
    if is_repeat(request):
        return redirect("walk_readers" if "remove" in request.POST else "walk", pk)
    if "remove" in request.POST:
        return _remove_reader(request, walk)
    form = NameReadersForm(*sent(request)[:1], readers=covert_planning.readers_to_add(walk))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            named = form.named()
            form.once(
                request.user,
                f"walk_readers:{pk}",
                lambda: covert_planning.name_readers(walk=walk, named=named, actor=request.user) or pk,
            )
            messages.success(request, "已增加知情人。")
            return redirect("walk", pk)
    context = {"walk": walk, "form": form, "readers": readers_of(walk), "remove_form": OnceForm()}
    return render(request, "walks/covert/readers.html", context, status=form.status)


def _remove_reader(request, walk: Walk):
    """撤销知情 of the one whose button was pressed; somebody who is no reader any more is told as such."""
    form = OnceForm(request.POST)
    form.is_valid()
    pressed = request.POST["remove"]
    user_id = next((one["user_id"] for one in readers_of(walk) if str(one["user_id"]) == pressed), 0)
    with refusals(form):
        form.once(
            request.user,
            f"walk_readers.remove:{walk.pk}",
            lambda: covert_planning.remove_reader(walk=walk, user_id=user_id, actor=request.user) or walk.pk,
            content={"remove": pressed},
        )
        messages.success(request, "已撤销知情，这次暗访对其不再可见。")
    for message in form.non_field_errors():
        messages.warning(request, message)
    return redirect("walk_readers", walk.pk)


def _seen(request, pk) -> Walk:
    return get_object_or_404(walks_shown_to(request.user).select_related(*NAMED), pk=pk)


def _plan(user, form: CovertForm) -> tuple[str, bool]:
    day = form.cleaned_data["planned_on"]
    return form.once(
        user,
        "walk.covert",
        lambda: covert_planning.plan(form.draft(), actor=user, planned_on=day, named=form.named()).pk,
    )
