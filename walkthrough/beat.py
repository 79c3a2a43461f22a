"""The scheduler of the single beat process: Celery's own, plus heartbeat (see core.heartbeat)."""

import time

from celery.beat import PersistentScheduler
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core import heartbeat
from walkthrough import tasks

SIGN_EVERY_SECONDS = 30


class Scheduler(PersistentScheduler):
    """Side effects of a tick, from the first one on and then every 30 s: beat's heartbeat in the broker,
    and a task in the queue by which a worker gives its own."""

    _signed_at = float("-inf")

    def tick(self, *args, **kwargs) -> float:
        if time.monotonic() - self._signed_at >= SIGN_EVERY_SECONDS:
            self._sign()
        return min(super().tick(*args, **kwargs), SIGN_EVERY_SECONDS)

    def _sign(self) -> None:
        try:
            heartbeat.sign("beat")
            # Heartbeats queued while no worker ran say nothing about now.
            tasks.heartbeat.apply_async(expires=2 * SIGN_EVERY_SECONDS, retry=False)
            self._signed_at = time.monotonic()
        except (RedisError, OperationalError, OSError):
            self.logger.warning("no heartbeat: the broker does not answer")
