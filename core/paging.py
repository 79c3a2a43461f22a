"""How API lists are paged: by key, so that a page costs the same at any depth."""

from base64 import b64decode
from urllib.parse import parse_qs

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination, LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.views import APIView


class KeyPagination(CursorPagination):
    """Fifty rows a page, in the ``ordering`` of the view."""

    page_size = 50

    def decode_cursor(self, request: Request) -> Cursor | None:
        """DRF passes over one that holds nothing and answers the first page: who follows it would never end."""
        given = request.query_params.get(self.cursor_query_param)
        if given is not None:
            try:
                parts = set(parse_qs(b64decode(given, validate=True).decode("ascii"), keep_blank_values=True))
            except ValueError:
                parts = set()
            if not parts or parts - {"o", "r", "p"}:
                raise NotFound(self.invalid_cursor_message)
        return super().decode_cursor(request)

    def get_ordering(self, request: Request, queryset: QuerySet, view: APIView) -> tuple[str, ...]:
        return (view.ordering,) if isinstance(view.ordering, str) else view.ordering


class ListPagination(LimitOffsetPagination):
    """Fifty lines a page, or fewer by ``limit``, of a list that is computed as a whole; ``offset``: where it begins."""

    default_limit = max_limit = 50
