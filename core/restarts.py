"""Processes that ended unasked: one line each in VAR_DIR/run/restarts.log, so that the health page can say so."""

import contextlib
import time
from collections import Counter
from pathlib import Path

from django.conf import settings

COUNTED_SECONDS = 600
# So many within COUNTED_SECONDS are no accident.
MANY = 3
_KEPT_BYTES = 64 * 1024


def note(name: str) -> None:
    """Record that a process of the kind ``name`` ended and is started again. On a full disk nothing is recorded."""
    path = _path()
    with contextlib.suppress(OSError):
        if path.exists() and path.stat().st_size > _KEPT_BYTES:
            path.unlink()
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{time.time():.0f} {name}\n")


def frequent() -> dict[str, int]:
    """{name: how often} of what ended MANY times or more within the last COUNTED_SECONDS."""
    try:
        lines = _path().read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    since = time.time() - COUNTED_SECONDS
    found = (line.partition(" ") for line in lines)
    counted = Counter(name for at, _, name in found if name and at.isdigit() and int(at) >= since)
    return {name: times for name, times in counted.items() if times >= MANY}


def _path() -> Path:
    return Path(settings.VAR_DIR, "run", "restarts.log")
