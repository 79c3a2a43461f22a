"""The backup of every day: what the system administrator is told, and a process that is killed in the middle."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from core import slow_pages
from core.backup import making, status
from core.backup.nightly import BackupOutcome
from notifications.domain.notices import unread_count
from tests.plugin import wait_until
from walkthrough import backups
from walkthrough.tasks import back_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_backups(settings, tmp_path, own_files):
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    settings.AUDIT_ANCHORS = tmp_path / "audit" / "anchors.jsonl"
    return settings.BACKUP_DIR


def test_a_failure_is_told_to_the_system_administrator_once_a_day_until_it_works(cast, own_backups, monkeypatch):
    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(making.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10})())
        back_up()
        back_up()
        assert unread_count(cast.sysadmin) == 1
        assert unread_count(cast.secadmin) == unread_count(cast.office) == 0
        [notice] = cast.sysadmin.notices.all()
        assert notice.text.startswith("2022年6月8日的备份没有写成：空间不足")
        assert notice.link == "/system/"
        assert backups.run(now + timedelta(days=1)) is BackupOutcome.FAILED
        assert unread_count(cast.sysadmin) == 2
    assert backups.run(now + timedelta(days=1)) is BackupOutcome.MADE
    assert unread_count(cast.sysadmin) == 0
    assert status.read().failed_at == ""


def test_the_page_of_the_system_administrator_names_what_needs_doing(cast, own_backups, client, broker):
    broker.flushall()
    slow_pages.note("issues/<str:number>/", 3.25)
    slow_pages.note("issues/<str:number>/", 1.5)
    client.force_login(cast.sysadmin)
    page = client.get("/system/").content.decode()
    assert "还没有备份" in page
    assert "备份" in page.partition("需要处理，见下表")[0]
    assert "/issues/&lt;str:number&gt;/" in page
    assert "3.3" in page or "3.2" in page
    backups.run(timezone.now())
    page = client.get("/system/").content.decode()
    assert "最近一次 2022-06-08 12:00" in page


@pytest.mark.runtime
def test_a_backup_that_is_killed_leaves_nothing_that_looks_whole(cast, make_site, tmp_path):
    """It waits for ever at a stored file that is a pipe, and is killed there."""
    site = make_site()
    made = (
        "from accounts.models import User; from evidence.models import StoredFile;"
        "u = User.objects.create(username='u');"
        "StoredFile.objects.create(original_name='a', content_type='image/jpeg', size=1, sha256='0', width=1, height=1,"
        "uploaded_by=u, served_name='ab/cd/1', thumb_name='ab/cd/2', source_name='ab/cd/3')"
    )
    assert site.manage("shell", "-c", made).returncode == 0
    (site.folder / "files" / "ab" / "cd").mkdir(parents=True)
    os.mkfifo(site.folder / "files" / "ab" / "cd" / "1")
    target = tmp_path / "b.tar"
    command = [sys.executable, "manage.py", "backup", str(target)]
    process = subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=site.environment)
    wait_until(lambda: any(part.stat().st_size > 10_000 for part in parts(tmp_path)), seconds=60)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not target.exists()
    assert len(parts(tmp_path)) == 1
    (site.folder / "files" / "ab" / "cd" / "1").unlink()
    assert site.manage("backup", str(target)).returncode == 0


def parts(folder: Path) -> list[Path]:
    return list(folder.glob(".b.tar.*.part"))
