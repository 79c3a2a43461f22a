"""A paper of a period as PDF: asked for on the page of the period, made in the background, through the same scope."""

import shutil
from datetime import date
from io import BytesIO

import pytest

from accounts.domain.memberships import grant_membership
from accounts.models import Membership
from campaigns.models import RosterEntry
from core import broker_state
from core.models import Job, JobState
from reports.documents.registry import PAPERS
from reports.domain import paper_pdf_job
from reports.domain.compile import period_in
from reports.domain.publishing import question
from reports.tasks import SENDERS

PAGE = "/reports/QH2022/2022-06/"
PDF = f"{PAGE}papers/three-lists/pdf/?scope=unit&as_of=2022-06-22"
pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client, cast, settings, tmp_path):
    settings.JOBS_ROOT = tmp_path

    def login(persona: str):
        client.force_login(cast.people[persona], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login


def asked(client, address: str = PDF) -> Job:
    answer = client.post(address)
    assert answer.status_code == 302
    return Job.objects.get(pk=answer["Location"].split("/")[2])


def test_a_second_press_gives_the_same_job_and_a_broker_that_is_down_is_told(cast, sign_in, monkeypatch):
    client = sign_in("office")
    monkeypatch.setattr(broker_state, "is_down", lambda: True)
    first, second = (asked(client, PDF.replace("unit", "all")) for _ in range(2))
    assert first == second
    assert asked(sign_in("office_second"), PDF.replace("unit", "all")) != first
    client = sign_in("office")
    assert "已排队，队列恢复后开始" in client.get(f"/jobs/{first.pk}/").text


def test_what_cannot_be_made_is_said_on_the_job_and_the_page(cast, sign_in, monkeypatch):
    client = sign_in("office")
    job = asked(client)
    real = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, *rest: None if "office" in name else real(name, *rest))
    paper_pdf_job.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.file_name) == (JobState.FAILED, "")
    assert job.message.startswith("本机没有安装 LibreOffice")
    page = client.get(PAGE).text
    assert "本机没有安装 LibreOffice，不能生成 PDF。" in page
    assert "/pdf/" not in page


def test_who_has_moved_since_gets_nothing(cast, sign_in):
    job = asked(sign_in("liaison"))
    Membership.objects.filter(user=cast.liaison).delete()
    paper_pdf_job.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "您的角色已有变动，没有生成材料。请重新办理。")


def test_each_job_is_written_through_the_scope_and_on_the_day_it_was_asked_for(cast, sign_in, monkeypatch):
    queries = []
    monkeypatch.setattr(
        paper_pdf_job, "write_paper", lambda query, *rest, **more: queries.append(query) or (BytesIO(b"%PDF"), "甲.pdf")
    )
    grant_membership(user=cast.liaison, department=cast.lead_unit, role="lead")
    client = sign_in("liaison")
    jobs = [asked(client, PDF.replace("scope=unit", f"scope={kind}")) for kind in ("unit", "lead")]
    for job in jobs:
        paper_pdf_job.run_job(str(job.pk))
    assert [(one.report_scope.kind, one.as_of) for one in queries] == [
        ("unit", date(2022, 6, 22)),
        ("lead", date(2022, 6, 22)),
    ]


def test_who_reads_the_campaign_no_more_gets_nothing(cast, sign_in):
    job = asked(sign_in("liaison"))
    RosterEntry.objects.filter(department=cast.unit).delete()
    paper_pdf_job.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "您已看不到本活动的材料，没有生成。")


def test_a_job_that_breaks_is_told_with_a_code_and_one_that_was_not_delivered_is_sent_again(cast, sign_in, monkeypatch):
    monkeypatch.setattr(paper_pdf_job, "write_paper", lambda *given, **more: 1 / 0)
    job = asked(sign_in("liaison"))
    paper_pdf_job.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message[:7]) == (JobState.FAILED, "材料没有生成。")
    assert job.kind in SENDERS


def test_what_a_template_makes_is_the_offices_own(cast):
    query = question(cast.campaign, period_in(cast.campaign, "2022-06"))
    given = {"paper": PAPERS["month-report"], "actor": cast.liaison, "send": lambda pk: None, "version": 1}
    job = paper_pdf_job.request(query=query, **given)
    paper_pdf_job.run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "自备模板由本活动的统筹办管理，没有生成。")


def test_a_paper_that_is_not_offered_through_the_scope_does_not_exist(cast, sign_in):
    client = sign_in("liaison")
    for kind in ("month-report", "nothing"):
        assert client.post(PDF.replace("three-lists", kind)).status_code == 404
    assert not Job.objects.exists()
