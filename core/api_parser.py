"""How the API reads what it is sent."""

from collections.abc import Mapping
from typing import IO

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """JSON that is nested deeper than anybody means is as unreadable as any other broken text."""

    def parse(self, stream: IO, media_type: str | None = None, parser_context: Mapping | None = None) -> object:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError from error
