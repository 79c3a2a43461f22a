"""What was brought in, batch by batch, and taking one back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.exceptions import Conflict
from core.forms import apply_refusal, refusals
from core.list_book import as_file
from core.listing import Order, paginate
from issues.exports.lists import write_list
from ledgers.domain.queries import batch_rows, batches_visible_to, row_lines, rows_of
from ledgers.domain.undo import look_at_undoing, may_still_be_undone, undo_batch, undone_until
from ledgers.exports import BATCHES, LINES
from ledgers.forms import UndoForm
from ledgers.views.desks import campaigns_of

LATEST_FIRST = Order("batch", ("-at", "id"))
IN_FILE_ORDER = Order("row", ("number", "id"))


@require_safe
def imports(request):
    campaigns = campaigns_of(request)
    page = paginate(batches_visible_to(request.user), order=LATEST_FIRST, params=request.GET, read=batch_rows)
    context = {"page": page, "notes": page.notes, "several": len(campaigns) > 1}
    return render(request, "ledgers/batches.html", context)


@require_safe
def imports_export(request):
    campaigns_of(request)
    found = batches_visible_to(request.user).order_by(*LATEST_FIRST.by())
    return as_file(write_list(BATCHES, found, actor=request.user, today=timezone.localdate()))


@require_safe
def import_batch_export(request, pk):
    batch = get_object_or_404(batches_visible_to(request.user), pk=pk)
    found = rows_of(batch).order_by(*IN_FILE_ORDER.by())
    return as_file(write_list(LINES, found, actor=request.user, today=timezone.localdate(), what=batch.file))


@require_http_methods(["GET", "POST"])
def import_batch(request, pk):
    batch = get_object_or_404(batches_visible_to(request.user), pk=pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _undone(request, form, batch):
        return redirect("import_batch", pk)
    is_open = may_still_be_undone(batch, timezone.now())
    page = paginate(rows_of(batch), order=IN_FILE_ORDER, params=request.GET, read=row_lines)
    takes_back, worked_on = look_at_undoing(batch) if is_open else (0, [])
    context = {
        "batch": batch, "form": form, "page": page, "is_open": is_open, "counts": batch.counts,
        "until": undone_until(batch), "takes_back": takes_back, "worked_on": worked_on,
    }  # fmt: skip
    return render(request, "ledgers/batch.html", context, status=form.status)


def _undone(request, form, batch) -> bool:
    """Take the batch back, say what came of it; False when it is refused."""
    try:
        with refusals(form):
            form.once(request.user, f"import.undo:{batch.pk}", lambda: _told(request, batch))
    except Conflict as conflict:
        apply_refusal(form, conflict)
    return form.status == 200


def _told(request, batch) -> str:
    done = undo_batch(batch=batch, actor=request.user)
    messages.success(request, f"{batch.file}已撤销：{done.words()}。")
    if done.kept:
        messages.warning(request, f"导入后已经办理的没有撤销：{'、'.join(done.kept)}。")
    return str(batch.pk)
