"""A full disk: nothing is saved by halves, what was typed comes back, pages can be read, and room is enough to go on.

On SQLite; the errors of PostgreSQL are told from their words (core/storage_state.py). A limit of 0 bytes on the size
of a file makes every write of this process fail: database, photos, temporary files.
"""

import errno
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from accounts.scope import scope_of
from core import storage_state
from core.idempotency import new_key
from core.models import Job, JobState
from evidence.models import StoredFile
from evidence.tests.samples import photo
from issues.exports import ledger as exports
from issues.models import IssueEvent
from issues.tasks import export_ledger_job
from tests.cast import NOON, PASSWORD, covert_walk, issue_in, open_walk
from walks.domain.shown import VIEWED
from walks.models import Step
from walkthrough.held_database import hold_open

pytestmark = [pytest.mark.usefixtures("own_files"), pytest.mark.sqlite_file]

BANNER = "存储空间已满：目前只能查看，不能保存"
TYPED = "告知单已更新，正在印制"
LONG = "大厅排队两小时无人引导，" * 160


@contextmanager
def full_disk() -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@contextmanager
def full_database() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE filler (bytes)")
        [pages] = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            # Pages that were freed before are used up first. Each row takes one page and a little of the first one.
            with suppress(OperationalError):
                while True:
                    cursor.execute("INSERT INTO filler VALUES (zeroblob(4500))")
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
            cursor.execute("DROP TABLE filler")


@pytest.fixture
def world(transactional_db, cast) -> Iterator:
    yield cast
    storage_state.forget()


