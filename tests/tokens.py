"""Tokens of the API as tests use them."""

from datetime import timedelta

from django.utils import timezone

from accounts.domain.tokens import make_token
from accounts.enums import TokenScope
from accounts.models import User


def key_for(user: User, scope: str = TokenScope.ACT) -> str:
    """The key of a new token that works for a month."""
    now = timezone.now()
    last_day = timezone.localtime(now).date() + timedelta(days=30)
    return make_token(user=user, purpose="测试", scope=scope, expires_on=last_day, now=now)[1]
