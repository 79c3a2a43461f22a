"""Lists of the API that have no filters of their own."""

from django.db.models import QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from core.exceptions import Refused

PAGING = ("cursor", "format")


def is_filtered(request: Request) -> bool:
    """Whether a list is asked for anything but one of its pages."""
    return bool(set(request.query_params) - set(PAGING))


class NoFilters(BaseFilterBackend):
    """A list without filters of its own refuses a parameter rather than passing over it."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: APIView) -> QuerySet:
        if not getattr(view, "detail", False) and is_filtered(request):
            raise Refused("这个列表没有查询条件，没有查询。", rule="filter")
        return queryset
