"""批量办理: what will be done to which issues, and what not and why; then what was done."""

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from core.forms import is_repeat, refusals
from core.idempotency import FIELD, seen
from issues.domain import bulk
from issues.domain.transitions import TABLE
from issues.forms.bulk import BULK_FORMS, IssuesAtOnceForm, split_box
from issues.models import Issue
from issues.tables import list_query, select


@dataclass(frozen=True)
class BulkPage:
    """The issues of the page in the list's order; ``more``: how many (件) the conditions have beyond them;
    ``is_picked``: they were ticked on the list one by one."""

    issues: list[Issue]
    more: int
    is_picked: bool = False


@require_http_methods(["GET", "POST"])
def issues_bulk(request, action):
    if action not in BULK_FORMS:
        raise Http404
    bulk.require_bulk(request.user)
    if is_repeat(request):
        return redirect("issues_change", seen(user=request.user, key=request.POST[FIELD]))
    found = _found(request, action)
    sent = (request.POST,) if request.method == "POST" else ()
    form = BULK_FORMS[action](*sent, request=request, issues=found.issues)
    if form.is_bound and form.is_valid():
        with refusals(form):
            change, _ = form.once(request.user, f"issues.{action}", partial(_carry_out, request, form, action))
            return redirect("issues_change", change)
    return render(request, "issues/bulk/preview.html", _context(request, action, form, found), status=form.status)


@require_safe
def issues_change(request, pk):
    change = get_object_or_404(bulk.changes_of(request.user), public_id=pk)
    events = list(bulk.done_in(change, request.user))
    again = urlencode({"pick": [number for number, _ in change.refused]}, doseq=True)
    context = {
        "change": change,
        "act": TABLE.by_action[change.action],
        "events": events,
        "again_url": f"{_preview_of(change.action)}?{again}" if change.refused else "",
    }
    return render(request, "issues/bulk/done.html", context)


def _preview_of(action: str) -> str:
    """The address of the preview: 催办 has one of its own, because it names whom it reaches."""
    return reverse("issues_chase") if action == "chase" else reverse("issues_bulk", args=[action])


def _found(request, action: str) -> BulkPage:
    """The issues ticked on the list, or else those of its conditions from whose state the action begins; and those that
    are sent, which may have moved on."""
    sent = [split_box(box)[0] for box in request.POST.getlist("chosen")[: bulk.MOST + 1]]
    if picked := request.GET.getlist("pick")[: bulk.MOST]:
        return BulkPage(bulk.issues_named(request.user, [*picked, *sent]), 0, is_picked=True)
    selection = select(request.user, request.GET, timezone.localdate())
    rows = selection.queryset.filter(state__in=TABLE.by_action[action].sources).order_by(*selection.order.by())
    listed = list(rows.values_list("number", flat=True)[: bulk.MOST])
    more = rows.count() - bulk.MOST if len(listed) == bulk.MOST else 0
    return BulkPage(bulk.issues_named(request.user, [*listed, *sent]), more)


def _carry_out(request, form: IssuesAtOnceForm, action: str):
    """Raises Refused where not one was done: nothing is kept then, and the page shows what was typed."""
    chosen = form.chosen_issues()
    change = bulk.perform_many(chosen=chosen, action=action, actor=request.user, now=timezone.now())
    label, refused = TABLE.by_action[action].label, len(change.refused)
    bulk.require_one_done(change, len(chosen))
    if done := len(chosen) - refused:
        messages.success(request, f"{label}：已办理 {done} 件。")
    if refused:
        messages.warning(request, f"{label}：{refused} 件没有办理，原因见下表。")
    return change.public_id


def _context(request, action: str, form: IssuesAtOnceForm, found: BulkPage) -> dict:
    lines = bulk.preview(issues=found.issues, action=action, actor=request.user)
    sent = {split_box(box)[0] for box in form.data.getlist("chosen")} if form.is_bound else None
    asks = not (found.is_picked or form.takes_all)
    rows = [
        {
            "line": line,
            "issue": line.issue,
            "ready": form.is_ready(line.issue),
            "ticked": _is_ticked(line, form, asks) if sent is None else line.issue.number in sent,
            "box": f"{line.issue.number}:{line.issue.version}",
        }
        for line in lines
    ]
    return {
        "act": TABLE.by_action[action],
        "form": form,
        "rows": rows,
        "asks": asks,
        "able": sum(not line.why for line in lines),
        "more": found.more,
        "most": bulk.MOST,
        "back_url": f"{reverse('issues')}?{list_query(request.GET.urlencode())}",
    }


def _is_ticked(line: bulk.BulkLine, form: IssuesAtOnceForm, asks: bool) -> bool:
    """Whether the box is ticked to begin with. What was used elsewhere is ticked by nobody but the person."""
    return form.is_ready(line.issue) and not line.reuse and not asks
