"""The two pages of every import: choosing a table, and looking at what it would do before confirming.

The app's own view says who may come here, which ``ImportKind`` it is, and what else the form asks.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.exceptions import DomainError
from core.forms import apply_refusal, refusals
from core.imports import ImportResult
from core.listing import link
from core.models import StagedTable
from core.resources import Preview
from core.staging import MOST_ROWS, ImportKind, StalePreview, carry_out, stage, staged_visible_to
from core.table_forms import TableConfirmForm, TableForm
from core.uploads import on_disk

LINES_PER_PAGE = 100
FAULTS_SHOWN = 500
SHOWN = {
    "changes": ("有变化", ("created", "updated")),
    "created": ("新增", ("created",)),
    "updated": ("更新", ("updated",)),
    "unchanged": ("未变", ("unchanged",)),
}
# Lines of which something is left to another act; the tab is there only where a line has any.
ASKS = "asks"
OUTCOME_LABELS = {"created": "新增", "updated": "更新", "unchanged": "未变"}


def upload(request, desk: ImportKind, form: TableForm, context: dict, *, rights: str = ""):
    """Show the form; a good table leads to its preview, one with faults shows all of them (400). ``rights``: those
    under which the preview is seen, see ``staged_visible_to``."""
    found = None
    if request.method == "POST" and form.is_valid():
        with refusals(form), on_disk(form.cleaned_data["file"], reader=request.user) as path:
            given = {"params": form.params, "owner": request.user, "key": form.key, "rights": rights}
            pk, found = stage(desk=desk, path=path, **given)
            if pk:
                return redirect(desk.routes["preview"], pk)
            form.status = 400
    context |= {"desk": desk, "form": form, "back": reverse(desk.routes["back"]), "most": MOST_ROWS}
    if found:
        context |= faults_shown(found, form.cleaned_data["file"].name)
    return render(request, desk.template, context, status=form.status)


def preview(request, desk: ImportKind, pk, *, rights: str = ""):
    """Show what a staged table would change and carry it out on confirmation; afterwards say what was done."""
    staged = get_object_or_404(staged_visible_to(request.user, rights), pk=pk, kind=desk.kind)
    form = TableConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and staged.imported_at is None and form.is_valid():
        try:
            carry_out(desk=desk, staged=staged, seen=form.cleaned_data["seen"], key=form.key)
            messages.success(request, f"{staged.file}已导入。")
            return redirect(desk.routes["preview"], pk)
        except StalePreview as stale:
            messages.warning(request, stale.message)
            form.status = stale.status
        except DomainError as refused:
            apply_refusal(form, refused)
    elif staged.imported_at is not None and request.method == "POST":
        return redirect(desk.routes["preview"], pk)
    context = _preview_context(request, desk, staged) | {"form": form}
    return render(request, "core/table_preview.html", context, status=form.status)


def faults_shown(found: ImportResult | Preview, file: str) -> dict:
    """What ``core/_table_faults.html`` shows of a table that was read."""
    shown = {"errors": found.errors[:FAULTS_SHOWN], "error_count": len(found.errors), "notes": found.notes}
    return shown | {"file": file}


def warn_of(request, notes: list[str]) -> None:
    """What the reader of a table passed over or read otherwise than it may have meant, on the next page."""
    for note in notes:
        messages.warning(request, note)


def _preview_context(request, desk: ImportKind, staged: StagedTable) -> dict:
    shown, counts = staged.preview, staged.preview["counts"]
    questions = [line for line in shown["lines"] if line.get(ASKS)]
    show = request.GET.get("show", "")
    if show not in (*SHOWN, *([ASKS] if questions else [])):
        show = "changes" if counts["created"] + counts["updated"] or not questions else ASKS
    lines = questions if show == ASKS else [one for one in shown["lines"] if one["outcome"] in SHOWN[show][1]]
    return {
        "desk": desk, "staged": staged, "shown": shown, "counts": counts,
        "back": reverse(desk.routes["back"]), "again": reverse(desk.routes["upload"]),
        "total": len(shown["lines"]), "changes": counts["created"] + counts["updated"],
        "page": _page(request, [line | {"outcome_label": OUTCOME_LABELS[line["outcome"]]} for line in lines]),
        "errors": shown["errors"][:FAULTS_SHOWN], "error_count": len(shown["errors"]), "file": staged.file,
        "fresh": TableConfirmForm(initial={"seen": shown["digest"]}),
        "questions": len(questions), "tabs": _tabs(request, show, counts, len(questions)),
    }  # fmt: skip


def _tabs(request, show: str, counts: dict, questions: int) -> list[dict]:
    tabs = [(name, label, sum(counts[one] for one in outcomes)) for name, (label, outcomes) in SHOWN.items()]
    if questions:
        tabs.append((ASKS, "没有写入，须另行办理", questions))
    return [
        {"label": label, "url": link(request.GET, show=name, page=None), "active": name == show, "count": count}
        for name, label, count in tabs
    ]


def _page(request, lines: list[dict]) -> dict:
    pages = Paginator(lines, LINES_PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return {
        "rows": page.object_list, "total": pages.count, "first": page.start_index(), "last": page.end_index(),
        "prev_url": link(request.GET, page=page.previous_page_number()) if page.has_previous() else "",
        "next_url": link(request.GET, page=page.next_page_number()) if page.has_next() else "",
        "links": [
            {"label": number, "current": number == page.number,
             "url": link(request.GET, page=number) if isinstance(number, int) else ""}
            for number in pages.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        ],
    }  # fmt: skip


def download_page(request, form, *, what: str, back: str, with_admins: bool = False):
    """The page that asks of which region the rows of ``what`` are wanted; ``back``: the route it leads back to."""
    context = {"form": form, "what": what, "back": back, "with_admins": with_admins}
    return render(request, "core/table_download.html", context, status=400 if form.errors else 200)
