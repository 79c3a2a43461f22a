"""`manage.py up` with all its processes for real."""

import json
import os
import resource
import signal
import time

import pytest

from tests.plugin import wait_until
from tests.runtime.site import free_port

pytestmark = pytest.mark.runtime


def test_a_heartbeat_goes_from_beat_through_the_broker_and_a_worker_until_readyz_is_all_ok(lasting):
    assert lasting.get("/healthz") == (200, "ok")
    wait_until(lasting.ok, seconds=60)
    assert lasting.get("/readyz")[0] == 200


def ends_with_every_process(site, signum) -> None:
    """A stop signal ends the site's processes, counts as no failure, and leaves no socket in its folder."""
    assert len(site.processes()) >= 5
    assert site.stop(signum) == 0
    assert site.processes() == {}
    assert not list((site.folder / "run").glob("*.sock"))


@pytest.mark.own_start
def test_a_killed_supervisor_takes_every_process_with_it_and_the_next_start_works(running):
    """What is queued survives the kill; SIGTERM then ends the second start."""
    os.kill(running.leader("worker"), signal.SIGSTOP)
    send = "from walkthrough.tasks import heartbeat; heartbeat.apply_async(countdown=3600); print('queued')"
    assert "queued" in running.manage("shell", "-c", send).stdout
    assert len(running.processes()) >= 6
    assert (running.folder / "run" / "valkey.sock").is_socket()
    running.stop(signal.SIGKILL)
    wait_until(lambda: running.processes() == {}, seconds=10)
    written = b"".join(path.read_bytes() for path in (running.folder / "valkey" / "appendonlydir").glob("*.aof"))
    assert b"walkthrough.tasks.heartbeat" in written

    running.start()
    running.forget_sign("worker")
    running.send_heartbeat()
    wait_until(lambda: running.ok("worker"), seconds=60)
    ends_with_every_process(running, signal.SIGTERM)


@pytest.mark.parametrize(
    ("word", "name", "part"),
    [
        ("worker", "后台任务", "worker"),
        ("valkey-server", "消息队列", "worker"),
        ("gunicorn", "网站服务", "worker"),
        ("beat", "定时任务", "beat"),
    ],
)
def test_a_killed_service_is_announced_and_works_again(lasting, word, name, part):
    wait_until(lasting.ok, seconds=60)
    killed = lasting.leader(word)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: f"{name}意外退出（信号 SIGKILL），1 秒后重新启动。" in lasting.output(), seconds=10)
    wait_until(lambda: lasting.forget_sign(part), seconds=10)
    wait_until(lambda: lasting.leader(word) not in (None, killed), seconds=10)
    lasting.send_heartbeat()
    wait_until(lambda: lasting.ok(part), seconds=60)


@pytest.mark.own_start
def test_a_folder_too_deep_for_a_unix_socket_works_and_sigint_ends_it(make_site):
    site = make_site(name="很深的目录 a+b#c%20/" + "深" * 60)
    site.start()
    wait_until(site.ok, seconds=60)
    ends_with_every_process(site, signal.SIGINT)


@pytest.mark.own_start
def test_a_broker_by_url_is_used_and_not_started_and_sighup_ends_it(make_site, lasting):
    broker_port = serve_on_tcp(lasting)
    site = make_site(BROKER_URL=f"redis://127.0.0.1:{broker_port}/1")
    site.start()
    wait_until(site.ok, seconds=60)
    assert not any("valkey-server" in line for line in site.processes().values())
    ends_with_every_process(site, signal.SIGHUP)


def serve_on_tcp(site):
    """Let the site's Valkey listen on a port as well, as a cluster's Redis does."""
    port = free_port()
    with site.queue() as client:
        client.config_set("port", port)
    return port


def test_without_a_database_readyz_is_503_and_healthz_still_200(lasting):
    database, aside = lasting.folder / "db.sqlite3", lasting.folder / "aside.sqlite3"
    wait_until(lasting.ok, seconds=60)
    database.rename(aside)
    database.mkdir()
    status, text = lasting.get("/readyz")
    database.rmdir()
    aside.rename(database)
    assert status == 503
    assert '"database": "missing"' in text
    assert lasting.get("/healthz") == (200, "ok")
    wait_until(lasting.ok, seconds=60)


def web_processes(site) -> set[int]:
    """The processes of the web that answer requests."""
    return {pid for pid, line in site.processes().items() if "gunicorn" in line} - {site.leader("gunicorn")}


def test_web_processes_that_die_again_and_again_are_replaced_and_health_says_so(lasting):
    wait_until(lasting.ok, seconds=60)
    for _ in range(3):
        killed = web_processes(lasting)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda killed=killed: len(web_processes(lasting) - killed) >= 2, seconds=30)
    wait_until(lambda: lasting.ok("database"), seconds=30)
    report = json.loads(lasting.get("/readyz")[1])
    assert report["restarts"].startswith("网站进程 ")
    assert lasting.process.poll() is None


def test_a_frozen_broker_does_not_hold_up_health_and_all_goes_on_afterwards(lasting):
    wait_until(lasting.ok, seconds=60)
    frozen = lasting.leader("valkey-server")
    os.kill(frozen, signal.SIGSTOP)
    try:
        started = time.monotonic()
        status, text = lasting.get("/readyz")
        assert time.monotonic() - started < 5
        assert (status, json.loads(text)["broker"]) == (503, "missing")
    finally:
        os.kill(frozen, signal.SIGCONT)
    for part in ("worker", "beat"):
        wait_until(lambda part=part: lasting.forget_sign(part), seconds=10)
    wait_until(lasting.ok, seconds=60)
    assert lasting.leader("valkey-server") == frozen


def test_on_a_full_disk_the_web_still_reads_the_database(lasting):
    wait_until(lambda: lasting.ok("database"), seconds=30)
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in web_processes(lasting)}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        assert lasting.ok("database")
    finally:
        for pid, both in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, both)
