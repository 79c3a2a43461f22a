"""问题台账: the list. Its workbook: ``issues.views.exports``."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.scope import scope_of
from core.listing import ListColumn, link
from issues.domain.bulk import bulk_offered
from issues.domain.chases.many import may_chase
from issues.domain.inbox import calendar_for
from issues.domain.incoming.queries import may_enter
from issues.domain.ledger import acts_on_issues
from issues.domain.saved import of_kind, saved_list
from issues.enums import SavedKind
from issues.forms.saved import ShownColumnsForm
from issues.models import SavedView
from issues.tables import filter_query, list_controls, page_of, select, shown_columns, view_tabs


@require_safe
def issues(request):
    """The ledger: saved views, filters, sort, columns and place all stand in the address."""
    today = timezone.localdate()
    selection = select(request.user, request.GET, today)
    saved = saved_list(request.user)
    columns = shown_columns(request.GET, saved)
    page = page_of(selection, columns, request.GET, today)
    context = {
        "selection": selection,
        "page": page,
        "columns": columns,
        "shown_keys": {column.key for column in columns},
        "tabs": view_tabs(selection, request.GET, request.user, today, of_kind(saved, SavedKind.FILTER)),
        "notes": [*selection.notes, *page.notes],
        "today": today,
        "calendar": calendar_for(page.rows),
        **_offered(request),
        **_kept(request, columns, saved),
        **list_controls(selection, request.GET),
    }
    return render(request, "issues/ledger/ledger.html", context)


def _kept(request, columns: list[ListColumn], saved: list[SavedView]) -> dict:
    """What is kept of the list, and the forms to keep more."""
    return {
        "saves": bool(scope_of(request.user).posts),
        "columns_form": ShownColumnsForm(auto_id=False, initial={"cols": [column.key for column in columns]}),
        "usual_form": ShownColumnsForm(auto_id=False) if of_kind(saved, SavedKind.SHOWN) else None,
        "export_sets": of_kind(saved, SavedKind.COLUMNS),
        "save_query": urlencode({"list": filter_query(request.GET.urlencode())}),
    }


def _offered(request) -> dict:
    """What the person may do from the list."""
    user, scope = request.user, scope_of(request.user)
    return {
        "may_chase": may_chase(user),
        "reads_region": bool(scope.read_regions),
        "brings_in": bool(scope.act_regions),
        "enters": may_enter(user),
        "returns": acts_on_issues(user),
        # Such a file is asked for by the office and released by a second person of it.
        "unmasked_query": link(request.GET, unmasked=1) if scope.offices else "",
        "bulk": bulk_offered(user),
    }
