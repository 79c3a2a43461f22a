"""工作联络表 as a file; its numbers are shown after a reason and the password."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.domain.unmasking import shows
from accounts.views.unmask import ask
from campaigns.domain.contacts import units_to_call
from campaigns.domain.queries import campaigns_visible_to
from campaigns.domain.rulebook.duties import Unit
from campaigns.exports.contacts import KEY, LABEL, contacts_workbook
from campaigns.models import Campaign
from core.exceptions import Refused
from core.xlsx import CONTENT_TYPE


@require_safe
def contacts(request, code):
    campaign, units = _asked(request, code)
    unmasked = shows(session=request.session, user=request.user, object_type=KEY, object_key=campaign.code)
    file, name = contacts_workbook(campaign, units, actor=request.user, unmasked=unmasked)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


@require_http_methods(["GET", "HEAD", "POST"])
def contacts_unmask(request, code):
    campaign, _ = _asked(request, code)
    back = reverse("campaign_units", args=[code])
    return ask(request, what=LABEL, object_type=KEY, object_key=campaign.code, back_url=back, in_file=True)


def _asked(request, code: str) -> tuple[Campaign, list[Unit]]:
    """404 for a campaign the person does not see, or none of whose units."""
    campaign = get_object_or_404(campaigns_visible_to(request.user).select_related("region", "office"), code=code)
    try:
        return campaign, units_to_call(request.user, campaign)
    except Refused as nobody:
        raise Http404 from nobody
