"""Limits a child process sets itself before it opens a file from outside. Imports nothing of the project."""

import os
import resource
import signal


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
