"""Who a request of the API comes from, and what a token never does."""

from django.utils import timezone
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from accounts.domain import tokens
from accounts.enums import TokenScope
from accounts.models import ApiToken
from core.exceptions import NotAllowed


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


def refuse_token(request: Request, act: str) -> None:
    """Raise NotAllowed for a request with a token: ``act`` (销号) asks for the password of a person on the page, and a
    program has none."""
    if isinstance(request.auth, ApiToken):
        raise NotAllowed(f"{act}须由本人登录网页，输入密码办理，令牌不能代办。没有办理。", rule="token.never")
