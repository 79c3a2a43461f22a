"""Mutation tests of backup and restore: as ``test_rights_mutations``.

The proofs write a backup of the empty database that the tests keep; what a restore builds is tried in
``tests/flows/test_backup.py``.
"""

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import override_settings
from django.utils import timezone

from core.backup import container, making, manifest, nightly, restoring, status
from core.backup.nightly import BackupOutcome
from core.exceptions import Refused
from tests.faults.fault import Fault, FaultTests, replaced, rewritten

pytestmark = pytest.mark.django_db

OTHER_KEY = "another-key-another-key-another-key-another"
NIGHT = timezone.now()


def no_names(alias):
    return []


@contextmanager
def folder():
    """A data folder of the proof's own."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        paths = {"VAR_DIR": path, "MEDIA_ROOT": path / "files", "BACKUP_DIR": path / "backups"}
        with override_settings(**paths, AUDIT_ANCHORS=path / "audit" / "anchors.jsonl"):
            yield path


def written(path: Path) -> Path:
    making.make(path, stored_names=no_names, version="1", now=timezone.now())
    return path


def head() -> manifest.Header:
    return manifest.header(version="1", made_at="2022-06-20", database=1, files=0)


def a_wrong_key_restores_nothing(cast):
    said = head()
    for name in manifest.KEYS:
        with override_settings(**{name: OTHER_KEY}), pytest.raises(Refused):
            manifest.require_fit(said)


def a_newer_version_restores_nothing(cast):
    said = head()
    with pytest.raises(Refused):
        manifest.require_fit(replace(said, migrations=[*said.migrations, "core.9999_later"]))


def an_older_version_restores_nothing(cast):
    said = head()
    with pytest.raises(Refused):
        manifest.require_fit(replace(said, migrations=said.migrations[:-1]))


def other_tables_restore_nothing(cast):
    said = head()
    with pytest.raises(Refused):
        manifest.require_fit(replace(said, columns=said.columns | {"core_job": ["id"]}))


def a_changed_list_of_contents_is_refused(cast):
    first = manifest.write_header(head())
    text = manifest.write_contents(manifest.Contents(), first)
    with pytest.raises(Refused):
        manifest.read_contents(text.replace(b'"missing":0', b'"missing":1'), first)


def contents_of_another_backup_are_refused(cast):
    text = manifest.write_contents(manifest.Contents(), manifest.write_header(head()))
    with pytest.raises(Refused):
        manifest.read_contents(text, b"{}")


def rows_that_were_changed_are_found(cast):
    with folder() as path:
        file = written(path / "b.tar")
        with (
            patch("core.backup.restoring._digest", lambda lines: {"rows": len(list(lines)), "sha256": "other"}),
            pytest.raises(Refused),
        ):
            restoring.check(file)


def data_are_not_replaced_unasked(cast):
    with folder() as path:
        file = written(path / "b.tar")
        # What follows the guard is not carried out here: it would build a database.
        with patch("core.backup.restoring.check", side_effect=AssertionError), pytest.raises(Refused):
            restoring.restore(file, replace=False, now=timezone.now())


def a_file_is_not_overwritten(cast):
    with folder() as path:
        file = written(path / "b.tar")
        with pytest.raises(Refused):
            written(file)


def a_full_disk_is_said_first(cast):
    with folder() as path, patch.object(making.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1})()):
        with pytest.raises(Refused):
            written(path / "b.tar")
        assert list(path.glob("*.tar")) == []


def a_name_leads_out_of_no_folder(cast):
    with folder() as path:
        with (path / "b.tar").open("wb") as out, container.BackupWriter(out, path) as archive:
            archive.add(f"{container.FILES}../../x", b"x")
        with container.BackupReader(path / "b.tar") as archive, pytest.raises(Refused):
            next(archive.files())


def nobody_else_reads_the_file(cast):
    with folder() as path:
        assert written(path / "b.tar").stat().st_mode & 0o077 == 0


def an_interrupted_backup_looks_like_none(cast):
    with folder() as path:
        with (
            patch("core.backup.container.BackupWriter.add_table", side_effect=KeyboardInterrupt),
            pytest.raises(KeyboardInterrupt),
        ):
            written(path / "b.tar")
        assert list(path.iterdir()) == []


def only_nightly_backups_are_deleted_and_only_the_oldest(cast):
    with folder() as path, override_settings(BACKUP_KEEP=2):
        (path / "backups").mkdir()
        names = [f"walkthrough-2022060{day}.tar" for day in range(1, 5)]
        for name in (*names, "by-hand.tar", "walkthrough-before-update.tar"):
            (path / "backups" / name).touch()
        nightly._rotate(path / "backups")
        left = sorted(entry.name for entry in (path / "backups").iterdir())
        assert left == ["by-hand.tar", *names[2:], "walkthrough-before-update.tar"]


def one_a_day(cast):
    with folder() as path:
        assert back_up(NIGHT) is BackupOutcome.MADE
        [file] = path.glob("backups/*.tar")
        before = file.stat().st_mtime_ns
        assert back_up(NIGHT) is BackupOutcome.NOTHING
        assert file.stat().st_mtime_ns == before
        assert status.read().failed_at == ""


def back_up(now) -> BackupOutcome:
    return nightly.back_up(stored_names=no_names, version="1", now=now)


def a_failure_is_kept_beside_the_last_good_one(cast):
    with folder() as path:
        assert back_up(NIGHT) is BackupOutcome.MADE
        good = status.read()
        with patch.object(making.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1})()):
            assert back_up(NIGHT + timedelta(days=1)) is BackupOutcome.FAILED
        last = status.read()
        assert (last.file, last.at) == (good.file, good.at)
        assert "空间不足" in last.reason
        assert len(list(path.glob("backups/*.tar"))) == 1


def what_cannot_be_read_back_is_no_backup(cast):
    with folder() as path, patch("core.backup.restoring._sha256", lambda pieces: "0"):
        with patch("core.backup.restoring._digest", lambda lines: {"rows": len(list(lines)), "sha256": "other"}):
            assert back_up(NIGHT) is BackupOutcome.FAILED
        assert list(path.glob("backups/*.tar")) == []


FIT = "core.backup.manifest.require_fit"
CONTENTS = "core.backup.manifest.read_contents"

FAULTS = [
    Fault(a_wrong_key_restores_nothing, rewritten(FIT, "said.keys.get(name) != own[name]", "False")),
    Fault(a_newer_version_restores_nothing, rewritten(FIT, "sorted(wanted - have)", "[]")),
    Fault(an_older_version_restores_nothing, rewritten(FIT, "sorted(have - wanted)", "[]")),
    Fault(other_tables_restore_nothing, rewritten(FIT, "said.columns != (present := _columns())", "False")),
    Fault(a_changed_list_of_contents_is_refused, rewritten(CONTENTS, "not is_authentic or ")),
    Fault(
        contents_of_another_backup_are_refused,
        rewritten(CONTENTS, 'body.pop("header") != hashlib.sha256(head).hexdigest()', 'not body.pop("header")'),
    ),
    Fault(rows_that_were_changed_are_found, replaced("core.backup.restoring._compare", lambda found, wanted: None)),
    Fault(
        data_are_not_replaced_unasked, rewritten("core.backup.restoring._require_free", " and not replace", " and 0")
    ),
    Fault(a_file_is_not_overwritten, rewritten("core.backup.making.make", "path.exists()", "False")),
    Fault(a_full_disk_is_said_first, replaced("core.backup.making.require_room", lambda folder, needed: None)),
    Fault(
        a_name_leads_out_of_no_folder,
        rewritten("core.backup.container.BackupReader.files", 'path.is_absolute() or ".." in path.parts or ', ""),
    ),
    Fault(nobody_else_reads_the_file, rewritten("core.backup.making._write", "os.fchmod(out.fileno(), 0o600)", "pass")),
    Fault(
        an_interrupted_backup_looks_like_none,
        replaced("core.backup.making.write_atomically", lambda path, write_to: write_to(path.open("wb", buffering=0))),
    ),
    Fault(
        only_nightly_backups_are_deleted_and_only_the_oldest,
        rewritten("core.backup.nightly._rotate", "{'[0-9]' * 8}", "*"),
    ),
    Fault(one_a_day, rewritten("core.backup.nightly.back_up", " or path.exists()")),
    Fault(
        a_failure_is_kept_beside_the_last_good_one,
        rewritten("core.backup.status.note_failed", "asdict(read()) | "),
    ),
    Fault(what_cannot_be_read_back_is_no_backup, rewritten("core.backup.nightly.make_checked", "check(path)", "pass")),
]


class TestBackupFaults(FaultTests):
    """Of the table above."""
