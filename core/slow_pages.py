"""Which pages were slow lately: kept in the broker by route, without who asked or for what."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from core import broker_state, heartbeat

SLOW_SECONDS = 1.0
KEPT = 500
SHOWN = 10
KEY = "walkthrough:slow-pages"


def unlisted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose use alone tells what most may not know (暗访): it is never noted. Stands above other decorators."""
    view.is_unlisted = True  # type: ignore[attr-defined]  # read by the middleware
    return view


class SlowPagesMiddleware:
    """Side effect: a page that took longer than SLOW_SECONDS is noted; the others cost two readings of the clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        took, found = time.perf_counter() - began, request.resolver_match
        if took >= SLOW_SECONDS and found is not None and not getattr(found.func, "is_unlisted", False):
            note(found.route, took)
        return response


@dataclass(frozen=True)
class SlowPage:
    """``route``: the pattern of its address; ``times`` among those kept; ``slowest`` in seconds; ``last``: when."""

    route: str
    times: int
    slowest: float
    last: datetime


def note(route: str, seconds: float) -> None:
    """Keep one; the oldest beyond KEPT goes. While the broker does not answer nothing is kept."""
    if broker_state.is_down():
        return
    entry = json.dumps([route, round(seconds, 2), round(time.time())])
    try:
        with heartbeat.broker_client() as client, client.pipeline(transaction=False) as pipe:
            pipe.lpush(KEY, entry).ltrim(KEY, 0, KEPT - 1).execute()
    except (RedisError, OSError):
        return


def slowest() -> list[SlowPage]:
    """The SHOWN routes that took longest, among the last KEPT slow pages; empty while the broker does not answer."""
    try:
        with heartbeat.broker_client() as client:
            entries = [json.loads(entry) for entry in client.lrange(KEY, 0, KEPT - 1)]
    except (RedisError, OSError):
        return []
    by_route: dict[str, list[tuple[float, int]]] = {}
    for route, seconds, at in entries:
        by_route.setdefault(route, []).append((seconds, at))
    found = [
        SlowPage(f"/{route}", len(kept), max(kept)[0], datetime.fromtimestamp(max(at for _, at in kept), tz=UTC))
        for route, kept in by_route.items()
    ]
    return sorted(found, key=lambda page: -page.slowest)[:SHOWN]
