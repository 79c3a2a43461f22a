"""One installation in a folder of its own, run as people run it: `manage.py` in real processes."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import redis
from celery import Celery

from tests.plugin import wait_until

BASE = Path(__file__).resolve().parents[2]
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR")


class Site:
    """``folder`` becomes VAR_DIR; ``environment`` adds to or overrides the variables the processes get."""

    def __init__(self, folder: Path, **environment: str):
        self.folder = folder
        self.port = free_port()
        inherited = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self.environment = {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "walkthrough.settings",
            "SECRET_KEY": "runtime-test-key-runtime-test-key-runtime",
            "AUDIT_KEY": "runtime-test-audit-key-runtime-test-audit",
            "VAR_DIR": str(folder),
            "PORT": str(self.port),
            # Nothing of the developer's .env.
            "DATABASE_URL": "",
            "BROKER_URL": "",
            "VALKEY_SOCKET": "",
            "DEBUG": "false",
            "HTTPS": "false",
            "TEST_HOOKS": "false",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            **environment,
        }
        self.log = folder.parent / f"{folder.name}.log"
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run one command to its end and return its status and output."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=BASE, env=self.environment, capture_output=True, text=True, timeout=300)

    def start(self, *options: str) -> None:
        """`manage.py up` with ``options``; returns when it has printed its address."""
        with self.log.open("w") as log:
            command = [sys.executable, "manage.py", "up", *options]
            self.process = subprocess.Popen(command, cwd=BASE, env=self.environment, stdout=log, stderr=log)
        wait_until(self._announced_or_ended, seconds=300)
        assert self.process.poll() is None, self.output()

    def _announced_or_ended(self) -> bool:
        return self.url in self.output().splitlines() or self.process.poll() is not None

    def stop(self, signum: int = signal.SIGTERM) -> int:
        """Signal the supervisor and return its exit status."""
        self.process.send_signal(signum)
        return self.process.wait(timeout=60)

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def get(self, path: str) -> tuple[int, str]:
        web = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            web.request("GET", path)
            answer = web.getresponse()
            return answer.status, answer.read().decode()
        finally:
            web.close()

    def ok(self, *parts: str) -> bool:
        """Whether /readyz answers and reports ``parts`` (all four running ones by default) as "ok"."""
        try:
            report = json.loads(self.get("/readyz")[1])
        except (OSError, http.client.HTTPException):
            return False
        return {report[part] for part in parts or ("database", "broker", "worker", "beat")} == {"ok"}

    def queue(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.folder / "run" / "valkey.sock"))

    def forget_sign(self, name: str) -> bool:
        """Take back the heartbeat of "worker" or "beat": a later one is from later. False: no queue to ask."""
        try:
            with self.queue() as client:
                client.delete(f"walkthrough:sign-of-life:{name}")
        except redis.RedisError:
            return False
        return True

    def send_heartbeat(self) -> None:
        """Queue the task by which a worker gives its heartbeat, without waiting for beat."""
        # Not the current app: tasks of later tests in this process would go to this site.
        with Celery(broker=f"redis+socket://{self.folder}/run/valkey.sock", set_as_current=False) as app:
            app.send_task("walkthrough.tasks.heartbeat", ignore_result=True)

    def processes(self) -> dict[int, str]:
        """Every living process of this site by pid, with its command line, whoever its parent is."""
        found = {}
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and self._owns(entry):
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        return found

    def _owns(self, entry: Path) -> bool:
        # Valkey writes its title over its environment, but it works in its own folder.
        environment = (entry / "environ").read_bytes().split(b"\0")
        return f"VAR_DIR={self.folder}".encode() in environment or (entry / "cwd").resolve() == self.folder / "valkey"

    def leader(self, word: str) -> int | None:
        """The pid of the supervisor's child whose command line holds ``word``."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        running = self.processes()
        return next((pid for pid in map(int, children) if word in running.get(pid, "")), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
