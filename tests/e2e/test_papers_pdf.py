"""A paper as PDF, by LibreOffice: read back page by page; without the program it is refused in words."""

import re
import subprocess
from datetime import date

import pytest

from core.docx import fill
from core.docx_layout import WordPaper
from core.exceptions import Refused
from core.models import AuditEntry, Job, JobState
from core.office_forms import Filled
from core.pdf import to_pdf
from core.tests.forms import word
from reports.documents.registry import write_paper
from reports.documents.walk_papers import write_walk_paper
from reports.domain import own_templates, paper_pdf_job
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.queries import SYSTEM
from reports.domain.walk_content import NAMED
from reports.tests.walk_world import full_walk
from tests.cast import reported_walk
from walks.models import Walk

pytestmark = [pytest.mark.e2e, pytest.mark.office, pytest.mark.django_db]


@pytest.fixture
def june(cast):
    reported_walk(cast, as_conforming=True)
    return ReportQuery(cast.campaign, period_in(cast.campaign, "2022-06"), date(2022, 6, 22), SYSTEM)


def test_a_report_is_printed_page_by_page_as_an_official_paper(june, tmp_path):
    file, name = write_paper(june, "month-report", "pdf", actor=None)
    path = tmp_path / name
    with file:
        path.write_bytes(file.read())
    text = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, text=True).stdout
    # Quotation marks come from another font, and so out of order.
    first, *_, last = [re.sub(r"[\s“”]", "", page) for page in text.split("\f")[:-1]]
    assert first.startswith("青禾县一把手走流程2022年6月工作总结")
    assert first.endswith("—1—")
    assert "一、活动开展情况" in first
    assert last.startswith("附件青禾县一把手走流程2022年6月情况统计表")
    # The signature never stands on a page by itself.
    [signed] = [page for page in text.split("\f") if "（盖章）" in page]
    assert len(signed.splitlines()) > 4


def test_without_the_program_the_native_file_is_offered(june, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(Refused, match="请下载 Word 或 Excel 文件"):
        write_paper(june, "month-report", "pdf", actor=None)


def test_the_page_of_a_period_asks_for_a_pdf_and_the_job_hands_it_to_its_owner(cast, client, settings, tmp_path):
    settings.JOBS_ROOT = tmp_path
    client.force_login(cast.liaison, backend="django.contrib.auth.backends.ModelBackend")
    address = "/reports/QH2022/2022-06/papers/three-lists/pdf/?scope=unit&as_of=2022-06-22"
    page = client.get("/reports/QH2022/2022-06/?as_of=2022-06-22").text
    assert f'action="{address.replace("&", "&amp;")}"' in page
    pk = client.post(address)["Location"].split("/")[2]
    paper_pdf_job.run_job(pk)
    job = Job.objects.get(pk=pk)
    assert (job.label, job.state, job.file_name) == (
        "2022年6月三张清单（PDF）",
        JobState.DONE,
        "20220622_县民政局_2022年6月三张清单.pdf",
    )
    assert "本机没有的字体以其他字体代替" in client.get(f"/jobs/{pk}/").text
    assert b"".join(client.get(f"/jobs/{pk}/file/").streaming_content).startswith(b"%PDF-")
    written = AuditEntry.objects.get(action="paper.written")
    assert (written.actor_id, written.detail["scope"]) == (cast.liaison.pk, "unit")


def test_what_an_own_template_makes_is_looked_at_as_pdf_before_it_is_used(cast, client, settings, tmp_path):
    settings.JOBS_ROOT = tmp_path
    content = word("{{ 标题 }}", "共{{ 发现问题 }}个。")
    given = {"name": "模板", "content": content, "filled": Filled(b"", ()), "actor": cast.office}
    own_templates.upload(campaign=cast.campaign, paper="month-report", **given)
    client.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    pk = client.post("/reports/QH2022/2022-06/papers/month-report/template/1/pdf/")["Location"].split("/")[2]
    paper_pdf_job.run_job(pk)
    job = Job.objects.get(pk=pk)
    assert (job.label, job.state) == ("2022年6月工作总结自备模板第 1 版（PDF）", JobState.DONE)
    assert b"".join(client.get(f"/jobs/{pk}/file/").streaming_content).startswith(b"%PDF-")
    assert not AuditEntry.objects.filter(action="paper.written").exists()


def test_who_signs_a_ruled_form_never_stands_on_a_page_without_a_row(tmp_path):
    """Tables that end before, at and after the foot of their page."""
    form, tables = WordPaper("试验"), [[f"R{number}" for number in range(rows)] for rows in range(8, 18)]
    for place, rows in enumerate(tables):
        form.attachment("附件", f"第{len(rows)}表", landscape=True)
        form.table(
            ("序号", "内容"), (25, 200), ("{{ row }}", "甲"), f"row in tables[{place}]", may_split=True, foot="签字处"
        )
    path = tmp_path / "表.pdf"
    path.write_bytes(to_pdf(fill(form.content(), {"tables": tables}), ".docx"))
    text = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, text=True).stdout
    signed = [re.findall(r"R\d+", page) for page in text.split("\f") if "签字处" in page]
    assert (len(signed), min(map(len, signed)) > 0) == (len(tables), True), signed
    assert len(text.split("\f")) - 2 > len(tables), "some of the tables take a second page"


def test_the_report_of_a_walk_is_signed_below_its_text_with_list_and_photos_behind(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    walk, _ = full_walk(cast)
    stored = Walk.objects.select_related(*NAMED).get(pk=walk.pk)
    path = tmp_path / "报告.pdf"
    file, _ = write_walk_paper(stored, "walk-report", "pdf", actor=None)
    with file:
        path.write_bytes(file.read())
    text = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True, text=True).stdout
    *report, listed, photos = [re.sub(r"\s", "", page) for page in text.split("\f")[:-1]]
    assert "（盖章）" in report[-1]
    assert not report[-1].startswith("附件"), "the signature stands below a line of the text"
    assert listed.startswith("附件1")
    assert photos.startswith("附件2")
    sizes = subprocess.run(["pdfinfo", "-l", "9", str(path)], check=True, capture_output=True, text=True).stdout
    turned = [float(width) > float(height) for width, height in re.findall(r"size:\s+([\d.]+) x ([\d.]+)", sizes)]
    assert turned == [False] * len(report) + [True, False]
