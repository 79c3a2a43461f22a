"""The decoder child, run as the server runs it."""

import json
import subprocess
import sys

import pytest

from evidence.tests import samples


@pytest.fixture
def job(tmp_path):
    (tmp_path / "in").write_bytes(samples.photo())
    return {
        "source": str(tmp_path / "in"),
        "served": str(tmp_path / "served"),
        "thumb": str(tmp_path / "thumb"),
        "format": "JPEG",
        "max_pixels": 60_000_000,
        "cpu_seconds": 20,
        "wall_seconds": 40,
        "memory_bytes": 1024**3,
        "output_bytes": 32 * 1024**2,
    }


@pytest.fixture
def decode(settings):
    def run(job):
        command = [sys.executable, "-m", "evidence.decoder", json.dumps(job)]
        done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=True)
        return json.loads(done.stdout)

    return run


def test_it_prints_one_json_line_and_writes_two_copies(job, decode, tmp_path):
    assert decode(job) == {"width": 400, "height": 200, "taken": "2022-06-20T09:30:00", "look": ""}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "served", "thumb"]


def test_it_opens_nothing_but_the_named_format(job, decode):
    assert decode(job | {"format": "PNG"})["error"] == "broken"


def test_it_never_overwrites_a_file(job, decode, tmp_path):
    (tmp_path / "served").write_bytes(b"evidence")
    assert decode(job)["error"] == "disk"
    assert (tmp_path / "served").read_bytes() == b"evidence"


def test_it_checks_the_pixels_itself(job, decode):
    assert decode(job | {"max_pixels": 79_999})["error"] == "pixels"
    assert decode(job | {"max_pixels": 39_999})["error"] == "pixels"


def test_it_loads_neither_django_nor_the_rest_of_the_project(settings):
    probe = (
        "import sys, evidence.decoder; "
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'core', 'accounts') or m == 'evidence.models'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=settings.BASE_DIR, capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "['core', 'core.limits']"


def test_its_limits_are_in_force_before_the_picture_is_touched(job, settings):
    probe = (
        "import json, resource as r, sys; from evidence import decoder; "
        "decoder.limit_process(json.loads(sys.argv[1])); "
        "print([r.getrlimit(k) for k in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)])"
    )
    command = [sys.executable, "-c", probe, json.dumps(job)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=True, text=True)
    megabyte = 1024 * 1024
    assert done.stdout.strip() == str([(1024 * megabyte,) * 2, (20, 21), (32 * megabyte,) * 2, (0, 0)])
