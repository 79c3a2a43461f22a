"""A job as its owner follows it; nobody else knows of it."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.scope import scope_of
from core import jobs
from core.models import AuditEntry, Job, JobState

pytestmark = pytest.mark.both_databases


@pytest.fixture
def folder(settings, tmp_path):
    settings.JOBS_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def owner(client, cast):
    client.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def job(cast) -> Job:
    rights = scope_of(cast.office).fingerprint
    return Job.objects.create(kind="summary", label="汇总 2022年6月", owner=cast.office, rights=rights)


@pytest.fixture
def with_file(job, folder) -> Job:
    claimed = jobs.claim(job.pk)
    path, sha = jobs.write_file(claimed, lambda out: out.write(b"workbook"))
    jobs.finish(claimed, file=("台账.xlsx", path, sha))
    job.refresh_from_db()
    return job


def test_a_waiting_job_says_that_it_is_kept(owner, job):
    html = owner.get(f"/jobs/{job.pk}/").content.decode()
    assert "任务已保存，正在等待后台处理" in html
    assert f'data-job-url="/jobs/{job.pk}/status/"' in html


def test_the_status_tells_how_far_it_is(owner, job):
    jobs.advance(jobs.claim(job.pk), progress=3, total=10)
    data = owner.get(f"/jobs/{job.pk}/status/").json()
    assert (data["state"], data["state_label"], data["progress"], data["total"]) == ("running", "进行中", 3, 10)
    assert data["result_url"] == ""


def test_a_finished_summary_leads_to_its_page(owner, job):
    jobs.finish(jobs.claim(job.pk), result_url="/reports/QH2022/2022-06/")
    assert owner.get(f"/jobs/{job.pk}/status/").json()["result_url"] == "/reports/QH2022/2022-06/"


def test_a_failed_job_says_why_and_where_to_ask_again(owner, job):
    jobs.fail(jobs.claim(job.pk), message="磁盘空间不足")
    html = owner.get(f"/jobs/{job.pk}/").content.decode()
    assert "磁盘空间不足" in html
    assert "重新提交" in html
    assert 'href="/reports/"' in html


def test_the_owner_gets_the_file_once_it_is_there_and_it_is_noted(owner, with_file):
    assert owner.get(f"/jobs/{with_file.pk}/status/").json()["result_url"] == f"/jobs/{with_file.pk}/file/"
    response = owner.get(f"/jobs/{with_file.pk}/file/")
    assert response.getvalue() == b"workbook"
    assert response["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.get(action="job.downloaded").detail == {"digest": with_file.digest}


def test_a_job_without_a_file_has_none_to_give(owner, job):
    assert owner.get(f"/jobs/{job.pk}/file/").status_code == 404


@pytest.mark.parametrize("how", ["past its day", "deleted", "purged"])
def test_a_file_kept_no_longer_is_gone_in_words(owner, with_file, folder, how):
    if how == "deleted":
        (folder / with_file.file_path).unlink()
    else:
        Job.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if how == "purged":
        assert jobs.purge_expired() == 1
    response = owner.get(f"/jobs/{with_file.pk}/file/")
    assert response.status_code == 410
    assert "重新导出" in response.content.decode()
    assert not AuditEntry.objects.filter(action="job.downloaded").exists()


def test_calling_it_off_stops_it_and_a_second_time_changes_nothing(owner, job):
    assert owner.post(f"/jobs/{job.pk}/cancel/", follow=True).status_code == 200
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    again = owner.post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert "已经结束" in again.content.decode()


@pytest.mark.parametrize("persona", ["office_second", "supervisor", "liaison", "sysadmin"])
@pytest.mark.parametrize("part", ["", "status/", "file/", "cancel/"])
def test_somebody_elses_job_is_the_same_as_none(client, cast, with_file, persona, part):
    client.force_login(cast.people[persona], backend="django.contrib.auth.backends.ModelBackend")
    ask = client.post if part == "cancel/" else client.get
    theirs, none = ask(f"/jobs/{with_file.pk}/{part}"), ask(f"/jobs/{uuid.uuid4()}/{part}")
    assert theirs.status_code == none.status_code == 404
    with_file.refresh_from_db()
    assert with_file.state == JobState.DONE
