"""The list of campaigns."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.domain.overview import campaign_rows
from campaigns.enums import CampaignState


@require_safe
def campaigns(request):
    rows = [row | {"state_label": CampaignState(row["state"]).label} for row in campaign_rows(request.user)]
    return render(request, "campaigns/campaigns.html", {"rows": rows})
