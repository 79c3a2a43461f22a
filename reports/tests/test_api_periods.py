"""Figures and files by a program: a period compiled, the material of a unit, the ledger as a workbook."""

import io

import openpyxl
import pytest

from core.models import Job
from issues.exports import ledger
from reports.domain import compile as compiling
from reports.domain import unit_pack_job
from tests.api import Program
from tests.cast import issue_in

pytestmark = pytest.mark.django_db
PLACE = "/campaigns/QH2022/periods/2022-06"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.JOBS_ROOT = tmp_path


def body(answer) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def test_a_period_is_compiled_once_for_one_key(cast):
    office = Program(cast.office)
    jobs = [office.post(f"{PLACE}/compile/", key="k").json()["id"] for _ in range(2)]
    assert jobs[0] == jobs[1]
    compiling.run_job(jobs[0])
    assert office.get(f"/jobs/{jobs[0]}/").json()["state"] == "done"
    [summary] = office.get("/summaries/").json()["results"]
    assert (summary["period"], summary["version"]) == ("2022-06", 1)
    assert Program(cast.liaison).post(f"{PLACE}/compile/").status_code == 403
    assert office.post("/campaigns/QH2022/periods/2022-99/compile/").status_code == 400
    assert office.post(f"{PLACE}/compile/?scope=nein").json()["fields"] == {"scope": "可用的有：all"}


def test_the_material_of_a_unit_is_made_and_fetched_by_whoever_asked(cast):
    issue_in(cast, "registered")
    liaison = Program(cast.liaison)
    assert liaison.post(f"{PLACE}/pack/", {"unit": cast.second_unit.pk}).json()["fields"]["unit"]
    job = liaison.done(f"{PLACE}/pack/", {"unit": cast.unit.pk})
    assert liaison.get(f"/jobs/{job['id']}/file/").status_code == 404
    unit_pack_job.run_job(job["id"])
    assert body(liaison.get(f"/jobs/{job['id']}/file/"))[:2] == b"PK"
    assert Program(cast.office).get(f"/jobs/{job['id']}/file/").status_code == 404
    Job.objects.update(file_path="")
    gone = liaison.get(f"/jobs/{job['id']}/file/")
    assert (gone.status_code, gone.json()["rule"]) == (410, "job.expired")
    assert liaison.post(f"/jobs/{job['id']}/cancel/").json()["state"] == "done"


def test_the_ledger_comes_as_a_workbook_and_a_large_one_waits_for_its_release(cast, monkeypatch):
    number = issue_in(cast, "registered").number
    issue_in(cast, "closed")
    office = Program(cast.office)
    book = openpyxl.load_workbook(io.BytesIO(body(office.get("/issues/export/", state="registered"))))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert [cell for cell in cells if str(cell).startswith("QH2022-") and "/" not in cell] == [number]
    assert office.get("/issues/export/", nein="1").status_code == 400
    assert office.post("/issues/export/", {"reason": "汇报"}).json()["rule"] == "export.at_once"
    monkeypatch.setattr("issues.api.exports.DIRECT_ROWS", 1)
    assert office.get("/issues/export/").json()["rule"] == "export.release"
    assert office.post("/issues/export/").json()["fields"] == {"reason": "请写明用途。"}
    held = office.post("/issues/export/", {"reason": "汇报"}).json()
    assert (held["state"], Job.objects.get().kind) == ("held", ledger.JOB_KIND)
    unmasked = office.post("/issues/export/?unmasked=1", {"reason": "汇报", "password": "x"})
    assert (unmasked.status_code, unmasked.json()["rule"]) == (403, "token.never")


def test_statistics_and_papers_are_those_of_the_page(cast):
    office = Program(cast.office)
    assert body(office.get(f"{PLACE}/statistics/"))[:2] == b"PK"
    assert body(office.get(f"{PLACE}/papers/three-lists/"))[:2] == b"PK"
    assert office.get(f"{PLACE}/papers/nein/").status_code == 404
    assert "as_of" in office.get(f"{PLACE}/statistics/", as_of="gestern").json()["fields"]
