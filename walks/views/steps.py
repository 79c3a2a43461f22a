"""Steps of a walk: added over days, each saved by itself."""

from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.forms import OnceForm, refusals
from core.idempotency import body_digest, once
from evidence.domain.submit import submit_once
from walks.domain import lifecycle
from walks.domain.covert import note_view
from walks.domain.queries import photos_of_steps, steps_of, walks_visible_to
from walks.enums import stages_for
from walks.forms.walks import StepForm, WaitingForm
from walks.models import Walk
from walks.rules import is_own

NAMED = ("campaign", "item", "walker", "department", "rules")
REPEATED = "这条内容已经保存过，没有重复登记。请核对照片是否齐全，缺少的可以补传。"


@require_http_methods(["GET", "POST"])
def walk_step_add(request, pk):
    walk = open_walk(request, pk)
    last = steps_of(walk).filter(component="").last()
    initial = {"stage": request.GET["stage"]} if request.GET.get("stage") in stages_for(walk.mode) else {}
    form = StepForm(*sent(request), walk=walk, last_stage=last.stage if last else "", initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            step_id, is_new = _save(request, form, f"step.add:{pk}", lambda **facts: _add(walk, request.user, facts))
            messages.success(request, "环节已保存。" if is_new else REPEATED)
            return redirect(_next(request, walk, step_id))
    return render(request, "walks/step.html", {"walk": walk, "form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
def walk_step_edit(request, pk, step_id):
    walk = open_walk(request, pk)
    step = get_object_or_404(steps_of(walk).filter(component="").select_related("walk"), public_id=step_id)
    form = StepForm(*sent(request), walk=walk, step=step)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _, is_new = _save(request, form, f"step.edit:{step_id}", lambda **facts: _edit(step, request.user, facts))
            messages.success(request, "修改已保存。" if is_new else REPEATED)
            return redirect(_next(request, walk, step_id))
    context = {"walk": walk, "form": form, "step": step, "photos": photos_of_steps([step.pk]).get(step.pk, [])}
    return render(request, "walks/step.html", context, status=form.status)


@require_POST
def walk_waiting(request, pk):
    walk = open_walk(request, pk)
    form = WaitingForm(request.POST)
    if form.is_valid():
        with refusals(form):
            once(
                user=request.user,
                key=form.key,
                scope=f"walk.waiting:{pk}",
                digest=body_digest(form.content()),
                act=lambda: lifecycle.set_waiting(walk=walk, waiting=form.cleaned_data["waiting"], actor=request.user),
            )
            return redirect("walk", pk)
    messages.error(request, "页面已过期，未改动。请在刷新后的页面上重新点选。")
    return redirect("walk", pk)


def open_walk(request, pk) -> Walk:
    """The walk, seen (else 404) and this person's own (else 403) and still open (else 409)."""
    walk = get_object_or_404(walks_visible_to(request.user).select_related(*NAMED), pk=pk)
    note_view(walk, request.user)
    lifecycle.require(is_own(request.user, walk))
    lifecycle.require_open(walk)
    return walk


def sent(request) -> tuple:
    """Arguments that bind a form when it was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def save_record(request, form: OnceForm, scope: str, facts: dict, act) -> tuple[str, bool]:
    """One record of a walk with its photos, once; (its public id, True when it was saved now)."""
    return submit_once(
        user=request.user,
        key=form.key,
        scope=scope,
        content=form.content(),
        uploads=form.cleaned_data["photos"],
        save=lambda files: act(files=files, **facts),
    )


def _save(request, form: StepForm, scope: str, act) -> tuple[str, bool]:
    facts = {name: form.cleaned_data[name] for name in ("stage", "note", "assessment", "happened_at")}
    return save_record(request, form, scope, facts, act)


def _add(walk: Walk, actor, facts: dict) -> UUID:
    return lifecycle.add_step(walk=walk, actor=actor, **facts).public_id


def _edit(step, actor, facts: dict) -> UUID:
    facts["happened_at"] = facts["happened_at"] or step.happened_at
    return lifecycle.edit_step(step=step, actor=actor, **facts).public_id


def _next(request, walk: Walk, step_id) -> str:
    """Back to the walk, or on to the problem met at this step when that button was pressed."""
    if "then_problem" in request.POST:
        return f"{reverse('walk_problem_add', args=[walk.pk])}?step={step_id}"
    return reverse("walk", args=[walk.pk])
