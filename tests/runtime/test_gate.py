"""The rules of `make test`: under CI nothing is left out, and the PostgreSQL part runs on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.runtime

BASE = Path(__file__).resolve().parents[2]
PASSING = "def test_passes():\n    assert True\n"
SKIPPED = "import pytest\n\n\n@pytest.mark.skip\ndef test_skipped():\n    assert True\n"
XFAILED = "import pytest\n\n\n@pytest.mark.xfail\ndef test_expected():\n    assert False\n"


def run_pytest(folder, content, ci, *options):
    (folder / "test_sample.py").write_text(PASSING + content)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TEST_", "PARTS"))
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.plugin", "-p", "no:cacheprovider", "-c", "pytest.ini"]
    command += ["--rootdir", str(BASE), *options, str(folder)]
    return subprocess.run(command, cwd=BASE, env={**environment, "CI": ci}, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("content", [SKIPPED, XFAILED])
@pytest.mark.parametrize("options", [(), ("-n", "1")])
def test_a_left_out_test_fails_the_run_under_ci(tmp_path, content, options):
    done = run_pytest(tmp_path, content, "true", *options)
    assert done.returncode == 1, done.stdout
    assert "1 tests were left out" in done.stdout


def test_a_left_out_test_is_only_reported_elsewhere(tmp_path):
    done = run_pytest(tmp_path, SKIPPED, "")
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 skipped" in done.stdout


def test_a_run_with_nothing_left_out_passes_under_ci(tmp_path):
    assert run_pytest(tmp_path, "", "true").returncode == 0


def test_postgres_is_there_for_the_command_and_gone_afterwards(tmp_path):
    program = (
        "import os, sys, psycopg\n"
        "folder = os.environ['TEST_DATABASE_URL'].removeprefix('postgres://postgres@/').removesuffix('/postgres')\n"
        "with psycopg.connect(host=folder, user='postgres', dbname='postgres') as connection:\n"
        "    print(folder, connection.execute('show server_version').fetchone()[0])\n"
        "sys.exit(7)\n"
    )
    command = [sys.executable, "scripts/with_postgres.py", sys.executable, "-c", program]
    done = subprocess.run(command, cwd=BASE, capture_output=True, text=True, timeout=120)
    assert done.returncode == 7, done.stderr
    folder, version = done.stdout.split()
    assert int(version.partition(".")[0]) >= 15
    assert not Path(folder).exists()
