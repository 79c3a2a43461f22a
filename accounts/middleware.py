"""An idle session is signed out; a first password must be changed before anything else."""

import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.urls import reverse

SEEN = "last_seen_at"


class SessionLimitMiddleware:
    """Ends a session idle for SESSION_IDLE_SECONDS; sends a new account to the password page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(time.time())
            last = request.session.get(SEEN, now)
            if now - last > settings.SESSION_IDLE_SECONDS:
                logout(request)
                messages.info(request, "长时间未操作，已自动退出。已填写的内容保留在本机，重新登录后可继续。")
                return redirect(f"{reverse('login')}?{urlencode({'next': request.get_full_path()}, safe='/')}")
            # Written once a minute, so that not every request is a write.
            if now - last > 60 or SEEN not in request.session:
                request.session[SEEN] = now
            allowed = {reverse("password"), reverse("logout")}
            if request.user.must_change_password and request.path not in allowed:
                return redirect("password")
        return self.get_response(request)
