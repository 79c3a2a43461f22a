"""Taking an action on an issue as a person does: on its page, with its button."""

import io

from django.urls import reverse
from PIL import Image

from tests.cast import PASSWORD


def url_of(issue, action: str) -> str:
    return reverse("issue_act", args=[issue.number, action])


def send(client, user, issue, action: str, query: str = "", **data):
    """Open the page as the person and press its button; returns the answer."""
    client.force_login(user)
    page = client.get(url_of(issue, action))
    hidden = {}
    if page.status_code == 200:
        form = page.context["form"]
        hidden = {"version": form["version"].value(), "idempotency_key": form["idempotency_key"].value()}
    return client.post(url_of(issue, action) + query, {"password": PASSWORD, **hidden, **data})


def photo(name: str = "现场.jpg") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    out.seek(0)
    out.name = name
    return out
