"""期满清除: what archived campaigns keep and until when, and the press of 安全管理员."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.rules import may_erase
from core.content_token import content_token
from core.forms import is_repeat, refusals
from home.domain.retention import LABELS, UNITS, due_words, erase_expired, kept_campaigns
from home.forms import EraseForm


@require_http_methods(["GET", "POST"])
def retention(request):
    if not may_erase(request.user):
        raise Http404
    if is_repeat(request):
        return redirect("retention")
    campaigns = kept_campaigns(timezone.now())
    due = due_words(campaigns)
    form = EraseForm(request.POST if request.method == "POST" else None, request=request, token=content_token(due))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            erased: list[dict[str, int]] = []
            form.once(request.user, "retention.erase", lambda: _press(request, form, erased))
            messages.success(request, _said(erased))
            return redirect("retention")
    context = {"campaigns": campaigns, "due": due, "form": form, "labels": LABELS.values()}
    return render(request, "home/retention.html", context, status=form.status)


def _press(request, form: EraseForm, erased: list) -> str:
    erased.append(erase_expired(actor=request.user, reason=form.cleaned_data["reason"]))
    return "erased"


def _said(erased: list[dict[str, int]]) -> str:
    if not erased:
        return "已经清除过了，没有重复办理。"
    done = "、".join(f"{LABELS[kind]} {count} {UNITS[kind]}" for kind, count in erased[0].items() if count)
    return f"已清除：{done}。"
