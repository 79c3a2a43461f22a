"""意见建议: the list, writing one from any page, one with its answer."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.tabbed_list import TabbedList
from core.forms import is_repeat, refusals
from core.listing import Order
from manual.domain import suggestions as domain
from manual.domain.places import section_for
from manual.exports.lists import SUGGESTIONS
from manual.forms import SuggestionAnswerForm, SuggestionFilterForm, SuggestionForm

TABS = {"open": "待答复", "answered": "已答复", "all": "全部"}
LIST = TabbedList(
    form=SuggestionFilterForm,
    visible=domain.suggestions_visible_to,
    views=domain.suggestion_views,
    labels=TABS,
    first="all",
    order=Order("sent_at", ("sent_at", "id"), descending=True, public="public_id"),
    book=SUGGESTIONS,
    route="suggestions",
    template="manual/suggestions.html",
)


@require_safe
def suggestions(request):
    return LIST.page(request, answers=domain.may_answer(request.user))


@require_safe
def suggestions_export(request):
    return LIST.workbook(request)


@require_http_methods(["GET", "POST"])
def suggestion_add(request):
    """``?about=``: the name of the route of the page it is written on."""
    if is_repeat(request):
        return redirect("suggestions")
    route = request.GET.get("about", "")[:100]
    form = SuggestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            form.once(request.user, "suggestion", lambda: _send(request, route, form))
            messages.success(request, "已送系统管理员。答复后在“消息”中告知您。")
            return redirect("suggestions")
    context = {"form": form, "section": section_for(route)}
    return render(request, "manual/suggestion_add.html", context, status=form.status)


def _send(request, route: str, form: SuggestionForm) -> str:
    sent = domain.send(author=request.user, route=route, text=form.cleaned_data["text"], now=timezone.now())
    return str(sent.public_id)


@require_http_methods(["GET", "POST"])
def suggestion(request, pk):
    """One with its answer; 系统管理员 answers it here."""
    visible = domain.suggestions_visible_to(request.user).select_related("author", "answered_by")
    shown = get_object_or_404(visible, public_id=pk)
    if is_repeat(request):
        return redirect("suggestion", pk)
    form = SuggestionAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        domain.require_answerer(request.user)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            form.once(request.user, f"suggestion.answer:{shown.pk}", lambda: _answer(request, shown, form))
            messages.success(request, "已答复，提出人在“消息”中收到。")
            return redirect("suggestion", pk)
    context = {"shown": shown, "form": form, "answers": domain.may_answer(request.user) and not shown.answered_at}
    return render(request, "manual/suggestion.html", context, status=form.status)


def _answer(request, shown, form: SuggestionAnswerForm) -> str:
    domain.answer(suggestion=shown, actor=request.user, text=form.cleaned_data["answer"], now=timezone.now())
    return str(shown.public_id)
