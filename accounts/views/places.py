"""区域: for 系统管理员. The tree, regions added as lines, one renamed or moved below another."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.domain.places import add_places, change_place, place_rows, places_visible_to
from accounts.forms.places import PlaceForm, PlacesForm
from accounts.rules import may_keep_units
from core.forms import is_repeat, refusals


@require_http_methods(["GET", "POST"])
def places(request):
    if not may_keep_units(request.user):
        raise Http404
    if is_repeat(request):
        return redirect("unit_places")
    form = PlacesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            paths = form.cleaned_data["places"]
            made, _ = form.once(request.user, "places", lambda: add_places(paths=paths, actor=request.user))
            messages.success(request, f"已新增 {made} 个区域。")
            return redirect("unit_places")
    context = {"rows": place_rows(request.user), "form": form}
    return render(request, "accounts/places.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def place(request, pk):
    found = get_object_or_404(places_visible_to(request.user), pk=pk)
    if is_repeat(request):
        return redirect("unit_places")
    form = PlaceForm(request.POST if request.method == "POST" else None, region=found, user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            asked = {name: form.cleaned_data[name] for name in ("name", "level", "parent")}
            asked |= {"region": found, "seen": form.seen_token, "actor": request.user}
            _, _ = form.once(request.user, f"place:{pk}", lambda: change_place(**asked) or pk)
            messages.success(request, "已保存。")
            return redirect("unit_places")
    return render(request, "accounts/place.html", {"place": found, "form": form}, status=form.status)
