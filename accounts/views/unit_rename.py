"""更名 of a unit: for 系统管理员 alone."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.domain.abolition import done_already, units_visible_to
from accounts.domain.renaming import rename
from accounts.forms.units import RenameForm
from accounts.rules import may_keep_units
from core.forms import is_repeat, refusals


@require_http_methods(["GET", "POST"])
def unit_rename(request, pk):
    if not may_keep_units(request.user):
        raise Http404
    unit = get_object_or_404(units_visible_to(request.user).select_related("region"), pk=pk)
    if is_repeat(request):
        return redirect("units")
    if not unit.is_active:
        raise done_already(unit)
    before, today = unit.name, timezone.localdate()
    form = RenameForm(request.POST if request.method == "POST" else None, unit=unit, today=today)
    if request.method == "POST" and form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("name", "on", "document")}
        asked |= {"unit": unit, "actor": request.user, "seen": form.seen_token}
        with refusals(form):
            form.once(request.user, f"unit.rename:{pk}", lambda: rename(**asked).pk)
            messages.success(request, f"{before}自 {asked['on']} 起更名为{asked['name']}。")
            return redirect("units")
    return render(request, "accounts/unit_rename.html", {"unit": unit, "form": form}, status=form.status)
