"""必走事项清单 with how often each item was walked."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.scope import home_region
from campaigns.domain.must_walk import is_open
from campaigns.domain.queries import campaigns_and_drafts
from campaigns.forms.must_walk import PoolRemoveForm
from campaigns.rules import may_compare_units, may_set_up
from core.list_book import as_file, write_book
from reports.domain.board.coverage import pool_rows, rates_by_provenance
from reports.exports.rows import POOL


@require_safe
def pool(request, code):
    campaign = get_object_or_404(campaigns_and_drafts(request.user), code=code)
    rows = pool_rows(request.user, campaign)
    compare = may_compare_units(request.user, campaign)
    context = {
        "campaign": campaign,
        "rows": rows,
        "compare": compare,
        "rates": rates_by_provenance(rows) if compare else [],
        "keeps": may_set_up(request.user, campaign) and is_open(campaign, timezone.localdate()),
        "remove": PoolRemoveForm(),
    }
    return render(request, "reports/must_walk.html", context)


@require_safe
def pool_export(request, code):
    campaign, today = get_object_or_404(campaigns_and_drafts(request.user), code=code), timezone.localdate()
    rows, place = pool_rows(request.user, campaign), home_region(request.user)
    asked = {"actor": request.user, "today": today, "place": place, "what": campaign.name, "total": len(rows)}
    return as_file(write_book(POOL, rows, **asked))
