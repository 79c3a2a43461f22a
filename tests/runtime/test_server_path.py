"""The way to a server in docs/operations.md, carried out as it is written, with the unit files of deploy/."""

import os
import re
import shlex
import shutil
import signal
import subprocess
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.plugin import wait_until
from tests.runtime.site import BASE, free_port

pytestmark = pytest.mark.runtime

UNITS = sorted((BASE / "deploy" / "systemd").glob("*.service"))
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".env", "var", ".mypy_cache", ".ruff_cache", ".import_linter_cache")
# What systemd gives every service.
SYSTEMD = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8"}


class Server:
    """/opt/walkthrough and /var/lib/walkthrough of the document, below a folder of the test."""

    def __init__(self, folder: Path, migrated: Path):
        self.folder, self.port = folder, free_port()
        self.opt, self.var = folder / "opt" / "walkthrough", folder / "var" / "lib" / "walkthrough"
        shutil.copytree(BASE, self.opt, copy_function=os.link, ignore=LEFT_OUT, symlinks=True)
        (self.opt / ".venv").symlink_to((BASE / ".venv").resolve())
        self.var.mkdir(parents=True)
        # A database without a row, to save a minute of migrations; `prepare` finds it as it would leave it.
        shutil.copy(migrated / "empty.sqlite3", self.var / "db.sqlite3")

    def here(self, text: str) -> str:
        return text.replace("/opt/walkthrough", str(self.opt)).replace("/var/lib/walkthrough", str(self.var))

    def run(self, command: str, **environment: str) -> subprocess.CompletedProcess:
        """In a shell without the environment of the test."""
        argv = ["env", "-i", *(f"{name}={value}" for name, value in (SYSTEMD | environment).items()), "sh", "-c"]
        return subprocess.run([*argv, self.here(command)], cwd=self.opt, capture_output=True, text=True, timeout=300)

    def answers(self) -> bool:
        web = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            web.request("GET", "/readyz", headers={"X-Forwarded-Proto": "https", "Host": "127.0.0.1"})
            return web.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            web.close()


def values(unit: Path, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", unit.read_text(encoding="utf-8"), flags=re.M)


def documented(heading: str) -> list[str]:
    """The command lines in the first block below the heading, without their comments."""
    text = (BASE / "docs/operations.md").read_text(encoding="utf-8")
    block = text.split(f"## {heading}")[1].split("```")[1]
    return [line.partition("    #")[0] for line in block.strip().splitlines()]


def test_the_documented_path_runs_and_commands_by_hand_use_the_database_of_the_service(tmp_path, migrated):
    server = Server(tmp_path, migrated)
    [new_env] = [line for line in documented("服务器部署（单机）") if "new_env.py" in line]
    assert server.run(f"umask 077; {new_env}").returncode == 0
    with (server.opt / ".env").open("a") as file:
        file.write(
            f"\nHTTPS=true\nALLOWED_HOSTS=127.0.0.1\nCSRF_TRUSTED_ORIGINS=https://a.gov.cn\nPORT={server.port}\n"
        )
    unit = BASE / "deploy" / "systemd" / "walkthrough.service"
    given = dict(line.split("=", 1) for line in values(unit, "Environment"))
    for command in values(unit, "ExecStartPre"):
        done = server.run(command, **given)
        assert done.returncode == 0, done.stderr
    [start] = values(unit, "ExecStart")
    with (tmp_path / "log").open("w") as log:
        argv = ["env", "-i", *(f"{name}={value}" for name, value in (SYSTEMD | given).items())]
        service = subprocess.Popen([*argv, *shlex.split(server.here(start))], cwd=server.opt, stdout=log, stderr=log)
    try:
        wait_until(lambda: server.answers() or service.poll() is not None, seconds=200)
        assert service.poll() is None, (tmp_path / "log").read_text()
        used = f"数据库：{server.var / 'db.sqlite3'}\n"
        assert (tmp_path / "log").read_text().startswith(used)
        [command] = documented("备份与恢复")
        done = server.run(command.replace("/mnt/backup/2022-06-20.tar", str(tmp_path / "b.tar")))
        assert (done.returncode, done.stderr) == (0, used)
        refused = server.run(f".venv/bin/python manage.py restore {tmp_path / 'b.tar'} --replace")
        assert refused.returncode == 1
        assert "已有一个系统在运行" in refused.stderr
        assert not (server.opt / "var").exists()
    finally:
        service.send_signal(signal.SIGTERM)
        assert service.wait(timeout=90) == 0


def test_systemd_accepts_the_unit_files(tmp_path):
    analyze = shutil.which("systemd-analyze")
    assert analyze, "missing: scripts/ensure-systemd.sh"
    copies = []
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/walkthrough", str(BASE))
        copies.append(tmp_path / unit.name)
        copies[-1].write_text(text, encoding="utf-8")
    done = subprocess.run([analyze, "verify", "--man=no", *copies], capture_output=True, text=True, timeout=60)
    said = [line for line in (done.stdout + done.stderr).splitlines() if "walkthrough" in line]
    assert (done.returncode, said) == (0, [])


def test_the_data_folder_stands_in_env_alone_and_every_documented_unit_exists():
    assert len(UNITS) == 4
    assert [unit.name for unit in UNITS if any("VAR_DIR" in line for line in values(unit, "Environment"))] == []
    text = (BASE / "docs/operations.md").read_text(encoding="utf-8")
    assert {f"{name}.service" for name in re.findall(r"`(walkthrough-\w+)`", text)} <= {unit.name for unit in UNITS}
