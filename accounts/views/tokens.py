"""接口令牌: a person's own keys for programs."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.domain import tokens as domain
from accounts.forms.tokens import TokenForm
from core.exceptions import DomainError
from core.forms import is_repeat, refusals

SHOWN = "已经建立过，令牌只显示一次。没有记下的，请停用后重新建立。"


@require_safe
def tokens(request):
    rows = domain.token_rows(request.user, timezone.localdate())
    return render(request, "accounts/tokens.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def token_add(request):
    if is_repeat(request):
        messages.info(request, SHOWN)
        return redirect("tokens")
    form = TokenForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made = []
            form.once(request.user, "token", lambda: _make(request, form, made))
            if not made:
                messages.info(request, SHOWN)
                return redirect("tokens")
            return render(request, "accounts/token_made.html", {"token": made[0][0], "key": made[0][1]})
    return render(request, "accounts/token_add.html", {"form": form}, status=form.status)


@require_POST
def token_end(request, pk):
    found = get_object_or_404(domain.tokens_of(request.user), pk=pk)
    try:
        domain.end_token(token=found, user=request.user, now=timezone.now())
        messages.success(request, f"令牌“{found.purpose}”已停用。")
    except DomainError as error:
        messages.warning(request, error.words_for(request.user))
    return redirect("tokens")


def _make(request, form: TokenForm, made: list) -> str:
    asked = {name: form.cleaned_data[name] for name in ("purpose", "scope", "expires_on")}
    made.append(domain.make_token(user=request.user, now=timezone.now(), **asked))
    return str(made[0][0].pk)
