"""Signed-in pages are private; domain errors become readable answers with the right status."""

import logging
import secrets

from django.shortcuts import render

from core.exceptions import DomainError

logger = logging.getLogger(__name__)


def error_code() -> str:
    """Six characters that stand on the error page and in the log line beside it."""
    return secrets.token_hex(3).upper()


class PrivatePagesMiddleware:
    """No shared cache may show one person's page to another (trust.md A5)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response


class DomainErrorMiddleware:
    """Render a DomainError that no form caught as a page with its own status."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, DomainError):
            return None
        code = error_code()
        logger.info("refused %s rule=%s status=%s", code, exception.rule or "-", exception.status)
        context = {"title": exception.title, "message": exception.message, "code": code, "status": exception.status}
        return render(request, "errors/refused.html", context, status=exception.status)
