"""What every API view shares: domain errors as JSON, in the same words as the pages."""

from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

from core.exceptions import DomainError


def exception_handler(exc, context):
    """``{"detail", "rule", "fields"}`` with the error's own status for a DomainError, DRF's answer otherwise."""
    if isinstance(exc, DomainError):
        body = {"detail": exc.message, "rule": exc.rule, "fields": exc.fields}
        return Response(body, status=exc.status)
    return drf_handler(exc, context)
