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
from core.idempotency import body_digest, once


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
            _save(request.user, campaign, form)
            standing = "已经开始的体验仍由原单位接收。" if campaign.issued_at else ""
            messages.success(request, f"接收单位已保存。{standing}")
            return redirect("campaign_setup", code)
    context = {"campaign": campaign, "form": form, "earlier": earlier_receivers(campaign)}
    return render(request, "campaigns/setup_receivers.html", context, status=form.status)


def _save(user, campaign: Campaign, form: ReceiversForm) -> None:
    def act() -> str:
        set_receivers(campaign=campaign, paths=form.chosen(), actor=user, change=form.change())
        return campaign.code

    scope = f"campaign.receivers:{campaign.pk}"
    once(user=user, key=form.key, scope=scope, digest=body_digest(form.content()), act=act)
