"""What `manage.py up` refuses to start with: status 1 and one message in Chinese."""

import shutil
import socket

import pytest

pytestmark = pytest.mark.runtime


def refused(site):
    done = site.manage("up")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert site.processes() == {}
    return done.stderr


def test_a_taken_port(make_site):
    site = make_site()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", site.port))
        taken.listen()
        assert f"端口 {site.port} 不能使用（已被占用）" in refused(site)


def test_a_second_start_on_the_same_folder(lasting):
    done = lasting.manage("up")
    assert done.returncode == 1
    assert "已有一个系统在运行" in done.stderr
    assert lasting.get("/healthz") == (200, "ok")


def test_a_socket_folder_that_cannot_be_made(make_site):
    site = make_site(VALKEY_SOCKET="/proc/no/valkey.sock")
    assert "套接字目录 /proc/no 不可写" in refused(site)


def test_a_run_folder_that_cannot_be_made(make_site):
    site = make_site()
    shutil.rmtree(site.folder / "run")
    (site.folder / "run").write_text("a file in the way")
    assert "运行目录" in refused(site)


def test_a_data_folder_that_cannot_be_made(make_site):
    site = make_site(VAR_DIR="/proc/no")
    message = refused(site)
    assert "walkthrough.E004" in message
    assert "VAR_DIR=/proc/no 不可写" in message
