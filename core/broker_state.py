"""Whether the broker answers, asked so seldom that no page waits for a broker that hangs."""

import time

from redis.exceptions import RedisError

from core import heartbeat

# A page believes the last answer for so long: in that time a broker that hangs costs one page of a process its timeout.
BELIEVED_SECONDS = 15

_last: tuple[float, bool] = (float("-inf"), True)


def answers() -> bool:
    """Ask now; at most ``heartbeat.TIMEOUT_SECONDS``."""
    global _last
    try:
        with heartbeat.broker_client() as client:
            answered = bool(client.ping())
    except (RedisError, OSError):
        answered = False
    _last = (time.monotonic(), answered)
    return answered


def is_down() -> bool:
    """Whether the broker did not answer when it was last asked; asks again when that was long ago."""
    asked_at, answered = _last
    if time.monotonic() - asked_at > BELIEVED_SECONDS:
        answered = answers()
    return not answered
