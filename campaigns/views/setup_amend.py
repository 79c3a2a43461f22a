"""调整规则: begin another version with its first day and reason, or give it up."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.domain.lifecycle import amend, discard, token_of_draft
from campaigns.domain.setup import working_version
from campaigns.enums import OPEN_CAMPAIGNS
from campaigns.forms.setup import AmendForm, DiscardForm
from campaigns.models import Campaign
from campaigns.views.setup import campaign_to_set_up
from core.exceptions import IllegalTransition
from core.forms import is_repeat, refusals


@require_http_methods(["GET", "POST"])
def campaign_amend(request, code):
    campaign = campaign_to_set_up(request, code)
    if is_repeat(request):
        return redirect("campaign_setup", code)
    if campaign.state not in OPEN_CAMPAIGNS:
        raise IllegalTransition("只有已印发、实施中的活动可以调整规则。", rule="campaign.state")
    initial = {"effective_on": timezone.localdate()}
    form = AmendForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _amend(request.user, campaign, form)
            messages.success(request, "可以修改规则了。改好后“印发调整”，在此之前仍按现行规则。")
            return redirect("campaign_setup", code)
    return render(request, "campaigns/setup/amend.html", {"campaign": campaign, "form": form}, status=form.status)


@require_POST
def campaign_discard(request, code):
    campaign = campaign_to_set_up(request, code)
    form = DiscardForm(request.POST, token=token_of_draft(working_version(campaign)[0]))
    form.is_valid()

    def act() -> str:
        discard(campaign=campaign, actor=request.user, seen=form.seen_token)
        return campaign.code

    form.once(request.user, f"campaign.discard:{campaign.pk}", act)
    messages.success(request, "已放弃这次调整，现行规则继续有效。")
    return redirect("campaign", code)


def _amend(user, campaign: Campaign, form: AmendForm) -> None:
    given = form.cleaned_data

    def act() -> str:
        today = timezone.localdate()
        amend(campaign=campaign, effective_on=given["effective_on"], reason=given["reason"], actor=user, today=today)
        return campaign.code

    form.once(user, f"campaign.amend:{campaign.pk}", act)
