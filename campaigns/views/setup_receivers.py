"""Who receives plans and reports of each kind of activity."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.domain.receivers import earlier_receivers, routes_of, set_receivers
from campaigns.domain.setup import working_version
from campaigns.forms.receivers import ReceiversForm
from campaigns.models import Campaign
from campaigns.views.setup import campaign_to_set_up
from core.forms import is_repeat, refusals
from core.templatetags.ui import cndate


@require_http_methods(["GET", "POST"])
def campaign_receivers(request, code):
    campaign = campaign_to_set_up(request, code)
    if is_repeat(request):
        return redirect("campaign_setup", code)
    _, rules = working_version(campaign)
    routes = routes_of(campaign, rules)
    form = ReceiversForm(request.POST if request.method == "POST" else None, campaign=campaign, routes=routes)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            messages.success(request, _save(request.user, campaign, form))
            return redirect("campaign_setup", code)
    context = {"campaign": campaign, "form": form, "earlier": earlier_receivers(campaign)}
    return render(request, "campaigns/setup/receivers.html", context, status=form.status)


def _save(user, campaign: Campaign, form: ReceiversForm) -> str:
    said = ["接收单位已经保存过了。"]

    def act() -> str:
        change = form.change()
        changed = set_receivers(
            campaign=campaign, paths=form.chosen(), actor=user, seen=form.cleaned_data["seen"], change=change
        )
        if not changed:
            said[0] = "接收单位没有变化。"
        elif campaign.issued_at:
            day = cndate(change.since)
            said[0] = f"接收单位已保存，自 {day}起由新的单位接收。已经开始的体验仍由原单位接收。"
        else:
            said[0] = "接收单位已保存。"
        return campaign.code

    form.once(user, f"campaign.receivers:{campaign.pk}", act)
    return said[0]
