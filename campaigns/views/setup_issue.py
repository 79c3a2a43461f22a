"""印发: a confirmation page that shows what will be frozen."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaigns.domain.lifecycle import faults, issue, token_of_setup
from campaigns.domain.preview import Share, changes, shares, upcoming
from campaigns.domain.setup import checklist, hints_of, roster_size, working_version
from campaigns.enums import CampaignState
from campaigns.forms.setup import SetupIssueForm
from campaigns.models import Campaign
from campaigns.views.setup import campaign_to_set_up, marked, require_drafting
from core.forms import is_repeat, refusals
from core.templatetags.ui import cndate

FIRST_LINES = 6
FIRST_CHANGES = 12


@require_http_methods(["GET", "POST"])
def campaign_issue(request, code):
    campaign = campaign_to_set_up(request, code)
    if is_repeat(request):
        return redirect("campaign", code)
    version, rules = working_version(campaign)
    require_drafting(version, "印发")
    form = SetupIssueForm(request.POST if request.method == "POST" else None, token=token_of_setup(campaign))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            _issue(request.user, campaign, form)
            messages.success(request, f"已印发。{_in_force(campaign)}期限见“各项期限”。")
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


def _in_force(campaign: Campaign) -> str:
    """From which day the rules just issued hold."""
    version, _ = working_version(campaign)
    return f"规则第 {version.number} 版自 {cndate(version.effective_on)}起施行，不再改动；"


def _issue(user, campaign: Campaign, form: SetupIssueForm) -> None:
    def act() -> str:
        issue(campaign=campaign, actor=user, seen=form.seen_token)
        return campaign.code

    form.once(user, f"campaign.issue:{campaign.pk}", act)
