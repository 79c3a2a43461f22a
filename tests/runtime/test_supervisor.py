"""The supervisor over small real processes."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests.plugin import wait_until
from walkthrough.processes import Service
from walkthrough.supervisor import RestartPolicy, StartStep, Supervisor

pytestmark = pytest.mark.runtime

QUICK = RestartPolicy(first=0.05, longest=0.2, quick=5)


def shell(name, script, folder, grace=5.0):
    return Service(name, ["sh", "-c", script], cwd=folder, grace=grace)


def stop_self(*signals, after=0.0):
    def send():
        for signum in signals:
            time.sleep(after)
            os.kill(os.getpid(), signum)

    return lambda: threading.Thread(target=send, daemon=True).start()


def alive(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_services_start_in_order_and_stop_in_reverse_order(tmp_path):
    script = "trap 'echo -{0} >>log; exit 0' TERM; echo +{0} >>log; touch up-{0}; while :; do sleep 0.05; done"
    steps = [
        StartStep(shell(name, script.format(name), tmp_path), ready=(tmp_path / f"up-{name}").exists, blocks_next=True)
        for name in ("a", "b", "c")
    ]
    assert Supervisor(steps, on_ready=stop_self(signal.SIGTERM)).run() == 0
    assert (tmp_path / "log").read_text().split() == ["+a", "+b", "+c", "-c", "-b", "-a"]


def test_a_service_that_ignores_term_is_killed_after_its_grace_with_its_children(tmp_path):
    script = "trap '' TERM; (trap '' TERM; echo $$ >pid; sleep 60) & sleep 60 & echo $! >child; wait"
    step = StartStep(shell("stubborn", script, tmp_path, grace=0.3), ready=(tmp_path / "child").exists)
    assert Supervisor([step], on_ready=stop_self(signal.SIGINT)).run() == 0
    child = int((tmp_path / "child").read_text())
    wait_until(lambda: not alive(child))


def test_a_second_signal_does_not_wait_for_the_grace(tmp_path):
    step = StartStep(shell("stubborn", "trap '' TERM; touch up; while :; do sleep 1; done", tmp_path, grace=60))
    started = time.monotonic()
    supervisor = Supervisor([step], on_ready=stop_self(signal.SIGINT, signal.SIGINT, after=0.3))
    assert supervisor.run() == 0
    assert time.monotonic() - started < 10


def test_a_dead_service_is_started_again(tmp_path, capfd):
    script = "echo x >>starts; [ $(wc -l <starts) -ge 2 ] && { touch back; exec sleep 60; }; sleep 0.5; exit 3"
    step = StartStep(shell("flaky", script, tmp_path))

    def wait_then_stop():
        threading.Thread(target=lambda: (wait_until((tmp_path / "back").exists), stop_self(signal.SIGTERM)())).start()

    assert Supervisor([step], on_ready=wait_then_stop, policy=QUICK).run() == 0
    assert "flaky意外退出（退出码 3），0.05 秒后重新启动。" in capfd.readouterr().out


def test_repeated_quick_deaths_end_neither_the_service_nor_the_others_and_are_counted(tmp_path, capfd):
    script = "echo x >>starts; [ $(wc -l <starts) -ge 7 ] && { touch back; exec sleep 60; }; sleep 0.1; exit 3"
    steps = [
        StartStep(
            shell("good", "echo $$ >good; exec sleep 60", tmp_path), ready=(tmp_path / "good").exists, blocks_next=True
        ),
        StartStep(shell("bad", script, tmp_path)),
    ]
    died, good = [], []

    def wait_then_stop():
        def wait():
            wait_until((tmp_path / "back").exists)
            good.append(alive(int((tmp_path / "good").read_text())))
            stop_self(signal.SIGTERM)()

        threading.Thread(target=wait).start()

    assert Supervisor(steps, on_ready=wait_then_stop, on_death=died.append, policy=QUICK).run() == 0
    assert (died, good) == (["bad"] * 6, [True])
    assert "bad连续 6 次意外退出（退出码 3），0.2 秒后重新启动。" in capfd.readouterr().out


def test_a_long_life_forgives_earlier_deaths(tmp_path, capfd):
    forgiving = RestartPolicy(first=0.02, longest=60, quick=0.1)
    script = "echo x >>starts; [ $(wc -l <starts) -ge 5 ] && { touch back; exec sleep 60; }; sleep 0.3; exit 3"

    def wait_then_stop():
        threading.Thread(target=lambda: (wait_until((tmp_path / "back").exists), stop_self(signal.SIGTERM)())).start()

    step = StartStep(shell("mortal", script, tmp_path))
    assert Supervisor([step], on_ready=wait_then_stop, policy=forgiving).run() == 0
    assert capfd.readouterr().out.count("mortal意外退出（退出码 3），0.02 秒后重新启动。") == 4


def test_a_death_before_everything_is_up_fails_at_once(tmp_path, capfd):
    steps = [
        StartStep(
            shell("good", "echo $$ >good; exec sleep 60", tmp_path), ready=(tmp_path / "good").exists, blocks_next=True
        ),
        StartStep(shell("bad", "exit 4", tmp_path), ready=lambda: False),
    ]
    assert Supervisor(steps, on_ready=lambda: pytest.fail("not ready")).run() == 1
    assert "bad启动失败（退出码 4）" in capfd.readouterr().out
    assert not alive(int((tmp_path / "good").read_text()))


def test_a_service_that_never_gets_ready_fails_after_its_time(tmp_path, capfd):
    step = StartStep(shell("slow", "exec sleep 60", tmp_path), ready=lambda: False, timeout=0.3)
    assert Supervisor([step], on_ready=lambda: pytest.fail("not ready")).run() == 1
    assert "slow在 0 秒内没有就绪" in capfd.readouterr().out


def test_the_signal_handlers_of_before_are_back_afterwards(tmp_path):
    before = [signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    Supervisor([StartStep(shell("a", "exec sleep 60", tmp_path))], on_ready=stop_self(signal.SIGHUP)).run()
    assert [signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before
