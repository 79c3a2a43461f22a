"""What beat sweeps every night: one thing that goes and one that stays, for each."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.tasks import clear_sessions
from core.models import IdempotencyKey, Job, JobState
from core.tasks import purge_jobs, purge_keys
from evidence.domain import sweep
from evidence.domain.store import accept_photo, open_served
from evidence.tasks import sweep_files
from evidence.tests.samples import photo, upload

pytestmark = pytest.mark.django_db


def age(path: Path, hours: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    moment = timezone.now().timestamp() - hours * 3600
    os.utime(path, (moment, moment))
    return path


def test_beat_sends_every_task_by_a_name_that_a_worker_knows():
    current_app.loader.import_default_modules()
    nightly = {"clear_sessions", "purge_keys", "purge_jobs", "sweep_files", "sweep_waiting"}
    tasks = {entry["task"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks <= current_app.tasks.keys()
    assert nightly <= {name.rpartition(".")[2] for name in tasks}
    reminders = {name for name in current_app.tasks if ".make_" in name}
    assert len(reminders) == 13
    assert reminders <= tasks


def test_sessions_past_their_time_go():
    for name, days in (("over", -1), ("open", 1)):
        Session.objects.create(session_key=name, session_data="", expire_date=timezone.now() + timedelta(days=days))
    clear_sessions()
    assert [session.session_key for session in Session.objects.all()] == ["open"]


def test_keys_of_submits_go_after_thirty_days(cast):
    for name, days in (("old", 31), ("recent", 29)):
        key = IdempotencyKey.objects.create(user=cast.liaison, key=name, scope="s", digest="d")
        IdempotencyKey.objects.filter(pk=key.pk).update(created_at=timezone.now() - timedelta(days=days))
    purge_keys()
    assert [key.key for key in IdempotencyKey.objects.all()] == ["recent"]


def test_jobs_that_ended_long_ago_go_with_their_files(settings, tmp_path):
    settings.JOBS_ROOT = tmp_path
    now = timezone.now()
    old = {"state": JobState.DONE, "finished_at": now - timedelta(days=31), "expires_at": now - timedelta(days=30)}
    made = {
        "old": old | {"file_path": "old"},
        "failed": old | {"state": JobState.FAILED, "expires_at": None},
        "expired": {
            "state": JobState.DONE,
            "finished_at": now - timedelta(days=2),
            "expires_at": now,
            "file_path": "e",
        },
        "kept": {"state": JobState.DONE, "finished_at": now, "expires_at": now + timedelta(hours=1), "file_path": "k"},
        "waiting": {"state": JobState.QUEUED},
    }
    for name, facts in made.items():
        Job.objects.create(kind="k", label=name, owner=None, **facts)
    for name, hours in (("old", 700), ("e", 48), ("k", 30), ("lost.part", 25), ("being-written.part", 0)):
        age(tmp_path / name, hours)
    purge_jobs()
    assert sorted(Job.objects.values_list("label", flat=True)) == ["expired", "kept", "waiting"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["being-written.part", "k"]


def test_files_that_no_row_names_go_after_a_day(cast, own_files, settings):
    kept = accept_photo(upload=upload(photo()), actor=cast.liaison)
    root = settings.MEDIA_ROOT
    for name in (kept.source_name, kept.served_name, kept.thumb_name):
        age(root / name, 1000)
    orphans = [age(root / "ab" / "cd" / name, 25) for name in ("a" * 32, "b" * 32 + ".part")]
    fresh = age(root / "ab" / "cd" / ("c" * 32 + ".part"), 23)
    sweep_files()
    assert [path.exists() for path in (*orphans, fresh)] == [False, False, True]
    open_served(kept).close()


def test_nothing_is_swept_when_the_files_belong_to_another_database(cast, own_files, settings, monkeypatch, caplog):
    monkeypatch.setattr(sweep, "FEW", 1)
    paths = [age(settings.MEDIA_ROOT / "ab" / "cd" / f"{number:032}", 48) for number in range(2)]
    sweep_files()
    assert all(path.exists() for path in paths)
    assert "2 of 2 files have no row; none deleted" in caplog.text
