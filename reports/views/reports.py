"""Campaigns and their periods."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns.domain.queries import campaigns_visible_to
from reports.domain.compile import period_in
from reports.domain.period_list import overview


@require_safe
def reports(request):
    code, wanted = request.GET.get("campaign", ""), request.GET.get("period", "").strip()
    notes = []
    if wanted:
        campaign = get_object_or_404(campaigns_visible_to(request.user), code=code)
        try:
            return redirect("report", campaign.code, period_in(campaign, wanted).code)
        except ValueError as error:
            notes = [str(error)]
    campaigns = overview(request.user, today=timezone.localdate(), whole=code)
    context = {
        "campaigns": campaigns,
        "notes": notes,
        "wanted": wanted,
        "reads_regions": len({entry.campaign.region_id for entry in campaigns if entry.sees_all}) > 1,
    }
    return render(request, "reports/summary/reports.html", context)
