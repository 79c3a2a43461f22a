"""Records of the components an activity must have: 业务检查, 服务回访, 座谈交流 and so on, each saved by itself."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns.enums import Component
from core.forms import is_repeat, refusals
from evidence.forms import is_valid_keeping, submit_form
from walks.domain import components
from walks.domain.queries import steps_of
from walks.domain.stored import require_not_withdrawn
from walks.forms.components import ComponentForm
from walks.models import Step, Walk
from walks.views.steps import REPEATED, context_of, open_walk, sent, withdraw


@require_http_methods(["GET", "POST"])
def walk_component_add(request, pk, code):
    walk = open_walk(request, pk)
    form = component_form(request, walk, code, data=sent(request))
    if request.method == "POST" and is_valid_keeping(form, request.user):
        with refusals(form):
            step_id, is_new = submit_form(
                form, request.user, f"part.add:{pk}:{code}", lambda files: _add(walk, request.user, form, files)
            )
            messages.success(request, f"{Component(code).brief}已登记。" if is_new else REPEATED)
            return redirect(_next(request, walk, code, step_id))
    return render(request, "walks/component.html", _context(walk, form), status=form.status)


@require_http_methods(["GET", "POST"])
def walk_component_edit(request, pk, step_id):
    walk = open_walk(request, pk)
    if "withdraw" in request.POST and is_repeat(request):
        return redirect("walk", pk)
    step = component_step(walk, step_id)
    if "withdraw" in request.POST:
        return withdraw(request, step, component_form(request, walk, step.component, step, data=()))
    form = component_form(request, walk, step.component, step, data=sent(request))
    if request.method == "POST" and is_valid_keeping(form, request.user):
        with refusals(form):
            _, is_new = submit_form(
                form, request.user, f"part.edit:{step_id}", lambda files: _edit(step, request.user, form, files)
            )
            messages.success(request, "修改已保存。" if is_new else REPEATED)
            return redirect(_next(request, walk, "", step_id))
    context = _context(walk, form) | context_of(step)
    return render(request, "walks/component.html", context, status=form.status)


def component_form(request, walk: Walk, code: str, step: Step | None = None, *, data: tuple) -> ComponentForm:
    """The form of that part, bound to ``data`` (of ``sent``); 404 when the walk's activity has no such part."""
    component = components.component_of(walk, code)
    if component is None:
        raise Http404
    items = components.items_to_check(walk) if code == Component.BUSINESS_CHECK else ()
    chosen = request.GET.get("item", "")
    initial = {"item": int(chosen)} if chosen in {str(pk) for pk, _, _ in items} else {}
    return ComponentForm(*data, walk=walk, component=component, items=items, step=step, initial=initial)


def _context(walk: Walk, form: ComponentForm) -> dict:
    """``repeats``: more than one record of the part is wanted."""
    component = form.component
    return {"walk": walk, "form": form, "title": Component(component.code).brief, "repeats": component.least > 1}


def component_step(walk: Walk, step_id: UUID) -> Step:
    """The record of a part; 409 in words when it was taken back, 404 when the walk never had it."""
    require_not_withdrawn(walk=walk, subject=step_id, what="这条记录")
    step = get_object_or_404(steps_of(walk).exclude(component=""), public_id=step_id)
    step.walk = walk
    return step


def _add(walk: Walk, actor, form: ComponentForm, files: list) -> UUID:
    return components.add(walk=walk, actor=actor, code=form.component.code, files=files, **form.facts()).public_id


def _edit(step: Step, actor, form: ComponentForm, files: list) -> UUID:
    return components.edit(step=step, actor=actor, seen=form.seen_token, files=files, **form.facts()).public_id


def _next(request, walk: Walk, code: str, step_id) -> str:
    """Back to the walk; on to the problem met, or to another record of the same part, by the button pressed."""
    if "then_problem" in request.POST:
        return f"{reverse('walk_problem_add', args=[walk.pk])}?step={step_id}"
    if "then_more" in request.POST and code:
        return reverse("walk_component_add", args=[walk.pk, code])
    return f"{reverse('walk', args=[walk.pk])}#components"
