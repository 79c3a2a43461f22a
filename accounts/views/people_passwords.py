"""初始密码: one-time passwords for accounts that never had one, shown once as a list to be handed out."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.domain.passwords import AT_ONCE, ONE_TIME_LASTS, give_first_passwords, without_password
from accounts.forms.people import FirstPasswordsForm
from accounts.models import User
from accounts.rules import may_keep_people
from accounts.views.one_time import SHOWN
from core.forms import is_repeat, refusals


@require_http_methods(["GET", "POST"])
def people_passwords(request):
    if not may_keep_people(request.user):
        raise Http404
    if is_repeat(request):
        messages.warning(request, SHOWN)
        return redirect("people")
    form = FirstPasswordsForm(request.POST if request.method == "POST" else None, request=request)
    context = {"form": form, "waiting": without_password(request.user).count(), "at_once": AT_ONCE}
    context["days"] = ONE_TIME_LASTS.days
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made: list[tuple[User, str]] = []
            _, _ = form.once(request.user, "people.passwords", lambda: _give(request, made))
            left = context["waiting"] - len(made)
            return render(request, "accounts/one_time_many.html", context | {"made": made, "left": left})
    return render(request, "accounts/people_passwords.html", context, status=form.status)


def _give(request, made: list[tuple[User, str]]) -> int:
    made.extend(give_first_passwords(actor=request.user))
    return len(made)
