"""Lists of the API that take the filters of their page."""

from abc import ABC, abstractmethod
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from core.api import etag
from core.api_filters import is_filtered


class FilteredViewSet(ReadOnlyModelViewSet, ABC):
    """A list with the filters of its page, and one record of it with its version (``ETag``)."""

    @abstractmethod
    def narrowed(self, queryset: QuerySet) -> QuerySet:
        """What the parameters ask for. Raises Refused for a name or a value that is not known."""

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset if self.detail or not is_filtered(self.request) else self.narrowed(queryset)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        record = self.get_object()
        return Response(self.get_serializer(record).data, headers=etag(record.version))
