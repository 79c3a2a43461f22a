"""常用筛选 and 导出列: what a person keeps of the ledger's list, for the own use or for others."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.scope import scope_of
from core.exceptions import NotAllowed
from core.forms import is_repeat, refusals
from issues.columns import columns_named
from issues.domain import saved
from issues.enums import SavedKind
from issues.forms.saved import RemoveViewForm, RenameViewForm, SavedColumnsForm, SaveViewForm, ShownColumnsForm
from issues.models import SavedView
from issues.tables import chosen_by, filter_query, select, shown_columns


@require_safe
def issues_views(request):
    _require_post_held(request)
    today = timezone.localdate()
    everything = select(request.user, QueryDict(), today)
    rows = [
        {
            "view": view,
            "words": _words(view, everything, request.user, today),
            "may_change": saved.may_change(view, request.user),
        }
        for view in saved.saved_list(request.user)
        if view.kind != SavedKind.SHOWN
    ]
    return render(request, "issues/saved/list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def issues_view_add(request, kind):
    _require_post_held(request)
    if kind not in (SavedKind.FILTER, SavedKind.COLUMNS):
        raise Http404
    if is_repeat(request):
        return redirect("issues_views")
    query = filter_query(request.GET.get("list", ""))
    form, words = _form(request, kind), select(request.user, QueryDict(query), timezone.localdate()).words()
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made = {"user": request.user, "kind": kind}
            made |= {"query": query, "words": words} if kind == SavedKind.FILTER else {}
            made |= {"columns": form.cleaned_data.get("cols", []), **form.asked()}
            form.once(request.user, f"saved.{kind}", lambda: saved.save(**made).public_id)
            messages.success(request, f"已保存：{made['name']}。")
            return redirect(f"{reverse('issues')}?{query}" if kind == SavedKind.FILTER else "issues_views")
    context = {"form": form, "kind": SavedKind(kind).label, "back_url": f"{reverse('issues')}?{query}"}
    context |= {"words": words if kind == SavedKind.FILTER else []}
    return render(request, "issues/saved/add.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def issues_view(request, pk):
    view = _changeable(request, pk)
    if is_repeat(request):
        return redirect("issues_views")
    form = RenameViewForm(request.POST if request.method == "POST" else None, view=view)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            asked = {"name": form.cleaned_data["name"], "version": form.cleaned_data["version"]}
            form.once(
                request.user, f"saved.rename:{view.pk}", lambda: saved.rename(view=view, user=request.user, **asked)
            )
            messages.success(request, f"已改名为“{view.name}”。")
            return redirect("issues_views")
    context = {"view": view, "form": form}
    return render(request, "issues/saved/view.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def issues_view_remove(request, pk):
    """What deleting it means, and for whom; then it is deleted."""
    if is_repeat(request):
        return redirect("issues_views")
    view = _changeable(request, pk)
    form = RemoveViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.once(request.user, f"saved.remove:{view.pk}", lambda: saved.remove(view=view, user=request.user))
        messages.success(request, f"已删除“{view.name}”。台账上的问题没有变动。")
        return redirect("issues_views")
    return render(request, "issues/saved/remove.html", {"view": view, "form": form}, status=form.status)


@require_POST
def issues_columns(request):
    """The columns to begin with from now on; without any in the form, the usual ones again."""
    _require_post_held(request)
    form = ShownColumnsForm(request.POST)
    if form.is_valid():
        keys = form.cleaned_data["cols"]
        form.once(request.user, "saved.shown", lambda: saved.remember_columns(user=request.user, columns=keys))
        messages.success(request, "已记住显示的列，以后打开台账就是这些列。" if keys else "已恢复原来的列。")
    return redirect("issues")


def _form(request, kind: str) -> SaveViewForm:
    sent = (request.POST,) if request.method == "POST" else ()
    if kind == SavedKind.FILTER:
        return SaveViewForm(*sent, user=request.user)
    shown = shown_columns(request.GET, saved.saved_list(request.user))
    return SavedColumnsForm(*sent, user=request.user, columns=[column.key for column in shown])


def _require_post_held(request) -> None:
    if not scope_of(request.user).posts:
        raise Http404


def _changeable(request, pk) -> SavedView:
    """The one named, or 404 for whom it does not exist, 403 for whom it is only there to be used."""
    view = get_object_or_404(saved.saved_for(request.user).exclude(kind=SavedKind.SHOWN), public_id=pk)
    if not saved.may_change(view, request.user):
        raise NotAllowed("这一项由他人保存，您可以使用，不能改名或删除。", rule="saved.owner")
    return view


def _words(view: SavedView, everything, user, today) -> str:
    """The conditions or columns in words; of a filter that asks for what this person has no choice of, just that."""
    if view.kind == SavedKind.COLUMNS:
        return "、".join(column.label for column in columns_named(view.columns))
    if chosen_by(view, everything, user, today) is None:
        return "条件不在您可选的范围内，没有列为视图。"
    return "；".join(select(user, QueryDict(view.query), today, everything.choices).words())
