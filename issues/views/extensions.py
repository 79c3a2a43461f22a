"""延期申请: the list with its filters and workbook. Asking and deciding are actions on the issue."""

from django.views.decorators.http import require_safe

from accounts.views.tabbed_list import TabbedList
from core.listing import Order
from issues.domain.extensions import queries
from issues.exports.lists import EXTENSIONS
from issues.forms.extensions import TABS, ExtensionFilterForm

LIST = TabbedList(
    form=ExtensionFilterForm,
    visible=queries.extensions_visible_to,
    views=lambda user, today: queries.views_of(user),
    labels=TABS,
    first="asked",
    order=Order("old_due_on", ("old_due_on", "id"), public="public_id"),
    book=EXTENSIONS,
    route="extensions",
    template="issues/extensions/list.html",
)


@require_safe
def extensions(request):
    return LIST.page(request)


@require_safe
def extensions_export(request):
    return LIST.workbook(request)
