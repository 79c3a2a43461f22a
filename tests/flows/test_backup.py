"""``backup`` and ``restore``: what one writes the other makes again elsewhere, on both databases."""

import json
import sqlite3
import tarfile
import threading
import tracemalloc
import uuid
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from accounts.models import User
from core import audit
from core.anchors import write_anchor
from core.audit import verify
from core.backup import making, manifest, rows
from core.backup.making import make
from core.backup.restoring import check, restore
from core.backup.second import opened
from core.backup.targets import target
from core.exceptions import Refused
from core.models import AuditEntry
from evidence.domain.names import stored_names
from evidence.domain.store import accept_photo
from evidence.models import StoredFile
from evidence.tests.samples import photo, upload
from issues.models import Issue
from notifications.models import Notice
from tests.cast import build_cast, issue_in
from tests.installation import Installation
from tests.scale import scaled

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def make_installation(db, tmp_path):
    made = []

    def new(name):
        made.append(Installation(tmp_path / name))
        return made[-1]

    yield new
    for installation in made:
        installation.remove()


@pytest.fixture
def here(make_installation):
    installation = make_installation("here")
    with installation.used():
        yield installation


def back_up(path: Path):
    return make(path, stored_names=stored_names, version="0.1.0", now=timezone.now())


@contextmanager
def pairs_written(installation):
    """While this is open another thread appends audit entries, two in each transaction."""
    go_on, begun = threading.Event(), threading.Event()
    go_on.set()

    def write() -> None:
        with installation.connected():
            while go_on.is_set():
                audit.record_each(actor=None, action="pair", object_type="", keys=["a", "b"])
                begun.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(30)
    try:
        yield
    finally:
        go_on.clear()
        thread.join()


