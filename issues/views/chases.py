"""催办: several issues of a list at once, with a preview; the list of chases and its workbook."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.tabbed_list import TabbedList
from core.exceptions import NotAllowed
from core.forms import is_repeat, refusals
from core.idempotency import FIELD, seen
from core.listing import Order
from issues.domain.bulk import issues_named, require_one_done
from issues.domain.chases import queries
from issues.domain.chases.many import AT_ONCE, chase_many, may_chase, preview
from issues.exports.lists import CHASES
from issues.forms.chases import TABS, BulkChaseForm, ChaseFilterForm
from issues.tables import list_query, select

LIST = TabbedList(
    form=ChaseFilterForm,
    visible=queries.chases_visible_to,
    views=lambda user, today: queries.views_of(user),
    labels=TABS,
    first="all",
    order=Order("chased_at", ("chased_at", "id"), descending=True, public="public_id"),
    book=CHASES,
    route="chases",
    template="issues/chases/list.html",
)


@require_http_methods(["GET", "POST"])
def issues_chase(request):
    """What chasing the issues of a list would do; then each by itself."""
    if not may_chase(request.user):
        raise NotAllowed("催办由牵头单位或统筹办办理。", rule="issue.chase")
    back = f"{reverse('issues')}?{list_query(request.GET.urlencode())}"
    if is_repeat(request):
        return redirect("issues_change", seen(user=request.user, key=request.POST[FIELD]))
    issues, total = _chosen(request)
    sent = request.POST if request.method == "POST" else None
    form = BulkChaseForm(sent, numbers=[issue.number for issue in issues])
    if sent is not None and form.is_valid():
        with refusals(form):
            change, _ = form.once(request.user, "issues.chase", lambda: _chase(request, form, issues))
            return redirect("issues_change", change)
    lines = preview(request.user, issues, timezone.localdate())
    context = {"form": form, "lines": lines, "total": total, "most": AT_ONCE, "back_url": back}
    context["ready"] = sum(not line.why_not for line in lines)
    context["ticked"] = sent.getlist("chosen") if sent else [line.issue.number for line in lines if not line.earlier]
    return render(request, "issues/chases/preview.html", context, status=form.status)


def _chosen(request) -> tuple[list, int]:
    """The issues ticked on the list, or else the first of its conditions, in its order, and those that are sent, which
    may have moved on; and how many the person asked for."""
    sent = request.POST.getlist("chosen")[:AT_ONCE]
    if picked := request.GET.getlist("pick")[:AT_ONCE]:
        named = issues_named(request.user, [*picked, *sent])
        return named, len(named)
    selection = select(request.user, request.GET, timezone.localdate())
    listed = list(selection.queryset.order_by(*selection.order.by()).values_list("number", flat=True)[:AT_ONCE])
    return issues_named(request.user, [*listed, *sent]), selection.queryset.order_by().count()


def _chase(request, form: BulkChaseForm, issues: list) -> str:
    data = form.cleaned_data
    chosen = [issue for issue in issues if issue.number in data["chosen"]]
    change = chase_many(issues=chosen, words=data["note"], again=data["again"], actor=request.user)
    require_one_done(change, len(chosen))
    refused = len(change.refused)
    if done := len(chosen) - refused:
        messages.success(request, f"已催办 {done} 件。")
    if refused:
        messages.warning(request, f"{refused} 件没有催办，原因见下表。")
    return str(change.public_id)


@require_safe
def chases(request):
    return LIST.page(request)


@require_safe
def chases_export(request):
    return LIST.workbook(request)
