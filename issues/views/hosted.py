"""来本单位的体验: walks of other units at the windows of the own unit, and the workbook."""

from django.views.decorators.http import require_safe

from accounts.views.tabbed_list import TabbedList
from core.listing import Order
from issues.domain.hosted import hosted_views, hosted_walks_visible_to
from issues.exports.lists import HOSTED
from issues.forms.hosted import HOSTED_TABS, HostedFilterForm

LIST = TabbedList(
    form=HostedFilterForm,
    visible=hosted_walks_visible_to,
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
