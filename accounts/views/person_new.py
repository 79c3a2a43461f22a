"""One new account: for 系统管理员. Its one-time password is shown once, by the press that made it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.domain.new_account import create_account
from accounts.forms.people import NewPersonForm
from accounts.models import User
from accounts.rules import may_keep_people
from accounts.views.one_time import SHOWN, show
from core.forms import is_repeat, refusals


@require_http_methods(["GET", "POST"])
def person_new(request):
    if not may_keep_people(request.user):
        raise Http404
    if is_repeat(request):
        messages.warning(request, SHOWN)
        return redirect("people")
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made: list[tuple[User, str]] = []
            _, _ = form.once(request.user, "person.new", lambda: _create(request, form, made))
            return show(request, *made[0], back="people") if made else redirect("people")
    return render(request, "accounts/person_new.html", {"form": form}, status=form.status)


def _create(request, form: NewPersonForm, made: list[tuple[User, str]]) -> int:
    made.append(create_account(wanted=form.wanted, actor=request.user))
    return made[0][0].pk
