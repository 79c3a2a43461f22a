"""A session ends when idle, and ten hours after the sign-in whatever; a first password must be changed before anything
else, and until then no token opens the API."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from rest_framework import authentication, exceptions, permissions

from accounts.domain import tokens
from accounts.domain.sessions import why_over
from accounts.enums import TokenScope
from accounts.models import ApiToken


class SessionLimitMiddleware:
    """Ends a session that is over (``accounts.domain.sessions``); sends a new account to the password page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            if words := why_over(request.session):
                logout(request)
                messages.info(request, words)
                return redirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()}, safe='/')}")
            allowed = {reverse("password"), reverse("logout")}
            if request.user.must_change_password and request.path not in allowed:
                return redirect("password")
        return self.get_response(request)


class TokenAuthentication(authentication.TokenAuthentication):
    """DRF's header, our tokens: ``request.auth`` is the ``ApiToken``."""

    def authenticate_credentials(self, key):
        now = timezone.now()
        token = tokens.token_of(key, now=now)
        if words := tokens.why_not(token, now):
            raise exceptions.AuthenticationFailed(words)
        return token.user, token


class ScopeOfToken(permissions.BasePermission):
    """A token that only reads changes nothing."""

    message = "该令牌只能读取，没有办理。需要办理的，请另建一个“读取和办理”的令牌。"

    def has_permission(self, request, view):
        reads = request.method in permissions.SAFE_METHODS
        return reads or not isinstance(request.auth, ApiToken) or request.auth.scope == TokenScope.ACT
