"""A unit is asked to look back: asking from the issue, the list with its workbook, one request with the beginning of
its walk, taking it back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scope import scope_of
from accounts.views.tabbed_list import TabbedList
from core.exceptions import DomainError, NotAllowed
from core.forms import is_repeat, refusals
from core.listing import Order
from issues.domain.lookback import asking, queries
from issues.domain.lookback import lifecycle as life
from issues.domain.lookback.draws import draws_in, require_office
from issues.domain.queries import issues_visible_to
from issues.exports.lists import REQUESTS
from issues.forms.lookback import REQUEST_TABS, AskUnitForm, RequestFilterForm, WithdrawRequestForm
from issues.models import LookBackRequest
from issues.views.issue import seen_issue
from issues.views.lookback import rewalk_form, start_for
from walks.rules import may_start

LIST = TabbedList(
    form=RequestFilterForm,
    visible=asking.requests_visible_to,
    views=queries.views_of_requests,
    labels=REQUEST_TABS,
    first="waiting",
    order=Order("due_on", ("due_on", "id"), public="public_id"),
    book=REQUESTS,
    route="look_back_requests",
    template="issues/lookback/requests.html",
)


@require_safe
def look_back_requests(request):
    return LIST.page(request)


@require_safe
def look_back_requests_export(request):
    return LIST.workbook(request)


@require_http_methods(["GET", "POST"])
def look_back_ask(request, number):
    found = seen_issue(request, number)
    require_office(request.user, found.campaign)
    if is_repeat(request):
        return redirect("issue", number)
    asking.require_askable(found, request.user)
    form = AskUnitForm(request.POST if request.method == "POST" else None, user=request.user, issue=found)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            data = {name: form.cleaned_data[name] for name in ("department", "due_on", "note")}
            act = lambda: str(asking.ask(issue=found, actor=request.user, **data).public_id)  # noqa: E731
            made, _ = form.once(request.user, f"look_back.ask:{found.pk}", act)
            messages.success(request, f"已安排{data['department']}回头看，已通知该单位。")
            return redirect("look_back_request", made)
    return render(request, "issues/lookback/ask.html", {"issue": found, "form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
def look_back_request(request, pk):
    """What is asked of a unit; its people begin the walk here."""
    shown = _seen(request, pk)
    if request.method == "POST":
        _require_own(request.user, shown)
    if is_repeat(request):
        return redirect("look_back_request", pk)
    why, form = _why_not(request.user, shown), None
    if request.method == "POST" or not why:
        form = rewalk_form(request, shown.issue, shown.department_id)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            asking.require_open(shown)
            life.require_open(shown.issue, request.user)
            walk, _ = form.once(
                request.user, f"look_back.start:{shown.issue_id}", lambda: start_for(request.user, shown.issue, form)
            )
            messages.success(request, "已开始回头看体验，走完后在本页填写结论。")
            return redirect("walk", walk)
    context = {
        "shown": shown,
        "facts": _facts(request.user, shown),
        "start": form,
        "why": why,
        **_offered(request.user, shown),
    }
    return render(request, "issues/lookback/request.html", context, status=form.status if form else 200)


@require_http_methods(["GET", "POST"])
def look_back_request_withdraw(request, pk):
    shown = _seen(request, pk)
    require_office(request.user, shown.issue.campaign)
    if is_repeat(request):
        return redirect("look_back_request", pk)
    asking.require_open(shown)
    form = WithdrawRequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            reason = form.cleaned_data["reason"]
            act = lambda: asking.withdraw(request=shown, reason=reason, actor=request.user).pk  # noqa: E731
            form.once(request.user, f"look_back.withdraw:{shown.pk}", act)
            messages.success(request, "已撤回，已通知该单位。")
            return redirect("look_back_request", pk)
    return render(request, "issues/lookback/withdraw.html", {"form": form, "shown": shown}, status=form.status)


def _seen(request, pk) -> LookBackRequest:
    rows = asking.requests_visible_to(request.user).select_related(*asking.NAMED)
    return get_object_or_404(rows, public_id=pk)


def _is_own(user, shown: LookBackRequest) -> bool:
    return shown.department_id in scope_of(user).units and may_start(user)


def _require_own(user, shown: LookBackRequest) -> None:
    if not _is_own(user, shown):
        raise NotAllowed("回头看由所安排的单位开展，您没有此项权限。", rule="look_back.asked")


def _why_not(user, shown: LookBackRequest) -> str:
    """Why this person begins no walk here now, in words; "" where they do."""
    try:
        _require_own(user, shown)
        asking.require_open(shown)
        life.require_open(shown.issue, user)
    except DomainError as error:
        return error.words_for(user)
    return ""


def _facts(user, shown: LookBackRequest) -> dict:
    [row] = queries.request_rows(asking.requests_visible_to(user).filter(pk=shown.pk), today=timezone.localdate())
    return row


def _offered(user, shown: LookBackRequest) -> dict:
    """What the person may do, and whether they see the issue itself."""
    waits = asking.open_requests().filter(pk=shown.pk).exists()
    return {
        "withdraws": waits and draws_in(user, shown.issue.campaign),
        "is_own": _is_own(user, shown),
        "sees_issue": issues_visible_to(user).filter(pk=shown.issue_id).exists(),
    }
