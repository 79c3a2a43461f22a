"""Sign-in, sign-out and the change of one's own password."""

import time

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.domain import passwords
from accounts.domain.first_start import is_open
from accounts.domain.people import signed_in
from accounts.domain.sessions import SIGNED_IN
from accounts.forms.base import ChangePasswordForm, SignInForm


class SignIn(LoginView):
    """Django's sign-in, which rotates the session, with an audit entry."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm

    def get(self, request, *args, **kwargs):
        """An empty system begins with the page that makes its administrators."""
        return redirect("start") if is_open() else super().get(request, *args, **kwargs)

    def form_valid(self, form):
        response = super().form_valid(form)
        self.request.session[SIGNED_IN] = int(time.time())
        signed_in(user=form.get_user())
        return response

    def form_invalid(self, form):
        passwords.note_failure(self.request, form.data.get("username", ""))
        return super().form_invalid(form)


LOCKED = "密码连续输错 5 次，账号已锁定 10 分钟，没有办理。请稍后再试。"
login = login_not_required(require_http_methods(["GET", "POST"])(SignIn.as_view()))
logout = LogoutView.as_view()


@login_not_required
def locked_out(request, original_response=None, credentials=None):
    """Five wrong passwords, at the sign-in or where the password is asked again: this account is locked for ten minutes
    from this address."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": LOCKED, "rule": "locked", "fields": {}}, status=429)
    return render(request, "accounts/locked.html", {"status": 429}, status=429)


@require_http_methods(["GET", "POST"])
def password(request):
    form = ChangePasswordForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        passwords.change(user=request.user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已修改。")
        return redirect("home")
    return render(request, "accounts/password.html", {"form": form})