@pytest.fixture
def browser(world) -> Callable[[str], Client]:
    """``browser(persona)``: signed in, last seen two minutes ago, so that each page begins with a write."""

    def enter(persona: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(getattr(world, persona), backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["last_seen_at"] = int(NOON.timestamp()) - 120
        session.save()
        return client

    return enter


def assert_refused(answer, *typed: str) -> None:
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    text = answer.content.decode()
    for words in ("存储空间已满，没有保存", "已有记录没有改变", "不需要重启系统", *typed):
        assert words in text


@pytest.mark.parametrize("trouble", [full_disk, full_database])
def test_what_was_typed_comes_back_and_is_saved_once_there_is_room(world, browser, trouble):
    walk = open_walk(world)
    client, url = browser("principal"), reverse("walk_step_add", args=[walk.pk])
    body = {"stage": "queue", "note": LONG + "<b>", "happened_at": "2022-06-08T11:30", "idempotency_key": new_key()}
    with trouble():
        answer = client.post(url, body)
        assert_refused(answer, LONG + "&lt;b&gt;", body["idempotency_key"], f'action="{url}"', "重新提交")
        assert walk.steps.count() == 1
        assert client.get(reverse("walk", args=[walk.pk])).status_code == 200
    assert client.post(url, body).status_code == 302
    assert client.post(url, body).status_code == 302
    assert Step.objects.get(stage="queue").note == body["note"]


def test_an_action_is_refused_whole(world, browser):
    issue = issue_in(world, "rectifying")
    url = reverse("issue_act", args=[issue.number, "note_progress"])
    body = {"note": TYPED, "progress": TYPED, "version": issue.version, "idempotency_key": new_key()}
    client, events = browser("liaison"), IssueEvent.objects.count()
    with full_disk():
        assert_refused(client.post(url, body), TYPED)
    issue.refresh_from_db()
    assert (issue.progress, IssueEvent.objects.count()) == ("", events)
    assert client.post(url, body).status_code == 302


def test_the_api_says_so_in_json_and_takes_the_same_key_afterwards(world, browser):
    issue, client = issue_in(world, "assigned"), browser("second_liaison")
    url = f"/api/v1/issues/{issue.number}/actions/accept/"
    headers = {"Idempotency-Key": "full", "If-Match": f'"{issue.version}"'}
    with full_disk():
        answer = client.post(url, {}, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Retry-After"], answer.json()["rule"]) == (503, "30", "full")
    assert client.post(url, {}, content_type="application/json", headers=headers).status_code == 200


def test_signing_in_is_refused_in_words_and_the_password_is_not_on_the_page(world):
    client = Client(raise_request_exception=False)
    with full_disk():
        answer = client.post(reverse("login"), {"username": "liaison", "password": PASSWORD})
    assert_refused(answer)
    assert PASSWORD not in answer.content.decode()
    assert client.post(reverse("login"), {"username": "liaison", "password": PASSWORD}).status_code == 302


def test_pages_are_read_although_the_session_cannot_be_written(world, browser):
    issue = issue_in(world, "rectifying")
    client = browser("office")
    names = ("home", "walks", "issues", "reports", "campaigns", "notices", "password")
    with full_disk():
        answers = [client.get(reverse(name)) for name in names]
        answers += [client.get(reverse("issue", args=[issue.number])), client.get("/api/v1/issues/")]
        assert [answer.status_code for answer in answers] == [200] * len(answers)
        assert BANNER in client.get(reverse("home")).content.decode()
    assert client.get(reverse("home")).status_code == 200
    assert client.session["last_seen_at"] == int(NOON.timestamp())


def test_what_the_next_page_would_have_said_is_said_at_once(world, browser):
    client = browser("auditor")
    with full_disk():
        answer = client.post(reverse("audit_verify"))
        assert "审计记录完整" in answer.content.decode()
        assert f'href="{reverse("audit")}"' in answer.content.decode()
        # The browser keeps the draft of a form that was refused; this one was not.
        assert "data-saved" in answer.content.decode()
    assert client.post(reverse("audit_verify")).status_code == 302


def test_a_workbook_is_not_handed_out_by_halves(world, browser):
    issue_in(world, "rectifying")
    client = browser("office")
    with full_disk():
        answer = client.get(reverse("issues_export"))
        assert answer.status_code == 503
        assert "这一步需要留存记录，暂时不能办理" in answer.content.decode()
    assert client.get(reverse("issues_export")).getvalue().startswith(b"PK")


def test_photos_leave_no_file_and_no_row(world, browser, settings):
    walk = open_walk(world)
    client, url = browser("principal"), reverse("walk_step_add", args=[walk.pk])

    def body() -> dict:
        picture = SimpleUploadedFile("大厅.jpg", photo(), "image/jpeg")
        return {"stage": "queue", "note": LONG, "photos": [picture], "idempotency_key": new_key()}

    with full_disk():
        answer = client.post(url, body())
    assert answer.status_code == 503
    text = answer.content.decode()
    assert "服务器存储空间不足或不可写" in text
    assert LONG in text
    assert not StoredFile.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    assert client.post(url, body()).status_code == 302
    assert walk.steps.get(stage="queue").photos.count() == 1


@pytest.mark.parametrize("fields_first", [True, False])
def test_what_stands_beside_an_upload_that_found_no_room_is_shown(world, browser, settings, fields_first):
    """Large uploads are put into the temporary folder before any view begins."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    walk = open_walk(world)
    client, url = browser("principal"), reverse("walk_step_add", args=[walk.pk])

    def body() -> dict:
        fields = {"stage": "queue", "note": LONG, "idempotency_key": new_key()}
        photos = {"photos": [SimpleUploadedFile(name, photo(), "image/jpeg") for name in ("大厅.jpg", "窗口.jpg")]}
        return fields | photos if fields_first else photos | fields

    with full_disk():
        answer = client.post(url, body())
        assert_refused(answer, LONG, "照片和文件需重新选择")
        assert "重新提交" not in answer.content.decode()
        assert walk.steps.count() == 1
    assert client.post(url, body()).status_code == 302
    assert walk.steps.get(stage="queue").photos.count() == 2


def test_a_file_that_found_no_room_is_not_left_out_silently(world, browser, settings):
    """There may be room for the record and none for the file: nothing is saved without it."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    walk = open_walk(world)
    client, url = browser("principal"), reverse("walk_step_add", args=[walk.pk])
    sent = {"stage": "queue", "note": LONG, "idempotency_key": new_key()}
    no_room = OSError(errno.ENOSPC, "No space left on device")
    with patch("django.core.files.temp.NamedTemporaryFile", side_effect=no_room):
        answer = client.post(url, sent | {"photos": [SimpleUploadedFile("大厅.jpg", photo(), "image/jpeg")]})
    assert_refused(answer, LONG)
    assert walk.steps.count() == 1


def test_a_job_waits_for_room_and_leaves_no_file(world, settings, tmp_path):
    settings.JOBS_ROOT = tmp_path / "jobs"
    issue_in(world, "rectifying")
    rights = scope_of(world.office).fingerprint
    job = Job.objects.create(
        kind=exports.JOB_KIND, label="导出", owner=world.office, rights=rights, params={"query": ""}
    )
    with full_disk(), pytest.raises(OperationalError):
        export_ledger_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.attempts, settings.JOBS_ROOT.exists()) == (JobState.QUEUED, 0, False)
    export_ledger_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert [path.name for path in settings.JOBS_ROOT.iterdir()] == [job.file_path]


def test_a_covert_walk_is_not_shown_without_its_trace_and_open_ones_are(world, browser):
    hidden, shown = covert_walk(world), open_walk(world)
    client = browser("principal")
    listed, address = reverse("walks") + "?tab=all", reverse("walk", args=[hidden.pk])
    assert address in client.get(listed).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse_core_auditentry_delete")
        cursor.execute("DELETE FROM core_auditentry WHERE action = %s", [VIEWED])
    with full_disk():
        text = client.get(listed).content.decode()
        assert address not in text
        assert reverse("walk", args=[shown.pk]) in text
        assert BANNER in text
        assert client.get(address).status_code == 503
        assert client.get(reverse("walk", args=[shown.pk])).status_code == 200
    assert address in client.get(listed).content.decode()
    assert client.get(address).status_code == 200


def test_only_who_lost_a_row_is_told_of_a_trace_that_was_not_written(world):
    storage_state.note_full(world.principal.pk)
    assert storage_state.was_full(world.principal.pk)
    assert not storage_state.was_full(world.office.pk)
    storage_state.note_full()
    assert storage_state.was_full(world.office.pk)


def test_only_an_error_of_the_disk_counts_as_one():
    for words in ('could not extend file "base/5/1": No space left on device', "database or disk is full"):
        assert storage_state.is_full(OperationalError(words))
    assert not storage_state.is_full(OperationalError("no such table: t"))
    assert not storage_state.is_full(FileNotFoundError(2, "absent"))


def test_as_long_as_a_connection_is_held_open_the_database_can_be_read(transactional_db):
    connection.close()
    with full_disk(), pytest.raises(OperationalError):
        Job.objects.exists()
    connection.close()
    held = hold_open()
    with full_disk():
        assert not Job.objects.exists()
    held.close()
