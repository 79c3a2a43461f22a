"""How the API reads what it is sent."""

from collections.abc import Mapping
from typing import IO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """JSON that is nested deeper than anybody means is as unreadable as any other broken text; one longer than a form
    of the pages may be is not read: REST framework reads a body of any length into memory."""

    def parse(self, stream: IO, media_type: str | None = None, parser_context: Mapping | None = None) -> object:
        request = (parser_context or {}).get("request")
        length = request.META.get("CONTENT_LENGTH") if request is not None else None
        if str(length or 0).isdecimal() and int(length or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error
