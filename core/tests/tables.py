"""What the tests of the three import pages share."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.idempotency import new_key


def sheet(text: str, name: str = "表.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("utf-8"), content_type="text/csv")


def send(client: Client, url: str, text: str, **fields):
    """Upload a table; follows to the preview when there is one. A region the form knows itself is sent along."""
    known = re.search(r'type="hidden" name="region" value="([^"]*)"', client.get(url).text)
    fields = ({"region": known.group(1)} if known else {}) | fields
    return client.post(url, {"idempotency_key": new_key(), "file": sheet(text), **fields}, follow=True)


def confirm(client: Client, shown, **changes):
    """Press the button of a preview page as the browser would; follows to the result."""
    posted = {name: value(shown, name) for name in ("idempotency_key", "seen")} | changes
    return client.post(shown.request["PATH_INFO"], posted, follow=True)


def value(shown, name: str) -> str:
    """The value of a hidden field of a page."""
    return re.search(rf'name="{name}" value="([^"]*)"', shown.text).group(1)


def outcomes(shown) -> dict[str, str]:
    """{name: outcome} of every line of a preview, whatever the tab."""
    return {line["name"]: line["outcome"] for line in shown.context["shown"]["lines"]}


def cells(shown, name: str) -> dict[str, tuple[str, str]]:
    """{column: (before, after)} of one line."""
    [line] = [line for line in shown.context["shown"]["lines"] if line["name"] == name]
    return {column: (before, after) for column, before, after in line["cells"]}
