"""The limits a child process sets on itself before it opens a file from outside.

Imports nothing of the project: a child starts in a few hundredths of a second.
"""

import os
import resource
import signal


def limit_process(job: dict) -> None:
    """Set the limits of this process, so that a hostile file can harm only the child.

    ``job`` holds ``memory_bytes``, ``cpu_seconds``, ``wall_seconds`` and ``output_bytes`` (of each file it writes, what
    it prints included).
    """
    resource.setrlimit(resource.RLIMIT_AS, (job["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (job["cpu_seconds"], job["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (job["output_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(job["wall_seconds"])  # the parent may have ended
    os.umask(0o077)
    os.nice(5)
