"""Starts the decoder child and returns its result or raises the reason why there is none."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from core.child import ChildFailed, LimitedChild, Limits
from evidence.enums import Reason

LIMITS = Limits(
    cpu_seconds=20,
    wall_seconds=40,
    queue_seconds=30,
    memory_bytes=1024**3,
    output_bytes=32 * 1024 * 1024,
)
CHILD = LimitedChild("evidence.decoder", parallel=2)
_ANSWER_BYTES = 4096


class DecodeFailed(Exception):
    """The child made no picture. ``reason`` is an ``evidence.enums.Reason``, ``detail`` is for the log only."""

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Decoded:
    """Size in pixels of the served copy; ``taken`` is the camera's naive local time, if there is one; ``look`` as
    ``StoredFile.look``."""

    width: int
    height: int
    taken: datetime | None
    look: str


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
    }
    try:
        with CHILD.run(job, LIMITS) as answer:
            return _read(answer.read(_ANSWER_BYTES))
    except ChildFailed as failed:
        raise DecodeFailed(Reason(failed.reason), failed.detail) from failed


def _read(answer: bytes) -> Decoded:
    try:
        result = json.loads(answer)
        if "error" in result:
            raise DecodeFailed(Reason(result["error"]), result["detail"])
        taken = datetime.fromisoformat(result["taken"]) if result["taken"] else None
        look = format(int(result["look"], 16) % (1 << 128), "032x") if result["look"] else ""
        return Decoded(width=int(result["width"]), height=int(result["height"]), taken=taken, look=look)
    except (ValueError, KeyError, TypeError) as exc:
        raise DecodeFailed(Reason.BROKEN, "no answer") from exc
