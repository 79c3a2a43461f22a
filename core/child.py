"""Runs one module of the project in a child process with limits of memory, CPU and time.

Whatever opens a file from outside (photos, tables) runs there: a hostile file can then harm only the child. The child
calls ``core.limits.limit_process`` first.
"""

import errno
import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import IO

from django.conf import settings
from django.db import connection

from core.limits import NO_ROOM


@dataclass(frozen=True)
class Limits:
    """Limits of one child. ``queue_seconds``: how long it is waited for a free place; ``output_bytes``: the largest
    file it may write, its answer included."""

    cpu_seconds: int
    wall_seconds: int
    queue_seconds: float
    memory_bytes: int
    output_bytes: int


class ChildFault(StrEnum):
    """Why there is no answer."""

    TIME = "time"
    MEMORY = "memory"
    BUSY = "busy"
    BROKEN = "broken"


# SIGKILL and SIGTERM are not caused by the file: shutdown or a machine out of memory. Another try may succeed. The
# memory allocator of a library written in Rust ends the process by SIGABRT.
_SIGNALS: dict[int, ChildFault] = {
    signal.SIGXCPU: ChildFault.TIME,
    signal.SIGALRM: ChildFault.TIME,
    signal.SIGKILL: ChildFault.BUSY,
    signal.SIGTERM: ChildFault.BUSY,
    signal.SIGABRT: ChildFault.MEMORY,
}


class ChildFailed(Exception):
    """The child gave no answer. ``detail`` is for the log only."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class InTransaction(RuntimeError):
    """A child is started inside a transaction."""


class LimitedChild:
    """One module, run as ``python -m MODULE JOB``; at most ``parallel`` at a time in one server process."""

    def __init__(self, module: str, *, parallel: int):
        self.module = module
        self.slots = threading.BoundedSemaphore(parallel)

    @contextmanager
    def run(self, job: dict, limits: Limits) -> Iterator[IO[bytes]]:
        """What the child printed, as an open file. Raises ChildFailed; OSError (ENOSPC) where the disk was full for it.

        Side effects, in order: waits for a free place; starts one process, which ends before the file is read.
        """
        require_no_transaction()
        if not self.slots.acquire(timeout=limits.queue_seconds):
            raise ChildFailed(ChildFault.BUSY)
        # The answer goes through a file: a compromised child could fill our memory through a pipe.
        with tempfile.TemporaryFile() as answer:
            try:
                status = self._started(json.dumps(job | asdict(limits)), answer, limits)
            finally:
                self.slots.release()
            if status == NO_ROOM:
                raise OSError(errno.ENOSPC, "no room for the answer of a child")
            if status:
                # Above 0 it gave up on its own: what it printed may be cut off.
                raise ChildFailed(_SIGNALS.get(-status, ChildFault.BROKEN), f"status {status}")
            answer.seek(0)
            yield answer

    def _started(self, job: str, answer: IO[bytes], limits: Limits) -> int:
        try:
            done = subprocess.run(
                [sys.executable, "-E", "-s", "-m", self.module, job],
                cwd=settings.BASE_DIR,
                env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=limits.wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as exc:
            raise ChildFailed(ChildFault.TIME, "wall") from exc
        except OSError as exc:
            raise ChildFailed(ChildFault.BUSY, f"not started: {exc}") from exc
        return done.returncode


def require_no_transaction() -> None:
    """InTransaction inside a transaction: a child takes seconds, and the only writer of SQLite would wait for it.

    The transaction that wraps a test does not count, as with Django's own ``durable``.
    """
    if any(
        not block._from_testcase  # type: ignore[attr-defined]  # the stubs leave it out
        for block in connection.atomic_blocks
    ):
        raise InTransaction("a child process is started inside a transaction")
