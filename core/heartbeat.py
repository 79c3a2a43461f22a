"""Signs of life of worker and beat, kept in the broker so that every web host can read them."""

import time

import redis
from django.conf import settings

# A sign older than this is no sign: three missed minutes.
LIFETIME_SECONDS = 180
TIMEOUT_SECONDS = 2


def broker_client() -> redis.Redis:
    """A client of the broker the settings name; gives up after 2 s instead of holding a page."""
    if settings.BROKER_URL:
        return redis.Redis.from_url(
            settings.BROKER_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
        )
    return redis.Redis(
        unix_socket_path=str(settings.VALKEY_SOCKET),
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
    )


def sign(name: str) -> None:
    """Note that process ``name`` ("worker" or "beat") works now. Side effect: one broker key, gone after 180 s."""
    with broker_client() as client:
        client.set(_key(name), repr(time.time()), ex=LIFETIME_SECONDS)


def age(client: redis.Redis, name: str) -> float | None:
    """Seconds since ``name`` last gave a sign, None when there is none within LIFETIME_SECONDS."""
    value = client.get(_key(name))
    return None if value is None else max(0.0, time.time() - float(value))


def _key(name: str) -> str:
    return f"walkthrough:sign-of-life:{name}"
