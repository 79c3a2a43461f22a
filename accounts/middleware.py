"""A session ends when idle, and ten hours after the sign-in whatever; a first password must be changed before anything
else."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.domain.sessions import why_over
from core.error_pages import is_api

UNCHANGED = {"detail": "首次登录须先在网页修改密码，没有办理。", "rule": "password", "fields": {}}


class SessionLimitMiddleware:
    """Ends a session that is over (``accounts.domain.sessions``); sends a new account to the password page. The API
    refuses both: it leads to no page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            if words := why_over(request.session):
                logout(request)
                if is_api(request):
                    return self.get_response(request)
                messages.info(request, words)
                return redirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()}, safe='/')}")
            allowed = {reverse("password"), reverse("logout")}
            if request.user.must_change_password and request.path not in allowed:
                if is_api(request):
                    return JsonResponse(UNCHANGED, status=403)
                return redirect("password")
        return self.get_response(request)
