"""How API lists are paged: by key, so that a page costs the same at any depth."""

from django.db.models import QuerySet
from rest_framework.pagination import CursorPagination, LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.views import APIView


class KeyPagination(CursorPagination):
    """Fifty rows a page, in the ``ordering`` of the view."""

    page_size = 50

    def get_ordering(self, request: Request, queryset: QuerySet, view: APIView) -> tuple[str, ...]:
        return (view.ordering,) if isinstance(view.ordering, str) else view.ordering


class ListPagination(LimitOffsetPagination):
    """Fifty lines a page, or fewer by ``limit``, of a list that is computed as a whole; ``offset``: where it begins."""

    default_limit = max_limit = 50
