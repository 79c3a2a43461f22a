"""问题台账: the list. Its workbook: ``issues.views.exports``."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.scope import scope_of
from core.listing import link, read_columns
from issues.columns import page_columns
from issues.domain.bulk import bulk_offered
from issues.domain.chase_many import may_chase
from issues.domain.inbox import calendar_for
from issues.domain.incoming.queries import may_enter
from issues.domain.ledger import acts_on_issues
from issues.tables import list_controls, page_of, select, view_tabs


@require_safe
def issues(request):
    """The ledger: saved views, filters, sort, columns and place all stand in the address."""
    today = timezone.localdate()
    selection = select(request.user, request.GET, today)
    columns = read_columns(request.GET.getlist("cols"), page_columns())
    scope = scope_of(request.user)
    page = page_of(selection, columns, request.GET, today)
    context = {
        "selection": selection,
        "page": page,
        "columns": columns,
        "shown_keys": {column.key for column in columns},
        "tabs": view_tabs(selection, request.GET, request.user, today),
        "notes": [*selection.notes, *page.notes],
        "today": today,
        "may_chase": may_chase(request.user),
        "reads_region": bool(scope.read_regions),
        "calendar": calendar_for(page.rows),
        # Such a file is asked for by the office and released by a second person of it.
        "brings_in": bool(scope.act_regions),
        "enters": may_enter(request.user),
        "returns": acts_on_issues(request.user),
        "unmasked_query": link(request.GET, unmasked=1) if scope.offices else "",
        "bulk": bulk_offered(request.user),
        **list_controls(selection, request.GET),
    }
    return render(request, "issues/ledger/ledger.html", context)
