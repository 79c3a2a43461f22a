"""Every page and file a person can open by GET, as bytes, with the number of queries it took."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.access.table import POLICY
from tests.access.world import World
from tests.twin.world import CANARY

MASKS = (
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(rb'name="idempotency_key" value="[^"]*"'),
    re.compile(rb"nonce-[A-Za-z0-9+/=_-]+"),
    re.compile(rb"<b>[0-9A-F]{6}</b>"),
)
LINK = re.compile(r'href="([^"#]+)')
# Signed positions carry the moment of signing.
SIGNED = re.compile(r"[?&](after|before)=")
ASKED = ("walks", "issues", "reports", "home", "notices", "campaigns")
LINKS_AT_MOST = 25


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple
    body: bytes
    queries: int


def addresses(world: World) -> list[str]:
    """Every GET route with the county's objects, the county beside it and absent ids; searches for the canary."""
    found = []
    for name, row in POLICY.items():
        if row.get is None:
            continue
        for relation in ("own", "absent") if row.kind else ("own",):
            arguments = (world.objects[relation][row.kind] if row.kind else {}) | row.extra
            found.append(reverse(name.split(":")[0], kwargs=arguments))
    found += [f"{reverse(name)}?q={word}" for name in ASKED for word in (CANARY, "寻常事项")]
    found += [f"{reverse('walks')}?tab=all&since=2022-06-15&until=2022-06-15", f"{reverse('walks')}?tab=planned"]
    return list(dict.fromkeys(found))


def crawl(user, world: World, *, only: str = "") -> dict[str, Answer]:
    """{address: answer} of everything ``addresses`` names and the links found there; ``only``: a part of the path."""
    browser = Client(raise_request_exception=False)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    waiting = [address for address in addresses(world) if only in address]
    answers: dict[str, Answer] = {}
    linked = 0
    while waiting:
        address = waiting.pop(0)
        if address in answers:
            continue
        answers[address] = answer = ask(browser, address)
        for link in links(address, answer):
            if link not in answers and link not in waiting and only in link and linked < LINKS_AT_MOST:
                linked += 1
                waiting.append(link)
    return answers


def ask(browser: Client, address: str) -> Answer:
    reset_queries()  # The log keeps 9000, beyond that it would miscount.
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
    for mask in MASKS:
        body = mask.sub(b"", body)
    headers = tuple(
        (name, MASKS[2].sub(b"", value.encode()).decode())
        for name, value in sorted(response.headers.items())
        if name != "Set-Cookie"
    )
    return Answer(response.status_code, headers, body, len(queries))


def links(address: str, answer: Answer) -> list[str]:
    """Addresses of this site an HTML page leads to."""
    if not dict(answer.headers).get("Content-Type", "").startswith("text/html"):
        return []
    found = []
    for href in LINK.findall(answer.body.decode()):
        link = urljoin(address, unescape(href))
        if not urlsplit(link).netloc and not link.startswith("/static/") and not SIGNED.search(link):
            found.append(link)
    return list(dict.fromkeys(found))


def differences(one: dict[str, Answer], other: dict[str, Answer]) -> list[str]:
    """What the second world tells that the first does not, an address a line."""
    found = [f"{address}: only in one world" for address in sorted(set(one) ^ set(other))]
    for address in sorted(set(one) & set(other)):
        for part in ("status", "headers", "body", "queries"):
            if getattr(one[address], part) != getattr(other[address], part):
                found.append(f"{address}: {part} {_shown(one[address], part)} / {_shown(other[address], part)}")
    return found


def _shown(answer: Answer, part: str) -> str:
    value = getattr(answer, part)
    return f"{len(value)} bytes" if part == "body" else str(value)
