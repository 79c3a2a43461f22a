"""Child processes that never outlive their parent (Linux)."""

import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent_pid: int) -> None:
    """Ask the kernel to SIGKILL this process when its parent ends, however the parent ends.

    Must run in the child, and the parent must have forked it from its main thread. ``parent_pid``
    closes the gap in which the parent died before the request.
    """
    if _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0 or os.getppid() != parent_pid:
        os._exit(1)


@dataclass(frozen=True)
class Service:
    """What to run: ``name`` for people, the command line, where, and the seconds it gets to stop by itself."""

    name: str
    argv: list[str]
    cwd: Path
    grace: float = 10.0


@dataclass
class Child:
    """One running service, leader of its own session so that a terminal's Ctrl-C reaches only the supervisor."""

    service: Service
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    quick_deaths: int = 0

    def start(self) -> None:
        """Side effect: a new process that is killed when the calling process ends."""
        supervisor = os.getpid()
        self.process = subprocess.Popen(
            self.service.argv,
            cwd=self.service.cwd,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: die_with(supervisor),
        )
        self.started_at = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether the leader still runs. Leaves a dead leader unreaped, which keeps its group id ours."""
        if self.process is None or self.process.returncode is not None:
            return False
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def send(self, signum: int) -> None:
        """Signal the leader only; it passes on to its own children what they must hear."""
        if self.alive:
            self.process.send_signal(signum)

    def finish(self) -> int:
        """Kill what is left of the group, reap the leader. Returns its exit status (negative: the signal)."""
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait()
