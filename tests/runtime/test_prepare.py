"""What `make run` does before the start: .env and `manage.py prepare`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from core.calendar import official_calendar
from notifications.models import Notice
from tests.cast import NOON, build_cast
from walkthrough.management.commands import prepare

BASE = Path(__file__).resolve().parents[2]


def new_env():
    command = [sys.executable, "scripts/new_env.py"]
    return subprocess.run(command, cwd=BASE, capture_output=True, text=True, check=True).stdout


def test_a_new_env_file_has_two_random_keys_and_nothing_else_set():
    values = dict(re.findall(r"^(\w+)=(.*)$", new_env(), flags=re.M))
    others = dict(re.findall(r"^(\w+)=(.*)$", new_env(), flags=re.M))
    assert values.keys() == {"SECRET_KEY", "AUDIT_KEY"}
    assert len({*values.values(), *others.values()}) == 4
    assert all(len(value) >= 48 for value in values.values())


@pytest.fixture
def small_site(settings, tmp_path):
    """One static file of our own and none of the libraries'."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.css").write_text("a{color:red}")
    settings.VAR_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    return tmp_path


@pytest.mark.django_db
def test_static_files_are_collected_again_only_when_one_changed(small_site):
    manifest = small_site / "static" / "staticfiles.json"
    call_command("prepare")
    first, written_at = manifest.read_text(), manifest.stat().st_mtime_ns
    call_command("prepare")
    assert manifest.stat().st_mtime_ns == written_at
    (small_site / "source" / "a.css").write_text("a{color:blue}")
    call_command("prepare")
    assert manifest.read_text() != first


@pytest.mark.django_db
def test_missing_static_files_are_collected_again(small_site):
    prepare.collect_static()
    (small_site / "static" / "staticfiles.json").unlink()
    prepare.collect_static()
    assert (small_site / "static" / "staticfiles.json").exists()


@pytest.mark.django_db
def test_a_start_in_the_afternoon_catches_up_with_the_morning(small_site):
    cast = build_cast()
    year = max(official_calendar().known_years)
    with time_machine.travel(NOON.replace(year=year, month=11, day=22, hour=15), tick=False):
        for _ in range(2):
            call_command("prepare")
    told = Notice.objects.filter(kind="calendar.missing")
    assert set(told.values_list("recipient", flat=True)) == {cast.office.pk, cast.office_second.pk, cast.sysadmin.pk}
    assert told.count() == 3
