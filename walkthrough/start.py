"""The first page: whoever only reads (督查) begins with 进展总览, everybody else with 等我办."""

from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.scope import scope_of
from issues.domain.ledger import acts_on_issues
from issues.views.home import home
from reports.domain.queries import reported_campaigns


@require_safe
def start(request):
    only_reads = scope_of(request.user).read_regions and not acts_on_issues(request.user)
    if only_reads and (campaigns := reported_campaigns(request.user)):
        return redirect("overview", campaigns[0][0].code)
    return home(request)
