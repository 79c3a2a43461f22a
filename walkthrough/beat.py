"""The scheduler of the single beat process: Celery's own, plus heartbeat (see core.heartbeat)."""

import time

from celery.beat import PersistentScheduler
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from core import heartbeat
from walkthrough import tasks

SIGN_EVERY_SECONDS = 30
ASK_AGAIN_SECONDS = 5


class Scheduler(PersistentScheduler):
    """Side effects of a tick: beat's heartbeat in the broker; every 30 s a task in the queue by which a worker gives
    its own; then those of Celery's tick.

    While the broker cannot be written to, nothing is taken as run: what falls due meanwhile is sent when it is back.
    """

    _asked_worker_at = float("-inf")

    def tick(self, *args, **kwargs) -> float:
        try:
            heartbeat.sign("beat")
            if time.monotonic() - self._asked_worker_at >= SIGN_EVERY_SECONDS:
                # Heartbeats queued while no worker ran say nothing about now.
                tasks.heartbeat.apply_async(expires=2 * SIGN_EVERY_SECONDS)
                self._asked_worker_at = time.monotonic()
        except (RedisError, OperationalError, OSError):
            self.logger.warning("no heartbeat: the broker does not answer")
            return ASK_AGAIN_SECONDS
        return min(super().tick(*args, **kwargs), SIGN_EVERY_SECONDS)
