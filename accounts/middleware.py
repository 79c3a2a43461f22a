"""A session ends when idle, and ten hours after the sign-in whatever; a first password must be changed before anything
else, and until then no token opens the API."""

import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse
from rest_framework import authentication, exceptions

SEEN = "last_seen_at"
SIGNED_IN = "signed_in_at"
IDLE = "长时间未操作，已自动退出。已填写的内容保留在本机，重新登录后可继续。"
OVER = "登录已满 10 小时，已自动退出。已填写的内容保留在本机，重新登录后可继续。"


class SessionLimitMiddleware:
    """Ends a session idle for SESSION_IDLE_SECONDS or older than SESSION_LONGEST_SECONDS; sends a new account to the
    password page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(time.time())
            last = request.session.get(SEEN, now)
            words = IDLE if now - last > settings.SESSION_IDLE_SECONDS else ""
            if now - request.session.get(SIGNED_IN, now) > settings.SESSION_LONGEST_SECONDS:
                words = OVER
            if words:
                logout(request)
                messages.info(request, words)
                return redirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()}, safe='/')}")
            # Written once a minute, so that not every request is a write.
            if now - last > 60 or SEEN not in request.session:
                request.session[SEEN] = now
                request.session.setdefault(SIGNED_IN, now)
            allowed = {reverse("password"), reverse("logout")}
            if request.user.must_change_password and request.path not in allowed:
                return redirect("password")
        return self.get_response(request)


class TokenAuthentication(authentication.TokenAuthentication):
    """DRF's, but for an account whose password must be changed first."""

    def authenticate_credentials(self, key):
        user, token = super().authenticate_credentials(key)
        if user.must_change_password:
            raise exceptions.AuthenticationFailed("请先登录网页修改密码，修改以前令牌不能使用。")
        return user, token
