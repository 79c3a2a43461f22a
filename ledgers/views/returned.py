"""The exported ledger comes back after it was edited: the file, the preview, what was written."""

from django.views.decorators.http import require_http_methods

from accounts.scope import scope_of
from core.staging import ImportKind
from core.table_forms import TableForm
from core.views import tables
from ledgers.domain.returned.comparing import SHAPE
from ledgers.domain.returned.work import WHAT, ReturnWork, require_acting

DESK = ImportKind(
    kind="ledger.returned",
    title=WHAT,
    command="update_ledger",
    shape=SHAPE,
    resource=ReturnWork,
    routes={"back": "issues", "upload": "ledger_return", "preview": "ledger_return_preview"},
    template="ledgers/returned.html",
    list_title="问题台账",
)


@require_http_methods(["GET", "POST"])
def ledger_return(request):
    require_acting(request.user)
    form = TableForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    return tables.upload(request, DESK, form, {}, rights=scope_of(request.user).fingerprint)


@require_http_methods(["GET", "POST"])
def ledger_return_preview(request, pk):
    return tables.preview(request, DESK, pk, rights=scope_of(request.user).fingerprint)
