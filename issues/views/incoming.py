"""来件: a reported problem is put on the ledger by hand."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.domain.queries import campaigns_visible_to
from core.forms import is_repeat, refusals
from issues.domain.incoming import records
from issues.domain.incoming.queries import campaigns_to_enter, may_enter
from issues.forms.incoming import IncomingForm


@require_safe
def incoming(request):
    """Which campaign it belongs to: asked only of who works in several."""
    if not may_enter(request.user):
        raise Http404
    campaigns = list(campaigns_to_enter(request.user).values_list("code", "name"))
    if len(campaigns) == 1:
        return redirect("incoming_add", campaigns[0][0])
    return render(request, "issues/incoming/campaigns.html", {"campaigns": campaigns})


@require_http_methods(["GET", "POST"])
def incoming_add(request, code):
    campaign = get_object_or_404(campaigns_visible_to(request.user).select_related("office"), code=code)
    records.require_desk(request.user, campaign)
    if is_repeat(request):
        return redirect("issues")
    form = IncomingForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            number, _ = form.once(request.user, f"incoming:{code}", lambda: _enter(request, campaign, form))
            messages.success(request, f"问题已登记入账，编号 {number}。")
            return redirect("incoming_add", code) if "then_more" in request.POST else redirect("issue", number)
    context = {"form": form, "campaign": campaign}
    return render(request, "issues/incoming/add.html", context, status=form.status)


def _enter(request, campaign, form: IncomingForm) -> str:
    return str(records.enter(campaign=campaign, actor=request.user, **form.entered()).number)
