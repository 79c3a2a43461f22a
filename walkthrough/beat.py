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
    After a clock was put back, what was last sent later than now is sent by its rhythm again, not once the clock has
    come to where it was.
    """

    _asked_worker_at = float("-inf")

    def tick(self, *args, **kwargs) -> float:
        self._follow_clock()
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

    def _follow_clock(self) -> None:
        ahead = [
            entry for entry in self.schedule.values() if entry.last_run_at and entry.last_run_at > entry.default_now()
        ]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            self.logger.warning("the clock was put back: %d tasks begin their rhythm anew", len(ahead))
            # Its times are those of the other clock.
            self._heap = None
