"""总结 and 归档: a confirmation page that names what is not finished."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.states import ensure_open
from campaigns.models import Campaign
from core.exceptions import IllegalTransition
from core.forms import is_repeat, refusals
from home.domain.closing import finish, look_at
from home.forms import FinishForm

DONE = {
    "summarise": "活动已总结。已开始的体验可以继续报送；全部办结后可以归档。",
    "archive": "活动已归档，只能查看。未销号的问题照常办理。",
}


@require_http_methods(["GET", "POST"])
def campaign_finish(request, code, verb):
    found = get_object_or_404(campaigns_visible_to(request.user).select_related("region", "office"), code=code)
    if is_repeat(request):
        return redirect("campaign", code)
    if verb not in DONE:
        raise IllegalTransition(f"没有名为“{verb[:30]}”的操作。", rule="campaign.action")
    row, closing = ensure_open(found, verb, request.user), look_at(found, request.user)
    given = request.POST if request.method == "POST" else None
    form = FinishForm(given, request=request, unfinished=closing.unfinished)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _, ran = form.once(request.user, f"campaign.{verb}:{found.pk}", lambda: _press(request, found, verb, form))
            messages.success(request, DONE[verb] if ran else f"已经{row.label}过了，没有重复办理。")
            return redirect("campaign", code)
    context = {"campaign": found, "row": row, "closing": closing, "form": form}
    return render(request, "home/campaign_finish.html", context, status=form.status)


def _press(request, found: Campaign, verb: str, form: FinishForm) -> str:
    finish(campaign=found, action=verb, actor=request.user, confirmed=form.confirmed_token)
    return found.code
