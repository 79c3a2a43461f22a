"""Heartbeats of worker and beat, kept in the broker so that every web host can read them."""

import time

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

# An older heartbeat does not count: three minutes were missed.
LIFETIME_SECONDS = 180
TIMEOUT_SECONDS = 0.5


def broker_client() -> redis.Redis:
    """A client of the broker the settings name, for one call: it times out after half a second and does not try again,
    so that no page waits longer."""
    # The library would try three times more.
    retry = Retry(NoBackoff(), 0)
    if settings.BROKER_URL:
        return redis.Redis.from_url(
            settings.BROKER_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS, retry=retry
        )
    return redis.Redis(
        unix_socket_path=str(settings.VALKEY_SOCKET),
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=retry,
    )


def sign(name: str) -> None:
    """Record a heartbeat of process ``name`` ("worker" or "beat"). Side effect: a broker key, kept for 180 s."""
    with broker_client() as client:
        client.set(_key(name), repr(time.time()), ex=LIFETIME_SECONDS)


def age(client: redis.Redis, name: str) -> float | None:
    """Seconds since the last heartbeat of ``name``, None when there is none within LIFETIME_SECONDS."""
    value = client.get(_key(name))
    return None if value is None else max(0.0, time.time() - float(value))


def _key(name: str) -> str:
    return f"walkthrough:sign-of-life:{name}"
