"""来本单位的体验: walks of others at the own windows, and the workbook."""

from django.views.decorators.http import require_safe

from accounts.views.tabbed_list import TabbedList
from core.listing import Order
from issues.domain.hosted import hosted_views, walks_at_own_windows
from issues.exports.lists import HOSTED
from issues.forms.hosted import HOSTED_TABS, HostedFilterForm

LIST = TabbedList(
    form=HostedFilterForm,
    visible=walks_at_own_windows,
    views=hosted_views,
    labels=HOSTED_TABS,
    first="all",
    order=Order("started", ("started_at", "id"), descending=True),
    book=HOSTED,
    route="walks_here",
    template="issues/walk/here.html",
)


@require_safe
def walks_here(request):
    return LIST.page(request)


@require_safe
def walks_here_export(request):
    return LIST.workbook(request)
