"""Proofs of what holds when a disk is full, a broker does not answer, files lie about: as tests/faults/proofs.py."""

import errno
import os
import tempfile
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from core import jobs, storage_state
from core.exceptions import Refused
from core.office_forms import fill_form
from core.tests.forms import VALUES, word
from evidence.domain import sweep
from evidence.tests.samples import photo
from tests.cast import covert_walk, open_walk
from tests.faults.proofs import browser
from tests.full_disk import full_disk

SPOOL = "django.core.files.temp.NamedTemporaryFile"


def a_full_disk_is_told_in_words(cast):
    with full_disk("core_auditentry"):
        answer = browser(cast.office).get(reverse("issues_export"))
    assert answer.status_code == 503
    assert "存储空间已满" in answer.content.decode()


def an_answer_that_found_no_room_is_no_damaged_file(cast):
    met: Exception | None = None
    with patch("core.child.tempfile.TemporaryFile", lambda: Path("/dev/full").open("r+b", buffering=0)):
        try:
            fill_form("docx", word("{{ 标题 }}没有填过"), VALUES)
        except (OSError, Refused) as error:
            met = error
    assert storage_state.is_full(met)


def a_form_is_not_carried_out_without_a_file_that_found_no_room(cast):
    walk = open_walk(cast)
    sent = {"stage": "queue", "note": "等了两小时", "idempotency_key": "k"}
    sent["photos"] = SimpleUploadedFile("大厅.jpg", photo(), "image/jpeg")
    no_room = OSError(errno.ENOSPC, "No space left on device")
    with override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=10), patch(SPOOL, side_effect=no_room):
        answer = browser(cast.principal).post(reverse("walk_step_add", args=[walk.pk]), sent)
    storage_state.forget()
    assert (answer.status_code, "等了两小时" in answer.text, walk.steps.count()) == (503, True, 1)


def a_full_disk_leaves_the_pages_readable(cast):
    client = browser(cast.office)
    with full_disk("django_session"):
        assert client.get(reverse("campaigns")).status_code == 200


def what_the_next_page_would_say_is_said_at_once_on_a_full_disk(cast):
    client = browser(cast.auditor)
    with full_disk("django_session"):
        answer = client.post(reverse("audit_verify"))
    assert "审计记录完整" in answer.content.decode()


def a_covert_walk_is_not_listed_when_its_trace_cannot_be_written(cast):
    walk = covert_walk(cast)
    client, listed = browser(cast.principal), reverse("walks") + "?tab=all"
    with full_disk("core_auditentry"):
        assert str(walk.pk) not in client.get(listed).content.decode()
    assert str(walk.pk) in client.get(listed).content.decode()


def nothing_is_sent_to_a_broker_that_does_not_answer(cast):
    sent = []
    with (
        override_settings(VALKEY_SOCKET=Path("/nowhere/valkey.sock")),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        jobs.enqueue(kind="k", label="导出", owner=cast.office, params={}, send=sent.append)
    assert sent == []


def swept(*, files: int, age: timedelta) -> int:
    """How many of so many files that no row names the nightly sweep deletes."""
    now = timezone.now()
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=Path(folder)):
        (Path(folder) / "ab").mkdir()
        for number in range(files):
            path = Path(folder) / "ab" / f"{number:032}"
            path.touch()
            os.utime(path, ((now - age).timestamp(),) * 2)
        return sweep.remove_orphans(now)


def a_file_being_written_is_not_swept(cast):
    assert swept(files=1, age=timedelta(hours=25)) == 1
    assert swept(files=1, age=timedelta(hours=23)) == 0


def files_of_another_database_are_not_swept(cast):
    assert swept(files=sweep.FEW + 1, age=timedelta(days=2)) == 0
