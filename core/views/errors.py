"""Error pages. The page for what does not exist is the same as the page for what may not be seen."""

import logging

from django.shortcuts import render

from core.middleware import error_code

logger = logging.getLogger(__name__)


def _page(request, status: int, template: str):
    code = error_code()
    logger.info("error page %s status=%s", code, status)
    return render(request, template, {"code": code, "status": status}, status=status)


def bad_request(request, exception=None):
    return _page(request, 400, "errors/400.html")


def forbidden(request, exception=None):
    return _page(request, 403, "errors/403.html")


def not_found(request, exception=None):
    """No code on this page: its bytes must not tell a hidden record from an absent one."""
    return render(request, "errors/404.html", {"status": 404}, status=404)


def server_error(request):
    code = error_code()
    logger.error("server error %s", code)
    return render(request, "errors/500.html", {"code": code, "status": 500}, status=500)


def csrf_failure(request, reason=""):
    return _page(request, 403, "errors/csrf.html")
