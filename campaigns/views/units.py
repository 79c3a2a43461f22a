"""撤销 and 恢复 of a unit: for 系统管理员 alone. They stand here because a campaign may still need the unit."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.domain import abolition as units
from accounts.forms.base import AbolishForm, RestoreForm
from accounts.models import Department
from accounts.rules import may_keep_units
from campaigns.domain.abolition import abolish, needed_for
from core.forms import is_repeat, refusals


@require_http_methods(["GET", "POST"])
def unit_abolish(request, pk):
    unit, today = _unit(request, pk), timezone.localdate()
    if is_repeat(request):
        return redirect("units")
    if not unit.is_active:
        raise units.done_already(unit)
    form = AbolishForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        asked = {"on": form.cleaned_data["on"], "document": form.cleaned_data["document"], "today": today}
        with refusals(form):
            form.once(request.user, f"unit.abolish:{unit.pk}", lambda: abolish(unit=unit, actor=request.user, **asked))
            messages.success(request, f"{unit.name}已撤销，自 {asked['on']} 起不再承担新的任务，原有记录保留。")
            return redirect("units")
    context = {"unit": unit, "form": form, "needed": needed_for(unit, today=today)}
    return render(request, "campaigns/units/abolish.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def unit_restore(request, pk):
    unit = _unit(request, pk)
    if is_repeat(request):
        return redirect("units")
    if unit.is_active:
        raise units.done_already(unit)
    form = RestoreForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with refusals(form):
            form.once(
                request.user,
                f"unit.restore:{unit.pk}",
                lambda: units.restore(unit=unit, reason=reason, actor=request.user),
            )
            messages.success(request, f"{unit.name}已恢复。")
            return redirect("units")
    return render(request, "campaigns/units/restore.html", {"unit": unit, "form": form}, status=form.status)


def _unit(request, pk: int) -> Department:
    if not may_keep_units(request.user):
        raise Http404
    return get_object_or_404(units.units_visible_to(request.user).select_related("region"), pk=pk)
