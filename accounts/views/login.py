"""Sign-in, sign-out and the change of one's own password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.domain.people import password_changed, signed_in
from accounts.forms import ChangePasswordForm, SignInForm


class SignIn(LoginView):
    """Django's sign-in, which rotates the session, with an audit entry."""

    template_name = "accounts/login.html"
    authentication_form = SignInForm

    def form_valid(self, form):
        response = super().form_valid(form)
        signed_in(user=form.get_user(), ip=self.request.META.get("REMOTE_ADDR"))
        return response


login = login_not_required(require_http_methods(["GET", "POST"])(SignIn.as_view()))
logout = LogoutView.as_view()


@login_not_required
def locked_out(request, original_response=None, credentials=None):
    """Five wrong passwords: this account is locked for ten minutes from this address."""
    return render(request, "accounts/locked.html", {"status": 429}, status=429)


@require_http_methods(["GET", "POST"])
def password(request):
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        password_changed(user=request.user)
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已修改。")
        return redirect("home")
    return render(request, "accounts/password.html", {"form": form})
