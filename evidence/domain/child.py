"""Starts the decoder child and returns its result or raises the reason why there is none."""

import json
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from evidence.enums import Reason


@dataclass(frozen=True)
class Limits:
    """Limits of one decoder child; ``parallel`` is how many one server process runs at a time."""

    cpu_seconds: int = 20
    wall_seconds: int = 40
    queue_seconds: float = 30
    memory_bytes: int = 1024**3
    parallel: int = 2


LIMITS = Limits()
_slots = threading.BoundedSemaphore(LIMITS.parallel)
_ANSWER_BYTES = 4096
_SIGNAL_REASONS: dict[int, Reason] = {
    signal.SIGXCPU: Reason.TIME,
    signal.SIGALRM: Reason.TIME,
    # Not caused by the picture: shutdown or a machine out of memory. Another try may succeed.
    signal.SIGKILL: Reason.BUSY,
    signal.SIGTERM: Reason.BUSY,
}


class DecodeFailed(Exception):
    """The child made no picture. ``reason`` is an ``evidence.enums.Reason``, ``detail`` is for the log only."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Decoded:
    """Size in pixels of the served copy; ``taken`` is the camera's naive local time, if there is one."""

    width: int
    height: int
    taken: datetime | None


def decode(*, source: Path, served: Path, thumb: Path, image_format: str) -> Decoded:
    """Decode ``source`` in a child and let it write ``served`` and ``thumb``.

    Side effects, in order: waits for a free slot; starts one process; that process may leave either output behind,
    also when DecodeFailed is raised, and removing them is the caller's task.
    """
    job = {
        "source": str(source),
        "served": str(served),
        "thumb": str(thumb),
        "format": image_format,
        "max_pixels": settings.MAX_PHOTO_PIXELS,
        "cpu_seconds": LIMITS.cpu_seconds,
        "wall_seconds": LIMITS.wall_seconds,
        "memory_bytes": LIMITS.memory_bytes,
    }
    if not _slots.acquire(timeout=LIMITS.queue_seconds):
        raise DecodeFailed(Reason.BUSY)
    try:
        status, answer = _run(json.dumps(job))
    finally:
        _slots.release()
    return _read(status, answer)


def _run(job: str) -> tuple[int, bytes]:
    # The answer goes through a file: a compromised child could fill our memory through a pipe.
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                [sys.executable, "-E", "-s", "-m", "evidence.decoder", job],
                cwd=settings.BASE_DIR,
                env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=LIMITS.wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as exc:
            raise DecodeFailed(Reason.TIME, "wall") from exc
        except OSError as exc:
            raise DecodeFailed(Reason.BUSY, f"not started: {exc}") from exc
        answer.seek(0)
        return done.returncode, answer.read(_ANSWER_BYTES)


def _read(status: int, answer: bytes) -> Decoded:
    if status < 0:
        raise DecodeFailed(_SIGNAL_REASONS.get(-status, Reason.BROKEN), f"signal {-status}")
    try:
        result = json.loads(answer)
        if "error" in result:
            raise DecodeFailed(Reason(result["error"]), result["detail"])
        taken = datetime.fromisoformat(result["taken"]) if result["taken"] else None
        return Decoded(width=int(result["width"]), height=int(result["height"]), taken=taken)
    except (ValueError, KeyError, TypeError) as exc:
        raise DecodeFailed(Reason.BROKEN, f"status {status}, no answer") from exc
