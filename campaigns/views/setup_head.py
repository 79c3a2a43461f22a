"""Name, document number and days of a campaign: all of a draft, the number and date of the paper once it is issued."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.domain.lifecycle import save_head, stored_head
from campaigns.domain.setup import fixed_dates, offices_in
from campaigns.enums import CampaignState
from campaigns.forms.setup import DocumentForm, HeadForm
from campaigns.models import Campaign
from campaigns.views.setup import campaign_to_set_up
from core.content_token import content_token
from core.forms import is_repeat, refusals
from core.templatetags.ui import cndate


@require_http_methods(["GET", "POST"])
def campaign_head(request, code):
    campaign = campaign_to_set_up(request, code)
    if is_repeat(request):
        return redirect("campaign_setup", code)
    is_new = campaign.state == CampaignState.DRAFT
    stored = stored_head(campaign)
    form = (HeadForm if is_new else DocumentForm)(
        request.POST if request.method == "POST" else None, initial=stored, token=content_token(stored),
        offices=offices_in(campaign.region),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            for said in _save(request.user, campaign, form):
                messages.success(request, said)
            return redirect("campaign_setup", code)
    context = {"campaign": campaign, "form": form, "is_new": is_new}
    return render(request, "campaigns/setup/head.html", context, status=form.status)


def _save(user, campaign: Campaign, form: DocumentForm) -> list[str]:
    """What to say: what was saved, and which fixed dates of the rules stand as they were."""
    given, said = form.cleaned_data, ["已保存。"]

    def act() -> str:
        values = {name: given[name] for name in stored_head(campaign) if name in given}
        rules = save_head(campaign=campaign, actor=user, seen=form.seen_token, values=values)
        said.extend(_fixed(rules) if rules else [])
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
