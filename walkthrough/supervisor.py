"""One process that starts the services in order, restarts what dies and stops all in reverse order."""

import contextlib
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from walkthrough.processes import Child, Service

POLL_SECONDS = 0.1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class RestartPolicy:
    """Wait ``first`` seconds before a restart, doubling up to ``longest`` as long as each life was shorter than
    ``quick`` seconds. There is no last restart: what ends one service again and again must not end the others."""

    first: float = 1.0
    longest: float = 30.0
    quick: float = 30.0


@dataclass(frozen=True)
class StartStep:
    """A service and how to tell that it is up: ``ready`` is asked until it is true, for ``timeout`` seconds.
    With ``blocks_next`` the services after it are started only then."""

    service: Service
    ready: Callable[[], bool] | None = None
    blocks_next: bool = False
    timeout: float = 60.0


class Failure(Exception):
    """The services cannot start; the message is for the person who started them."""


def say(text: str) -> None:
    """One line on standard output; a terminal that went away must not stop the stopping."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


class Supervisor:
    """Runs ``steps`` until told to stop. Must live in the main thread: children die with that thread."""

    def __init__(
        self,
        steps: list[StartStep],
        *,
        on_ready: Callable[[], None],
        on_death: Callable[[str], None] = lambda name: None,
        policy: RestartPolicy | None = None,
    ):
        self.steps = steps
        self.on_ready = on_ready
        self.on_death = on_death
        self.policy = policy or RestartPolicy()
        self.children: list[Child] = []
        self.stop_requests = 0

    def run(self) -> int:
        """Start, watch, stop. Returns 0 after INT, TERM or HUP, 1 when the services could not be started.

        Side effects in order: signal handlers; the services, first to last; ``on_ready``; restarts, each after
        ``on_death`` with the name of the service; the services stopped, last to first; the former signal handlers.
        """
        former = {signum: signal.signal(signum, self._on_signal) for signum in STOP_SIGNALS}
        try:
            self._start_all()
            if not self.stop_requests:
                self.on_ready()
            self._watch()
            return 0
        except Failure as failure:
            say(f"错误：{failure}")
            return 1
        finally:
            self._stop_all()
            for signum, handler in former.items():
                signal.signal(signum, handler)

    def _on_signal(self, signum, frame) -> None:
        self.stop_requests += 1

    def _start_all(self) -> None:
        for step in self.steps:
            if self.stop_requests:
                return
            child = Child(step.service)
            child.start()
            self.children.append(child)
            if step.blocks_next:
                self._await(step)
        for step in self.steps:
            self._await(step)

    def _await(self, step: StartStep) -> None:
        deadline = time.monotonic() + step.timeout
        while not self.stop_requests:
            for child in self.children:
                if not child.alive:
                    raise Failure(f"{child.service.name}启动失败（{describe(child.finish())}），详情见上方输出。")
            if step.ready is None or step.ready():
                return
            if time.monotonic() > deadline:
                raise Failure(f"{step.service.name}在 {step.timeout:.0f} 秒内没有就绪。")
            time.sleep(POLL_SECONDS)

    def _watch(self) -> None:
        restart_at: dict[int, float] = {}
        while not self.stop_requests:
            for index, child in enumerate(self.children):
                if index in restart_at:
                    if time.monotonic() >= restart_at[index]:
                        del restart_at[index]
                        child.start()
                elif not child.alive:
                    restart_at[index] = time.monotonic() + self._pause_after_death(child)
            time.sleep(POLL_SECONDS)

    def _pause_after_death(self, child: Child) -> float:
        lived = time.monotonic() - child.started_at
        status = describe(child.finish())
        child.quick_deaths = child.quick_deaths + 1 if lived < self.policy.quick else 1
        self.on_death(child.service.name)
        # The exponent is bounded: a service may end for days.
        pause = min(self.policy.first * 2 ** min(child.quick_deaths - 1, 10), self.policy.longest)
        times = f"连续 {child.quick_deaths} 次" if child.quick_deaths > 1 else ""
        say(f"{child.service.name}{times}意外退出（{status}），{pause:g} 秒后重新启动。")
        return pause

    def _stop_all(self) -> None:
        say("正在停止……")
        for child in reversed(self.children):
            deadline = time.monotonic() + child.service.grace
            child.send(signal.SIGTERM)
            # A second Ctrl-C means: at once.
            while child.alive and time.monotonic() < deadline and self.stop_requests < 2:
                time.sleep(POLL_SECONDS / 2)
            child.finish()
        say("已停止。")


def describe(status: int) -> str:
    """An exit status in words: "退出码 3" or "信号 SIGKILL"."""
    return f"信号 {signal.Signals(-status).name}" if status < 0 else f"退出码 {status}"
