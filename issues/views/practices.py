"""好做法: the list of rectifications that others can learn from, and its workbook."""

from django.views.decorators.http import require_safe

from accounts.views.tabbed_list import TabbedList
from core.listing import Order
from issues.domain.practices import practice_views, practices_visible_to
from issues.exports.lists import PRACTICES
from issues.forms.marks import PRACTICE_TABS, PracticeFilterForm

LIST = TabbedList(
    form=PracticeFilterForm,
    visible=practices_visible_to,
    views=practice_views,
    labels=PRACTICE_TABS,
    first="all",
    order=Order("practice_on", ("practice_on", "id"), descending=True, public="number"),
    book=PRACTICES,
    route="practices",
    template="issues/practices/list.html",
)


@require_safe
def practices(request):
    return LIST.page(request)


@require_safe
def practices_export(request):
    return LIST.workbook(request)
