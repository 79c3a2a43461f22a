"""Jobs: claimed once, resumed after a lost lease, files whole or absent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from core import jobs
from core.models import Job, JobState

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.JOBS_ROOT = tmp_path / "jobs"
    return settings.JOBS_ROOT


@pytest.fixture
def job(django_capture_on_commit_callbacks):
    owner = User.objects.create(username="u", name="测试")
    sent = []
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue(kind="k", label="导出", owner=owner, params={"a": 1}, send=sent.append, dedupe_key="x")
    assert sent == [str(job.pk)]
    return job


def test_a_second_press_returns_the_waiting_job(job):
    again = jobs.enqueue(kind="k", label="导出", owner=job.owner, params={}, send=lambda pk: None, dedupe_key="x")
    assert again.pk == job.pk
    assert Job.objects.count() == 1


def test_only_one_worker_claims_it(job):
    assert jobs.claim(job.pk).attempts == 1
    assert jobs.claim(job.pk) is None


def test_a_lost_lease_is_claimed_again_and_the_first_worker_can_no_longer_write(job):
    first = jobs.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert [pk for pk, _ in jobs.stalled()] == [str(job.pk)]
    second = jobs.claim(job.pk)
    assert second.attempts == 2
    assert not jobs.advance(first, progress=5)
    assert not jobs.finish(first)
    assert jobs.finish(second, message="好")
    assert Job.objects.get().state == JobState.DONE


def test_a_job_that_dies_again_and_again_fails_in_words(job):
    for _ in range(jobs.MAX_ATTEMPTS):
        assert jobs.claim(job.pk)
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert jobs.claim(job.pk) is None
    jobs.stalled()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "重试" in job.message


def test_a_cancelled_job_stops_its_worker(job):
    running = jobs.claim(job.pk)
    assert jobs.cancel(job=job)
    assert not jobs.advance(running, progress=1)
    assert not jobs.cancel(job=job)


def test_a_file_appears_whole_with_its_digest(job, folder):
    name, sha = jobs.write_file(job, lambda handle: handle.write(b"abc"))
    assert (folder / name).read_bytes() == b"abc"
    assert sha == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_writer_that_dies_leaves_no_file(job, folder):
    def half(handle):
        handle.write(b"abc")
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        jobs.write_file(job, half)
    assert list(folder.iterdir()) == []


def test_an_expired_file_goes_and_its_row_stays(job, folder):
    running = jobs.claim(job.pk)
    name, sha = jobs.write_file(running, lambda handle: handle.write(b"abc"))
    jobs.finish(running, file=("台账.xlsx", name, sha))
    Job.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert jobs.purge_expired() == 1
    assert list(folder.iterdir()) == []
    assert Job.objects.get().file_path == ""


def test_a_job_is_seen_by_its_owner_only_and_under_the_rights_it_was_asked_with(job):
    other = User.objects.create(username="v", name="乙")
    assert list(jobs.jobs_of(job.owner, job.rights)) == [job]
    assert not jobs.jobs_of(other, job.rights).exists()
    assert not jobs.jobs_of(job.owner, "other rights").exists()
