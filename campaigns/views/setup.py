"""Setting up a campaign: the checklist of its rules, units and receivers, and what still stands against issuing."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.domain.lifecycle import EDIT, faults, no_draft, token_of_draft
from campaigns.domain.preview import proposed_earlier
from campaigns.domain.queries import campaigns_and_drafts
from campaigns.domain.receivers import ReceiverPath, lines_of
from campaigns.domain.rulebook.consistency import Problem
from campaigns.domain.rulebook.rulebook import ANY, Rulebook
from campaigns.domain.rulebook.wording import GROUPS, source_of
from campaigns.domain.setup import checklist, hints_of, roster_size, working_version
from campaigns.domain.versions import rules_of
from campaigns.enums import ENDED_CAMPAIGNS, OPEN_CAMPAIGNS, CampaignState
from campaigns.forms.setup import DiscardForm
from campaigns.models import Campaign, RuleVersion
from campaigns.rules import may_set_up
from core.exceptions import NotAllowed

PAGES = {"receivers": "campaign_receivers", "roster": "campaign_roster"}
LABELS = GROUPS | {"receivers": "接收单位", "roster": "参与单位"}


def campaign_to_set_up(request, code: str) -> Campaign:
    """The campaign, for an office of its own region; 404 unseen, 403 for everybody else who sees it."""
    found = get_object_or_404(campaigns_and_drafts(request.user).select_related("region", "office"), code=code)
    if not may_set_up(request.user, found):
        raise NotAllowed("活动由本区域的统筹办设置，您没有此项权限。", rule="permission")
    return found


def require_drafting(version: RuleVersion, act: str = EDIT) -> None:
    """Raise IllegalTransition, saying since when and by whom, where no rules are being drafted."""
    if version.issued_at is not None:
        raise no_draft(version.campaign, act)


def marked(campaign: Campaign, found: list[Problem]) -> list[dict]:
    """What contradicts itself or deserves a look, each with the page on which it is corrected."""
    return [
        {"message": one.message, "label": LABELS[one.group], "url": fault_url(campaign, one.group)} for one in found
    ]


def fault_url(campaign: Campaign, group: str) -> str:
    if group in PAGES:
        return reverse(PAGES[group], args=[campaign.code])
    return reverse("campaign_rules", args=[campaign.code, group])


@require_safe
def campaign_setup(request, code):
    campaign = campaign_to_set_up(request, code)
    version, rules = working_version(campaign)
    found, looked = faults(campaign), hints_of(campaign, rules) if version.issued_at is None else []
    context = {
        "campaign": campaign,
        "rules": rules,
        "version": version,
        "is_drafting": version.issued_at is None,
        "is_new": campaign.state == CampaignState.DRAFT,
        "may_amend": campaign.state in OPEN_CAMPAIGNS,
        "may_change": campaign.state not in ENDED_CAMPAIGNS,
        "groups": checklist(rules, found, looked),
        "faults": marked(campaign, found),
        "hints": marked(campaign, looked),
        "units": roster_size(campaign),
        "held": rules_of(campaign.pk)[0] if campaign.state != CampaignState.DRAFT else version,
        "routes": _routes(campaign, rules),
        "routes_cite": source_of(rules, "routes"),
        "proposed": proposed_earlier(campaign),
        "form": DiscardForm(token=token_of_draft(version)),
    }
    return render(request, "campaigns/setup/setup.html", context)


def _routes(campaign: Campaign, rules: Rulebook) -> list[tuple[ReceiverPath, bool]]:
    """Each line of receivers, and whether the office stands in because no unit here bears the notice's name."""
    found = []
    for key, line in lines_of(campaign, rules, timezone.localdate()).items():
        route = rules.route_of(key[0], key[1] or ANY)
        last = (line.coming or [line.now])[-1]
        meant = route is None or any(name in campaign.office.name for name in route.to)
        found.append((line, last.names == (campaign.office.name,) and not meant))
    return found
