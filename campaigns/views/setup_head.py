"""Name, document number and days of a campaign being drafted."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.domain.campaigns import edit_head
from campaigns.enums import CampaignState
from campaigns.forms.setup import HeadForm
from campaigns.models import Campaign
from campaigns.views.setup import campaign_to_set_up
from core.exceptions import IllegalTransition
from core.forms import is_repeat, refusals
from core.idempotency import body_digest, once


@require_http_methods(["GET", "POST"])
def campaign_head(request, code):
    campaign = campaign_to_set_up(request, code)
    if is_repeat(request):
        return redirect("campaign_setup", code)
    if campaign.state != CampaignState.DRAFT:
        raise IllegalTransition("活动已经印发，名称和起止日期不能再改。", rule="campaign.issued")
    form = HeadForm(request.POST if request.method == "POST" else None, initial=_initial(campaign))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _save(request.user, campaign, form)
            messages.success(request, "名称和起止日期已保存。")
            return redirect("campaign_setup", code)
    return render(request, "campaigns/setup_head.html", {"campaign": campaign, "form": form}, status=form.status)


def _initial(campaign: Campaign) -> dict:
    head = {"name": campaign.name, "document_number": campaign.document_number}
    return head | {"start": campaign.starts_on, "end": campaign.ends_on}


def _save(user, campaign: Campaign, form: HeadForm) -> None:
    given = {name: form.cleaned_data[name] for name in ("name", "document_number", "start", "end")}

    def act() -> str:
        edit_head(campaign=campaign, actor=user, **given)
        return campaign.code

    once(user=user, key=form.key, scope=f"campaign.head:{campaign.pk}", digest=body_digest(form.content()), act=act)
