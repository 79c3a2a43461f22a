"""Name, document number and days of a campaign: all of a draft, the number and date of the paper once it is issued."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.domain.lifecycle import edit_head, set_document
from campaigns.domain.setup import fixed_dates
from campaigns.enums import CampaignState
from campaigns.forms.setup import DocumentForm, HeadForm
from campaigns.models import Campaign
from campaigns.views.setup import campaign_to_set_up
from core.forms import is_repeat, refusals
from core.templatetags.ui import cndate


@require_http_methods(["GET", "POST"])
def campaign_head(request, code):
    campaign = campaign_to_set_up(request, code)
    if is_repeat(request):
        return redirect("campaign_setup", code)
    is_new = campaign.state == CampaignState.DRAFT
    form = (HeadForm if is_new else DocumentForm)(
        request.POST if request.method == "POST" else None, initial=_initial(campaign)
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            for said in _save(request.user, campaign, form):
                messages.success(request, said)
            return redirect("campaign_setup", code)
    context = {"campaign": campaign, "form": form, "is_new": is_new}
    return render(request, "campaigns/setup/head.html", context, status=form.status)


def _initial(campaign: Campaign) -> dict:
    document = {"document_number": campaign.document_number, "document_dated_on": campaign.document_dated_on}
    return document | {"name": campaign.name, "start": campaign.starts_on, "end": campaign.ends_on}


def _save(user, campaign: Campaign, form: DocumentForm) -> list[str]:
    """What to say: what was saved, and which fixed dates of the rules stand as they were."""
    given, said = form.cleaned_data, ["已保存。"]

    def act() -> str:
        number, dated_on = given["document_number"], given["document_dated_on"]
        set_document(campaign=campaign, number=number, dated_on=dated_on, actor=user)
        if "start" in given:
            rules = edit_head(campaign=campaign, name=given["name"], start=given["start"], end=given["end"])
            said.extend(_fixed(rules))
        return campaign.code

    form.once(user, f"campaign.head:{campaign.pk}", act)
    return said


def _fixed(rules) -> list[str]:
    found = fixed_dates(rules)
    if not found:
        return []
    days = "、".join(f"{what} {cndate(day)}" for what, _, day in found)
    pages = "”和“".join(dict.fromkeys(page for _, page, _ in found))
    return [f"规则中的固定日期现在是：{days}。需要修改的，请到“{pages}”。"]
