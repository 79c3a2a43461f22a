"""Limits a child process sets itself before it opens a file from outside, and how it answers. Imports nothing of the
project."""

import errno
import os
import resource
import signal
import sys
from collections.abc import Iterable

# The status of a child that found no room on the disk; the file it was given may be good.
NO_ROOM = os.EX_IOERR


def limit_process(job: dict) -> None:
    """Set the limits of this process; a hostile file can then harm only the child.

    ``job``: ``memory_bytes``, ``cpu_seconds``, ``wall_seconds``, ``output_bytes`` as in ``core.child.Limits``.
    """
    resource.setrlimit(resource.RLIMIT_AS, (job["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (job["cpu_seconds"], job["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (job["output_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(job["wall_seconds"])  # the parent may have ended
    os.umask(0o077)
    os.nice(5)


def answer(parts: Iterable[bytes]) -> None:
    """Print the answer; where the disk takes no more of it this process ends with ``NO_ROOM``."""
    try:
        for part in parts:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
    except OSError as error:
        end_if_full(error)
        raise


def end_if_full(error: BaseException) -> None:
    """End this process with ``NO_ROOM`` when the error is that of a full disk."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        os._exit(NO_ROOM)
