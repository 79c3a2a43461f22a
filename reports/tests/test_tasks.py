"""Tasks with a real broker and real workers: done once, also when a worker dies in the middle."""

import os
import signal
import sqlite3
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import jobs
from core.models import AuditEntry, Job, JobState
from issues.exports.ledger import JOB_KIND as LEDGER_EXPORT
from reports.domain.compile import period_in, request
from reports.models import Summary
from reports.tasks import SENDERS, compile_summary, requeue_stalled_jobs
from tests.cast import build_cast
from tests.plugin import wait_until

pytestmark = pytest.mark.both_databases


@contextmanager
def nobody_writes_jobs():
    """Hold the lock that the claim of a job has to wait for, as a long write of somebody else would."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE core_job IN EXCLUSIVE MODE")
            yield
        return
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


def press(cast, send) -> Job:
    period = period_in(cast.campaign, "2022-06")
    return request(campaign=cast.campaign, period=period, actor=cast.office, send=send)


def is_done(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, state=JobState.DONE).exists()


@pytest.mark.runtime
def test_a_killed_workers_job_is_done_by_another_exactly_once(start_worker, broker):
    cast = build_cast()
    job = press(cast, lambda pk: None)
    first = start_worker()
    # The worker takes the message and waits at the claim, until it is killed.
    with nobody_writes_jobs():
        compile_summary.delay(str(job.pk))
        wait_until(lambda: broker.hlen("unacked") == 1, seconds=60)
        os.killpg(first.process.pid, signal.SIGKILL)
        first.process.wait()
    # The dead worker's message stays out of reach for half an hour; the minute round does not wait for it.
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    start_worker()
    requeue_stalled_jobs.delay()
    wait_until(lambda: is_done(job), seconds=60)
    # And when it comes back after all, there is nothing left to do.
    compile_summary(str(job.pk))
    assert Job.objects.get().attempts == 1
    assert Summary.objects.count() == 1
    assert AuditEntry.objects.filter(action="summary.compiled").count() == 1


@pytest.mark.runtime
def test_a_job_whose_lease_ran_out_is_sent_again_and_done_once(start_worker):
    cast = build_cast()
    job = press(cast, lambda pk: None)
    jobs.claim(job.pk)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    start_worker()
    requeue_stalled_jobs.delay()
    wait_until(lambda: is_done(job), seconds=60)
    assert Job.objects.get().attempts == 2
    assert AuditEntry.objects.filter(action="summary.compiled").count() == 1


@pytest.mark.django_db
def test_a_job_in_good_hands_is_not_sent_again(broker):
    broker.flushall()
    running = press(build_cast(), lambda pk: None)
    jobs.claim(running.pk)
    requeue_stalled_jobs()
    assert broker.llen("celery") == 0


@pytest.mark.django_db
def test_a_message_that_was_lost_is_sent_again_once_a_round(broker):
    broker.flushall()
    press(build_cast(), lambda pk: None)
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    requeue_stalled_jobs()
    assert broker.llen("celery") == 1


@pytest.mark.django_db
def test_a_job_that_kept_failing_its_worker_is_given_up_in_words(broker):
    broker.flushall()
    job = press(build_cast(), lambda pk: None)
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.update(state=JobState.RUNNING, attempts=jobs.MAX_ATTEMPTS, lease_until=past)
    requeue_stalled_jobs()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "重试" in job.message
    assert broker.llen("celery") == 0


@pytest.mark.django_db
def test_files_past_their_day_are_deleted_and_the_row_stays(settings, tmp_path):
    settings.JOBS_ROOT = tmp_path
    job = Job.objects.create(kind="k", label="导出", owner=None)
    claimed = jobs.claim(job.pk)
    path, sha = jobs.write_file(claimed, lambda out: out.write(b"x"))
    jobs.finish(claimed, file=("a.xlsx", path, sha))
    Job.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    requeue_stalled_jobs()
    assert list(tmp_path.iterdir()) == []
    assert Job.objects.get().file_name == "a.xlsx"


def test_every_kind_of_job_has_a_sender():
    assert set(SENDERS) == {"summary", "unit-pack", "paper-pdf", LEDGER_EXPORT}


@pytest.mark.django_db
def test_a_kind_nobody_knows_is_named_in_the_log(caplog):
    job = Job.objects.create(kind="unheard", label="？", owner=None)
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    requeue_stalled_jobs()
    assert f"job {job.pk} is of the unknown kind unheard" in caplog.text
