"""A large or unmasked export is asked for by one person of the office and released by another."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.urls import reverse

from accounts.domain.memberships import end_memberships
from accounts.models import Membership
from accounts.scope import scope_of
from core.exceptions import OWN, IllegalTransition
from core.idempotency import new_key
from core.models import AuditEntry, Job, JobState
from issues.domain import export_release
from issues.exports import ledger as exports
from issues.models import Issue
from issues.tasks import export_ledger_job
from notifications.models import Notice
from tests.cast import NOON, PASSWORD, issue_in

pytestmark = pytest.mark.django_db
PHONE = "13800001111"


@pytest.fixture
def issue(cast, settings, tmp_path) -> Issue:
    settings.JOBS_ROOT = tmp_path
    return issue_in(cast, "rectifying")


def ask(client, user, *, query: str = "unmasked=1", **data) -> Job:
    client.force_login(user)
    sent = {"reason": "逐件电话核实", "password": PASSWORD, "idempotency_key": new_key(), **data}
    answer = client.post(f"{reverse('issues_export')}?{query}", sent)
    assert answer.status_code == 302, answer.context["form"].errors
    return Job.objects.get(pk=answer.url.split("/")[-2])


def decide(client, user, job, decision="released"):
    client.force_login(user)
    data = {"decision": decision, "reason": "来函要求", "idempotency_key": new_key()}
    return client.post(f"/exports/{job.pk}/", data)


def cells_of(job) -> set:
    job.refresh_from_db()
    content = (Path(settings.JOBS_ROOT) / job.file_path).read_bytes()
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return {cell.value for row in sheet.iter_rows() for cell in row}


def test_an_unmasked_export_waits_and_nothing_runs_before_it_is_released(client, cast, issue):
    job = ask(client, cast.office)
    assert job.state == JobState.HELD
    assert "须由统筹办另一人放行" in client.get(f"/jobs/{job.pk}/").text
    export_ledger_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.file_path) == (JobState.HELD, "")
    told = Notice.objects.get(kind="export.asked")
    assert (told.recipient, told.link) == (cast.office_second, f"/exports/{job.pk}/")


def test_the_second_person_releases_it_and_the_file_holds_the_numbers(client, cast, issue):
    job = ask(client, cast.office)
    client.force_login(cast.office_second)
    home = client.get("/")
    group = next(group for group in home.context["groups"] if group["title"] == "导出待放行")
    assert (group["total"], group["rows"][0]["url"]) == (1, f"/exports/{job.pk}/")
    assert "逐件电话核实" in client.get(group["url"]).text
    assert decide(client, cast.office_second, job).url == "/exports/"
    export_ledger_job(str(job.pk))
    assert PHONE in cells_of(job)
    entry = AuditEntry.objects.get(action="export.released")
    assert (entry.actor_id, entry.detail["unmasked"], entry.object_key) == (cast.office_second.pk, True, str(job.pk))
    assert Notice.objects.get(kind="export.released").recipient == cast.office
    # The link of the notice, and a second press, say who was first.
    assert f"已由{OWN}于" in decide(client, cast.office_second, job).text
    assert "逐件电话核实" not in client.get("/exports/").text
    for decision in ("released", "refused"):
        # Of two who press at once each has seen it held.
        held = Job.objects.select_related("owner").get(pk=job.pk)
        held.state = JobState.HELD
        given = {"decision": decision, "reason": "重复", "send": lambda pk: None, "now": NOON}
        with pytest.raises(IllegalTransition, match=f"已由{cast.office_second}于"):
            export_release.decide(job=held, actor=cast.office_city, **given)
    job.refresh_from_db()
    assert (job.state, job.decided_by) == (JobState.DONE, cast.office_second)


def test_the_same_submit_sent_again_after_its_release_leads_to_the_same_job(client, cast, issue):
    key = new_key()
    job = ask(client, cast.office, idempotency_key=key)
    decide(client, cast.office_second, job)
    export_ledger_job(str(job.pk))
    assert ask(client, cast.office, idempotency_key=key) == job
    assert Job.objects.count() == Notice.objects.filter(kind="export.asked").count() == 1
    client.force_login(cast.office)
    other = {"reason": "另一件事", "password": PASSWORD, "idempotency_key": key}
    answer = client.post(f"{reverse('issues_export')}?unmasked=1", other)
    assert (answer.status_code, Job.objects.count()) == (422, 1)
    assert ask(client, cast.office) != job


def test_the_one_who_asked_cannot_release_it(client, cast, issue):
    job = ask(client, cast.office)
    assert client.get(f"/exports/{job.pk}/").status_code == 403
    assert decide(client, cast.office, job).status_code == 403
    job.refresh_from_db()
    assert job.state == JobState.HELD
    assert "等另一人放行" in client.get("/exports/").text


def test_a_refused_one_makes_no_file_and_says_why(client, cast, issue):
    job = ask(client, cast.office)
    assert decide(client, cast.office_second, job, "refused").status_code == 302
    export_ledger_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.file_path) == (JobState.CANCELLED, "")
    client.force_login(cast.office)
    assert "统筹办未予放行：来函要求" in client.get(f"/jobs/{job.pk}/").text


def test_a_large_masked_one_of_a_lead_is_released_by_the_office_and_stays_masked(client, cast, issue, monkeypatch):
    monkeypatch.setattr(exports, "DIRECT_ROWS", 0)
    job = ask(client, cast.lead, query="")
    assert set(Notice.objects.filter(kind="export.asked").values_list("recipient", flat=True)) == {
        cast.office.pk, cast.office_second.pk,
    }  # fmt: skip
    decide(client, cast.office, job)
    export_ledger_job(str(job.pk))
    assert "138****1111" in cells_of(job)
    assert PHONE not in cells_of(job)


def test_an_unmasked_export_asks_the_password_and_a_reason(client, cast, issue):
    client.force_login(cast.office)
    url = f"{reverse('issues_export')}?unmasked=1"
    for missing in ("reason", "password"):
        data = {"reason": "核实", "password": PASSWORD, "idempotency_key": new_key()} | {missing: ""}
        assert client.post(url, data).status_code == 400
    assert not Job.objects.exists()


def test_the_list_costs_the_same_for_one_row_and_three(client, cast, issue, django_assert_num_queries):
    for count in (1, 3):
        while Job.objects.count() < count:
            ask(client, cast.lead, query=f"unmasked=1&q={Job.objects.count()}")
        client.force_login(cast.office)
        client.get("/exports/")
        with django_assert_num_queries(6):
            client.get("/exports/")


def test_what_somebody_asked_for_who_has_left_since_is_not_released_in_vain(client, cast, issue):
    job = ask(client, cast.lead)
    for persona in ("office_other_county", "supervisor"):
        client.force_login(cast.people[persona])
        assert client.get(f"/exports/{job.pk}/").status_code == 404
    for gone in ({"owner": None}, {"owner": cast.disabled, "rights": scope_of(cast.disabled).fingerprint}):
        Job.objects.filter(pk=job.pk).update(**gone)
        assert "放行也不会生成文件" in decide(client, cast.office, job).text
    Job.objects.filter(pk=job.pk).update(owner=cast.lead, rights=job.rights)
    end_memberships(memberships=list(Membership.objects.filter(user=cast.lead)), actor=cast.secadmin)
    answer = decide(client, cast.office, job)
    assert (answer.status_code, "放行也不会生成文件" in answer.text, "来函要求" in answer.text) == (400, True, True)
    assert decide(client, cast.office, job, "refused").status_code == 302
    job.refresh_from_db()
    assert (job.state, job.decided_by) == (JobState.CANCELLED, cast.office)
