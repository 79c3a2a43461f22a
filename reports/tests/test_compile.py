"""Compiling a period: kept with its digest, once for a double press, whole or not at all."""

from datetime import date, datetime, timedelta

import pytest
from celery import Celery
from django.utils import timezone

from campaigns.models import Campaign
from core import audit, jobs
from core.exceptions import NotAllowed, Refused
from core.models import AuditEntry, Job, JobState
from reports import tasks
from reports.domain.compile import compile_period, period_in, request, run_job
from reports.models import Summary, SummaryState
from reports.tests.test_tally import JUNE
from tests.cast import TZ

pytestmark = pytest.mark.both_databases

NOW = datetime(2022, 6, 25, 10, 0, tzinfo=TZ)


@pytest.fixture
def june(world):
    return period_in(world.cast.campaign, "2022-06")


@pytest.fixture
def press(world, june):
    """ReportQuery for June in the name of a persona; nobody is woken."""

    def query(persona="office") -> Job:
        return request(
            campaign=world.cast.campaign, period=june, actor=world.cast.people[persona], send=lambda pk: None
        )

    return query


def test_a_compiled_period_keeps_figures_digest_day_and_hand(world, june):
    summary = compile_period(campaign=world.cast.campaign, period=june, actor=world.cast.office, now=NOW)
    summary.refresh_from_db()
    assert summary.data == JUNE
    assert summary.digest == audit.digest(JUNE)
    assert (summary.version, summary.state) == (1, SummaryState.COMPILED)
    assert (summary.as_of, summary.compiled_by, summary.compiled_at) == (date(2022, 6, 25), world.cast.office, NOW)


def test_compiling_again_makes_the_next_version_and_leaves_the_first_as_it_was(world, june):
    campaign = world.cast.campaign
    first = compile_period(campaign=campaign, period=june, actor=world.cast.office, now=NOW)
    world.issues["overdue"].campaign.walks.update(state="accepted")
    again = compile_period(campaign=campaign, period=june, actor=world.cast.office_second, now=NOW + timedelta(days=1))
    assert [(one.version, one.digest) for one in Summary.objects.order_by("version")] == [
        (1, first.digest), (2, again.digest),
    ]  # fmt: skip
    assert (Summary.objects.get(version=1).data, again.compiled_by) == (JUNE, world.cast.office_second)
    assert again.data["overdue"] == 2
    entries = AuditEntry.objects.filter(action="summary.compiled", object_key="QH2022")
    assert [entry.detail["digest"] for entry in entries] == [audit.digest(JUNE), again.digest]


def test_the_same_rows_give_the_same_digest(world, june):
    digests = {
        compile_period(campaign=world.cast.campaign, period=june, actor=None, now=NOW + timedelta(minutes=n)).digest
        for n in range(5)
    }
    assert len(digests) == 1


def test_a_published_period_is_not_compiled_again(world, june):
    summary = compile_period(campaign=world.cast.campaign, period=june, actor=None, now=NOW)
    Summary.objects.filter(pk=summary.pk).update(state=SummaryState.PUBLISHED)
    with pytest.raises(Refused) as refused:
        compile_period(campaign=world.cast.campaign, period=june, actor=None, now=NOW + timedelta(days=1))
    assert refused.value.message == "2022年6月的汇总已印发，不能重新汇总。需要改动的，请更正印发。"
    assert Summary.objects.get().compiled_at == NOW


@pytest.mark.parametrize("code", ["2022-06", "2022Q4", "2022-W23", "all"])
def test_every_kind_of_period_has_a_code(world, code):
    assert period_in(world.cast.campaign, code).code == code


@pytest.mark.parametrize(
    ("code", "words"), [("六月", "2022-06"), ("2016Q4", "不在活动时间"), ("2033-02", "不在活动时间")]
)
def test_a_period_that_cannot_be_asked_is_refused_in_words(world, code, words):
    with pytest.raises(ValueError, match=words):
        period_in(world.cast.campaign, code)


def test_a_double_press_makes_one_job(press):
    assert press().pk == press().pk
    assert Job.objects.count() == 1


def test_two_people_of_the_office_each_follow_their_own_job(press):
    assert press("office").owner != press("office_second").owner


@pytest.mark.parametrize("persona", ["supervisor", "office_city", "lead", "principal", "liaison"])
def test_only_the_office_of_the_campaigns_own_level_compiles(press, persona):
    with pytest.raises(NotAllowed):
        press(persona)
    assert not Job.objects.exists()


def test_a_job_ends_with_the_summary_and_the_way_to_it(press):
    job = press()
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result_url) == (JobState.DONE, "/reports/QH2022/2022-06/")
    assert Summary.objects.get().compiled_by == job.owner


def test_a_job_that_has_ended_is_not_carried_out_again(press):
    job = press()
    run_job(str(job.pk))
    Summary.objects.all().delete()
    run_job(str(job.pk))
    assert not Summary.objects.exists()


def test_a_cancelled_job_leaves_no_summary(press):
    job = press()
    jobs.cancel(job=job)
    run_job(str(job.pk))
    assert not Summary.objects.exists()


def test_a_refusal_stands_on_the_job_in_its_own_words(world, june, press):
    summary = compile_period(campaign=world.cast.campaign, period=june, actor=None, now=NOW)
    Summary.objects.filter(pk=summary.pk).update(state=SummaryState.PUBLISHED)
    job = press()
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (
        JobState.FAILED,
        "2022年6月的汇总已印发，不能重新汇总。需要改动的，请更正印发。",
    )


def test_a_fault_is_told_with_a_code_and_changes_nothing(world, press, caplog):
    job = press()
    # Issued rules cannot be broken (trigger); a later version that is no rulebook can be inserted.
    campaign = Campaign.objects.get()
    issued = campaign.rule_versions.get()
    campaign.rule_versions.create(
        number=2, data={"title": "broken"}, effective_on=issued.effective_on, issued_at=issued.issued_at
    )
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    code = job.message.split("代码 ")[1][:6]
    assert code in caplog.text
    assert not Summary.objects.exists()


def test_a_broker_that_is_down_loses_nothing(world, june, django_capture_on_commit_callbacks):
    nowhere = Celery(broker="redis+socket:///nonexistent/valkey.sock", set_as_current=False)
    with django_capture_on_commit_callbacks(execute=True):
        job = request(
            campaign=world.cast.campaign,
            period=june,
            actor=world.cast.office,
            send=lambda pk: nowhere.send_task(tasks.compile_summary.name, [pk]),
        )
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    assert jobs.stalled() == [(str(job.pk), "summary")]
