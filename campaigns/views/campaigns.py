"""The list of campaigns."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns.domain.queries import campaign_rows
from campaigns.enums import CampaignState
from campaigns.rules import may_draft


@require_safe
def campaigns(request):
    rows = [_shown(row) for row in campaign_rows(request.user)]
    return render(request, "campaigns/campaigns.html", {"rows": rows, "may_draft": may_draft(request.user)})


def _shown(row: dict) -> dict:
    """A draft opens where it is worked on."""
    state = CampaignState(row["state"])
    page = "campaign_setup" if state == CampaignState.DRAFT else "campaign"
    return row | {"state_label": state.label, "url": reverse(page, args=[row["code"]])}
