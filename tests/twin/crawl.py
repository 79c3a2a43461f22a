"""What a person is answered, page and file and refusal, as bytes, with the number of queries it took."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.access.table import POLICY
from tests.access.world import World
from tests.scale import sample_of, scaled
from tests.twin.world import CANARY

MASKS = (
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'),
    # The broker of a busy machine is slow just now.
    re.compile(rb'<div class="offline-bar" role="status">.*?</div>'),
    # What the machine does meanwhile, on the page of the system administrator.
    re.compile(rb'<section class="slow-pages">.*?</section>', re.DOTALL),
    re.compile("所在磁盘剩余[^；<]*|[0-9]+ 项等待执行".encode()),
    re.compile(rb'name="idempotency_key" value="[^"]*"'),
    re.compile(rb"nonce-[A-Za-z0-9+/=_-]+"),
    re.compile(rb"<b>[0-9A-F]{6}</b>"),
)
LINK = re.compile(r'href="([^"#]+)')
# Signed positions carry the moment of signing.
SIGNED = re.compile(r"[?&](after|before)=")
ASKED = ("walks", "issues", "reports", "home", "notices", "campaigns")
LINKS_AT_MOST = 30


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple
    body: bytes
    queries: int


def addresses(world: World) -> list[str]:
    """Every GET route with the county's objects; searches for the canary."""
    found = []
    for name, row in POLICY.items():
        if row.get is None:
            continue
        arguments = (world.objects["own"][row.kind] if row.kind else {}) | row.extra
        found.append(reverse(name.split(":")[0], kwargs=arguments))
    found += [f"{reverse(name)}?q={word}" for name in ASKED for word in (CANARY, "寻常事项")]
    found += [f"{reverse('walks')}?tab=all&since=2022-06-15&until=2022-06-15", f"{reverse('walks')}?tab=planned"]
    found.append(f"{reverse('api-submission-list')}?campaign=QH2022&period=2022-06")
    found.append(f"{reverse('issues_bulk', args=['approve_closing'])}?tab=closing")
    merging = reverse("unit_merge", kwargs=world.objects["own"]["unit"])
    found.append(f"{merging}?into=县民政和养老服务局&on=2022-06-01&document=县委编办文")
    return list(dict.fromkeys(found))


def some_addresses(world: World) -> tuple[str, ...]:
    """A quarter of ``addresses``, others on each database and with each seed; in ``make soak`` all."""
    found = addresses(world)
    return sample_of(found, scaled(len(found) // 4, len(found)), of=f"addresses {connection.vendor}")


def crawl(
    user, world: World, *, only: str = "", but: str = "/nothing/", also=(), most_links: int = LINKS_AT_MOST, among=None
) -> dict[str, Answer]:
    """{address: answer} of everything ``addresses`` names (or of those ``among`` them), of ``also``, and of so many
    links found there; ``only``: a part of the path, ``but``: a part it has not. ``user`` None is a visitor."""
    browser = browser_of(user)
    named = addresses(world) if among is None else among
    waiting = [address for address in (*named, *also) if only in address and but not in address]
    answers: dict[str, Answer] = {}
    linked = 0
    while waiting:
        address = waiting.pop(0)
        if address in answers:
            continue
        answers[address] = answer = ask(browser, address)
        for link in links(address, answer):
            if link not in answers and link not in waiting and only in link and but not in link and linked < most_links:
                linked += 1
                waiting.append(link)
    return answers


class Count:
    """How many queries ran: Django's own log writes each of them out, which takes longer than the page."""

    def __init__(self):
        self.queries = 0

    def __call__(self, execute, *question):
        self.queries += 1
        return execute(*question)


def browser_of(user) -> Client:
    browser = Client(raise_request_exception=False)
    if user is not None:
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def ask(browser: Client, address: str, data: dict | None = None) -> Answer:
    """The answer to GET, or to POST with ``data``."""
    count = Count()
    with connection.execute_wrapper(count):
        response = browser.get(address) if data is None else browser.post(address, data)
        whole = b"".join(response.streaming_content) if response.streaming else response.content
    body = whole
    for mask in MASKS:
        body = mask.sub(b"", body)
    headers = tuple(
        # What is masked counts nowhere: nine messages that wait and ten differ in length.
        (name, str(len(body)) if (name, value) == ("Content-Length", str(len(whole))) else value)
        for name, value in sorted(response.headers.items())
        if name != "Set-Cookie"
    )
    return Answer(response.status_code, headers, body, count.queries)


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
        found += [
            f"{address}: {part} {_shown(one[address], part)} / {_shown(other[address], part)}"
            for part in ("status", "headers", "body", "queries")
            if getattr(one[address], part) != getattr(other[address], part)
        ]
    return found


def _shown(answer: Answer, part: str) -> str:
    value = getattr(answer, part)
    return f"{len(value)} bytes" if part == "body" else str(value)
