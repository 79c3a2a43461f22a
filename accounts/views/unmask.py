"""查看未遮盖号码: a reason and the password first; the pages show the numbers for five minutes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.domain.unmasking import MINUTES, unmask
from accounts.forms.base import UnmaskForm
from accounts.rules import may_list_people

PEOPLE = "people"


@require_http_methods(["GET", "POST"])
def people_unmask(request):
    if not may_list_people(request.user):
        raise Http404
    return ask(request, what="人员手机号", object_type=PEOPLE, object_key="all", back_url=reverse("people"))


def ask(
    request: HttpRequest, *, what: str, object_type: str, object_key: str, back_url: str, in_file: bool = False
) -> HttpResponse:
    """The page that asks, or the way back once it was answered; the caller has found the record in scope. ``in_file``:
    the numbers stand in a file, on no page."""
    form = UnmaskForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        unmask(
            session=request.session,
            user=request.user,
            object_type=object_type,
            object_key=object_key,
            reason=form.cleaned_data["reason"],
        )
        shown = f"{MINUTES} 分钟内导出的{what}含完整号码" if in_file else f"号码显示 {MINUTES} 分钟"
        messages.success(request, f"{shown}，之后自动恢复遮盖。{'导出' if in_file else '查看'}记入审计。")
        return redirect(back_url)
    context = {"form": form, "what": what, "back_url": back_url, "minutes": MINUTES, "in_file": in_file}
    context["title"] = "导出未遮盖号码" if in_file else "查看未遮盖号码"
    return render(request, "accounts/unmask.html", context, status=form.status)
