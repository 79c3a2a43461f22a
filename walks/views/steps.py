"""Steps of a walk: added over days, each saved by itself."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.content_token import content_token
from core.forms import is_repeat, refusals, stored_values
from evidence.forms import is_valid_keeping, submit_form
from walks.domain import lifecycle
from walks.domain.queries import photo_links, steps_of
from walks.domain.shown import walks_shown_to
from walks.domain.stored import require_not_withdrawn, stored_step, with_photos
from walks.domain.withdrawal import withdraw_photo, withdraw_step
from walks.enums import stages_for
from walks.forms.walks import StepForm, WaitingForm, WithdrawForm
from walks.models import Step, Walk

NAMED = ("campaign", "item", "walker", "department", "rules")
REPEATED = "这条内容已经保存过，没有重复登记。请核对照片是否齐全，缺少的可以补传。"


@require_http_methods(["GET", "POST"])
def walk_step_add(request, pk):
    walk = open_walk(request, pk)
    last = steps_of(walk).filter(component="").last()
    initial = {"stage": request.GET["stage"]} if request.GET.get("stage") in stages_for(walk.mode) else {}
    form = StepForm(*sent(request), walk=walk, last_stage=last.stage if last else "", initial=initial)
    if request.method == "POST" and is_valid_keeping(form, request.user):
        with refusals(form):
            step_id, is_new = submit_form(
                form, request.user, f"step.add:{pk}", lambda files: _add(walk, request.user, form, files)
            )
            messages.success(request, "办理步骤已保存。" if is_new else REPEATED)
            return redirect(_next(request, walk, step_id))
    return render(request, "walks/step.html", {"walk": walk, "form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
def walk_step_edit(request, pk, step_id):
    walk = open_walk(request, pk)
    if "withdraw" in request.POST and is_repeat(request):
        return redirect("walk", pk)
    step = own_step(walk, step_id)
    if "withdraw" in request.POST:
        return withdraw(request, step, StepForm(walk=walk, step=step))
    form = StepForm(*sent(request), walk=walk, step=step)
    if request.method == "POST" and is_valid_keeping(form, request.user):
        with refusals(form):
            _, is_new = submit_form(
                form, request.user, f"step.edit:{step_id}", lambda files: _edit(step, request.user, form, files)
            )
            messages.success(request, "修改已保存。" if is_new else REPEATED)
            return redirect(_next(request, walk, step_id))
    context = {"walk": walk, "form": form} | context_of(step)
    return render(request, "walks/step.html", context, status=form.status)


@require_POST
def walk_waiting(request, pk):
    walk = open_walk(request, pk)
    form = WaitingForm(request.POST)
    if form.is_valid():
        with refusals(form):
            form.once(
                request.user,
                f"walk.waiting:{pk}",
                lambda: lifecycle.set_waiting(walk=walk, waiting=form.cleaned_data["waiting"], actor=request.user),
            )
            return redirect("walk", pk)
    messages.error(request, "页面已过期，未改动。请在刷新后的页面上重新点选。")
    return redirect("walk", pk)


def own_step(walk: Walk, step_id: UUID) -> Step:
    """A step of the service; 409 in words when it was taken back, 404 when the walk never had it."""
    require_not_withdrawn(walk=walk, subject=step_id, what="这条记录")
    return get_object_or_404(steps_of(walk).filter(component="").select_related("walk"), public_id=step_id)


def context_of(step: Step) -> dict:
    """What the page of a record shows beside its form: its photos, and the form to take it back."""
    links = photo_links([step.pk]).get(step.pk, [])
    photos = [link.file for link in links if link.withdrawn_at is None]
    return {"step": step, "photos": photos, "withdrawal": withdrawal_form(links, stored_step(step))}


def withdrawal_form(links: list, stored: dict, data=None) -> WithdrawForm:
    """The form that stands beside the one of the record, over its ``stored`` values and the links to its photos."""
    token = content_token(with_photos(stored, links))
    return WithdrawForm(data, links=links, token=token, auto_id="id_withdraw_%s")


def withdraw(request, step: Step, record: Form):
    """撤回 the record or one of its photos.

    A page that lacks the reason, or whose record was changed meanwhile, is shown again with what was chosen and what
    ``record``, the unbound form over it, holds now.
    """
    form = withdrawal_form(photo_links([step.pk]).get(step.pk, []), stored_step(step), request.POST)
    if form.is_valid():
        with refusals(form):
            form.once(request.user, f"step.withdraw:{step.public_id}", partial(take_back, step, request.user, form))
            messages.success(request, "已撤回。原内容和撤回原因保留在本次体验中，不再计入。")
            return redirect("walk", step.walk_id)
    context = {"walk": step.walk, "shown": stored_values(record), "withdrawal": form}
    return render(request, "walks/withdraw.html", context, status=form.status)


def take_back(step: Step, actor, form: WithdrawForm) -> UUID:
    """The record, or the one of its photos that was chosen."""
    reason = form.cleaned_data["reason"]
    if form.photo:
        withdraw_photo(photo=form.photo, actor=actor, reason=reason)
    else:
        withdraw_step(step=step, actor=actor, reason=reason, seen=form.seen_token)
    return step.public_id


def open_walk(request, pk) -> Walk:
    """The walk, seen (else 404) and this person's own (else 403) and still open (else 409)."""
    walk = get_object_or_404(walks_shown_to(request.user).select_related(*NAMED), pk=pk)
    lifecycle.require_editor(walk=walk, actor=request.user)
    return walk


def sent(request) -> tuple:
    """Arguments that bind a form when it was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _add(walk: Walk, actor, form: StepForm, files: list) -> UUID:
    return lifecycle.add_step(walk=walk, actor=actor, files=files, **form.facts()).public_id


def _edit(step, actor, form: StepForm, files: list) -> UUID:
    facts = form.facts(step)
    return lifecycle.edit_step(step=step, actor=actor, seen=form.seen_token, files=files, **facts).public_id


def _next(request, walk: Walk, step_id) -> str:
    """Back to the walk, or on to the problem met at this step when that button was pressed."""
    if "then_problem" in request.POST:
        return f"{reverse('walk_problem_add', args=[walk.pk])}?step={step_id}"
    return reverse("walk", args=[walk.pk])