def test_what_is_written_meanwhile_does_not_tear_the_backup_and_another_machine_is_made_equal(
    here, make_installation, tmp_path
):
    """Rows, files, anchors, numbers and triggers; what was there before is moved aside. By the commands people run."""
    cast = build_cast()
    issue = issue_in(cast, "closed")
    accept_photo(upload=upload(photo()), actor=cast.liaison)
    gone = notice(cast.liaison.pk).pk
    Notice.objects.filter(pk=gone).delete()
    write_anchor(timezone.now())
    file = tmp_path / "all.tar"
    with pairs_written(here):
        call_command("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    assert check(file).files["count"] == 3

    there = make_installation("there")
    with there.used():
        User.objects.create(username="old")
        (there.folder / "files" / "ab").mkdir(parents=True)
        (there.folder / "files" / "ab" / "old.jpg").write_bytes(b"old")
        with pytest.raises(CommandError, match=r"本机已有数据（1 个账号）(.|\n)*--replace"):
            call_command("restore", str(file))
        assert [user.username for user in User.objects.all()] == ["old"]
        call_command("restore", str(file), "--replace")
        old_data_are_aside(there)
        assert AuditEntry.objects.filter(action="pair").count() % 2 == 0
        assert AuditEntry.objects.filter(action="pair").exists()
        assert verify().ok
        assert Issue.objects.get().number == issue.number
        again = back_up(tmp_path / "again.tar")
        assert again.contents.digest == check(file).digest
        assert members(file) == members(tmp_path / "again.tar")
        stored = StoredFile.objects.get()
        for name in (stored.source_name, stored.served_name, stored.thumb_name):
            assert (there.folder / "files" / name).read_bytes() == (here.folder / "files" / name).read_bytes()
        assert notice(cast.liaison.pk).pk > gone
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM core_auditentry")


def notice(user_id: int) -> Notice:
    return Notice.objects.create(
        recipient_id=user_id, kind="k", text="文字", dedupe_key="k", batch=uuid.uuid4(), created_at=timezone.now()
    )


def members(path: Path) -> dict[str, bytes]:
    """The packed bytes of everything but what tells when it was written."""
    with tarfile.open(path) as archive:
        names = [name for name in archive.getnames() if name not in ("header.json", "manifest.json")]
        return {name: archive.extractfile(name).read() for name in names}


def old_data_are_aside(there) -> None:
    """Moved, not deleted: the account, and the stored file."""
    assert not User.objects.filter(username="old").exists()
    [kept] = there.folder.glob("files.before-restore-*")
    assert (kept / "ab" / "old.jpg").read_bytes() == b"old"
    if connection.vendor == "sqlite":
        [file] = there.folder.glob("db.sqlite3.before-restore-*")
        with closing(sqlite3.connect(file)) as old:
            assert old.execute("SELECT username FROM accounts_user").fetchall() == [("old",)]
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'")
        [(schema,)] = cursor.fetchall()
        cursor.execute(f"SELECT username FROM {schema}.accounts_user")
        assert cursor.fetchall() == [("old",)]


def whole(tmp_path) -> Path:
    path = tmp_path / "whole.tar"
    back_up(path)
    return path


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused(here, tmp_path, share):
    path = whole(tmp_path)
    content = path.read_bytes()
    end = content.rindex(b"manifest.json") + 600
    path.write_bytes(content[: int(end * share)])
    with pytest.raises(Refused, match="没有改动任何数据"):
        restore(path, replace=True, now=timezone.now())


def test_a_changed_byte_is_found_wherever_it_is(here, tmp_path):
    cast = build_cast()
    accept_photo(upload=upload(photo()), actor=cast.liaison)
    path = whole(tmp_path)
    content = path.read_bytes()
    with tarfile.open(path) as archive:
        places = [member.offset_data + member.size // 2 for member in archive if member.size]
    step = max(1, len(places) // scaled(8, len(places)))
    for place in places[::step]:
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(Refused):
            check(path)


def test_an_entry_with_a_size_that_no_file_has_is_refused(here, tmp_path):
    """The header is sound, and the next entry would stand at a place that no number holds."""
    path = whole(tmp_path)
    with tarfile.open(path) as archive:
        at = next(one.offset for one in archive if one.name.startswith("data/"))
    content = bytearray(path.read_bytes())
    content[at + 124] = 0xFF
    content[at + 148 : at + 156] = b" " * 8
    content[at + 148 : at + 156] = b"%06o\0 " % sum(content[at : at + 512])
    path.write_bytes(bytes(content))
    with pytest.raises(Refused, match="没有改动任何数据"):
        check(path)


@pytest.mark.parametrize("content", [b"", b"no archive at all" * 100, b"\0" * 20480])
def test_what_is_no_backup_is_refused_in_words(here, tmp_path, content):
    path = tmp_path / "x.tar"
    path.write_bytes(content)
    with pytest.raises(Refused, match="没有改动任何数据"):
        restore(path, replace=False, now=timezone.now())


def test_a_wrong_key_is_refused_and_no_key_is_in_the_file(here, tmp_path, settings):
    path = whole(tmp_path)
    content = path.read_bytes()
    for name in ("SECRET_KEY", "AUDIT_KEY"):
        assert getattr(settings, name).encode() not in content
    for name in ("SECRET_KEY", "AUDIT_KEY"):
        kept = getattr(settings, name)
        setattr(settings, name, "another-key-another-key-another-key-another")
        with pytest.raises(Refused, match=f"密钥不符：{name} 不是备份时使用的密钥"):
            restore(path, replace=False, now=timezone.now())
        setattr(settings, name, kept)


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("_migrations", lambda real: [*real, "core.9999_later"], "比本机的版本新（core.9999_later）"),
        ("_migrations", lambda real: [one for one in real if one != "issues.0002_triggers"], "旧（缺 issues.0002"),
        ("_columns", lambda real: real | {"core_job": ["id"]}, "表结构与本机的版本不同（core_job）"),
    ],
)
def test_a_backup_of_another_version_is_refused_in_words(here, tmp_path, monkeypatch, name, changed, said):
    real = getattr(manifest, name)
    with monkeypatch.context() as patch:
        patch.setattr(manifest, name, lambda: changed(real()))
        path = whole(tmp_path)
    with pytest.raises(Refused) as refused:
        restore(path, replace=False, now=timezone.now())
    assert said in refused.value.message


def test_too_little_room_is_said_before_anything_is_written(here, tmp_path, monkeypatch):
    accept_photo(upload=upload(photo()), actor=build_cast().liaison)
    path = whole(tmp_path)
    monkeypatch.setattr(making.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(Refused, match=r"空间不足：.*剩余 1 MB"):
        restore(path, replace=True, now=timezone.now())
    with pytest.raises(Refused, match="空间不足"):
        back_up(tmp_path / "other.tar")
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["whole.tar"]


def test_a_database_that_others_use_is_left_alone(here):
    """On SQLite the lock of the data folder says so, which ``manage.py restore`` takes first."""
    target().require_alone()
    if connection.vendor == "postgresql":
        with opened("other", lambda own: None) as other:
            other.ensure_connection()
            with pytest.raises(Refused, match="还有 1 个程序连接着这个数据库"):
                target().require_alone()


def test_an_existing_file_is_not_overwritten(here, tmp_path):
    (tmp_path / "kept.tar").write_text("kept")
    with pytest.raises(CommandError, match="已经存在，没有覆盖"):
        call_command("backup", str(tmp_path / "kept.tar"))
    assert (tmp_path / "kept.tar").read_text() == "kept"


def test_a_stored_file_that_is_lost_is_counted_and_the_rest_is_kept(here, tmp_path, capsys):
    stored = accept_photo(upload=upload(photo()), actor=build_cast().liaison)
    (here.folder / "files" / stored.thumb_name).unlink()
    call_command("backup", str(tmp_path / "less.tar"), "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["files"], said["missing"]) == (2, 1)
    assert said["tables"]["evidence_storedfile"] == 1
    assert said["digest"] == check(tmp_path / "less.tar").digest


def test_memory_does_not_grow_with_the_files(here, tmp_path):
    stored = accept_photo(upload=upload(photo()), actor=build_cast().liaison)
    with (here.folder / "files" / stored.source_name).open("r+b") as file:
        file.truncate(scaled(48, 512) * 1024 * 1024)
    tracemalloc.start()
    try:
        back_up(tmp_path / "big.tar")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 24 * 1024 * 1024


def test_sessions_stay_where_they_are(here):
    assert "django_session" not in {table.name for table in rows.tables()}
