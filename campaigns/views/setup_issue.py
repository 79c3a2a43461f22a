"""印发: a confirmation page that shows what will be frozen."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaigns.domain.lifecycle import faults, issue
from campaigns.domain.preview import Share, changes, shares, upcoming
from campaigns.domain.setup import checklist, hints_of, roster_size, working_version
from campaigns.enums import CampaignState
from campaigns.forms.setup import SetupConfirmForm
from campaigns.models import Campaign
from campaigns.views.setup import campaign_to_set_up, marked, require_drafting
from core.forms import is_repeat, refusals

FIRST_LINES = 6
FIRST_CHANGES = 12


@require_http_methods(["GET", "POST"])
def campaign_issue(request, code):
    campaign = campaign_to_set_up(request, code)
    if is_repeat(request):
        return redirect("campaign", code)
    version, rules = working_version(campaign)
    require_drafting(version)
    form = SetupConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _issue(request.user, campaign, form)
            messages.success(request, f"已印发。规则第 {version.number} 版从即日起冻结，期限见“各项期限”。")
            return redirect("campaign", code)
    found = shares(campaign, rules)
    context = {"campaign": campaign, "rules": rules, "version": version, "form": form, "shares": found}
    context |= {
        "groups": checklist(rules),
        "hints": marked(campaign, hints_of(campaign, rules)),
        "faults": marked(campaign, faults(campaign)),
        "units": roster_size(campaign),
    }
    context |= _dates(campaign, found)
    return render(request, "campaigns/setup/issue.html", context, status=form.status)


def _dates(campaign: Campaign, found: list[Share]) -> dict:
    """What an amendment changes of the dates, then the first ones to come."""
    today, is_new = timezone.localdate(), campaign.state == CampaignState.DRAFT
    moved = [] if is_new else changes(campaign, found, today=today)
    lines = upcoming(campaign, found, today=today, whole=False)
    shown = {"is_new": is_new, "changes": moved[:FIRST_CHANGES], "more_changes": max(0, len(moved) - FIRST_CHANGES)}
    return shown | {"lines": lines[:FIRST_LINES], "more": max(0, len(lines) - FIRST_LINES)}


def _issue(user, campaign: Campaign, form: SetupConfirmForm) -> None:
    def act() -> str:
        issue(campaign=campaign, actor=user)
        return campaign.code

    form.once(user, f"campaign.issue:{campaign.pk}", act)
