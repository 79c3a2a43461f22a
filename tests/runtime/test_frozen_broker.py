"""A broker that takes connections and never answers: nobody waits for it, and what was queued is sent when it is back.

The real Valkey of the test process is stopped by SIGSTOP.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import broker_state, jobs
from core.idempotency import new_key
from core.models import Job, JobState
from issues.exports import ledger as exports
from issues.tasks import export_ledger_job
from reports.tasks import requeue_stalled_jobs
from tests.cast import issue_in
from walkthrough.beat import ASK_AGAIN_SECONDS, Scheduler
from walkthrough.celery import app

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asked_anew")]

DELAYED = "后台队列没有响应：提醒延迟"


@contextmanager
def frozen(broker) -> Iterator[None]:
    pid = broker.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def at_once(seconds: float = 2.0) -> Iterator[None]:
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < seconds


def press(client, cast, kind: str, monkeypatch):
    if kind == "summary":
        return client.post(reverse("report_compile", args=[cast.campaign.code, "2022-06"]))
    monkeypatch.setattr(exports, "DIRECT_ROWS", 0)
    answer = client.post(reverse("issues_export"), {"reason": "报送汇总", "idempotency_key": new_key()})
    jobs.release(job=Job.objects.get(), actor=cast.office_second, now=timezone.now(), send=export_ledger_job.delay)
    return answer


@pytest.mark.parametrize("kind", ["summary", exports.JOB_KIND])
def test_long_work_is_queued_at_once_and_sent_when_the_broker_is_back(
    client, cast, broker, monkeypatch, kind, django_capture_on_commit_callbacks
):
    issue_in(cast, "rectifying")
    client.force_login(cast.office)
    with frozen(broker):
        with at_once(), django_capture_on_commit_callbacks(execute=True):
            answer = press(client, cast, kind, monkeypatch)
        with at_once():
            page = client.get(answer.url).text
        assert "已排队，队列恢复后开始" in page
        assert DELAYED in page
        with at_once():
            status = client.get(f"{answer.url}status/").json()
        assert (status["state"], status["message"][:12]) == (JobState.QUEUED, "已排队，队列恢复后开始。"[:12])
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    requeue_stalled_jobs()
    assert broker.llen("celery") == 1


def test_health_answers_within_two_seconds_and_pages_say_that_reminders_are_late(client, cast, broker, monkeypatch):
    client.force_login(cast.office)
    with frozen(broker):
        with at_once():
            report = client.get(reverse("readyz"))
        assert (report.status_code, report.json()["broker"]) == (503, "missing")
        with at_once():
            assert DELAYED in client.get(reverse("home")).text
        with at_once(0.9):  # the answer is believed for a while: not every page waits
            assert DELAYED in client.get(reverse("home")).text
    monkeypatch.setattr(broker_state, "_last", (float("-inf"), True))
    assert DELAYED not in client.get(reverse("home")).text


def test_publishing_gives_up_by_itself(broker):
    with frozen(broker), at_once(8), pytest.raises(Exception, match=r"(?i)timeout|timed out|time out"):
        requeue_stalled_jobs.delay()


def test_what_falls_due_meanwhile_is_not_taken_as_run(broker, tmp_path):
    scheduler = Scheduler(app=app, schedule_filename=str(tmp_path / "beat"), lazy=True)
    scheduler.setup_schedule()
    runs = {name: entry.total_run_count for name, entry in scheduler.schedule.items()}
    for entry in scheduler.schedule.values():
        entry.last_run_at = timezone.now() - timedelta(days=2)
    with frozen(broker), at_once():
        assert scheduler.tick() == ASK_AGAIN_SECONDS
    assert {name: entry.total_run_count for name, entry in scheduler.schedule.items()} == runs
    for _ in runs:
        scheduler.tick()
    assert all(entry.total_run_count == runs[name] + 1 for name, entry in scheduler.schedule.items())
    scheduler.close()
