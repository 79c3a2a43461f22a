"""本期材料 of a unit: one ZIP with exactly the walks that count, the unit's own lists, photos and what is missing."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.models import AuditEntry, Job, JobState
from issues.models import Issue
from reports.documents import unit_pack as document
from reports.domain import unit_pack_job
from reports.domain.compile import period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import ReportScope
from reports.domain.unit_pack import unit_pack
from reports.tests.walk_world import content_of, full_walk, signed_covert_walk
from tests.cast import issue_in, open_walk, reported_walk
from tests.database import without_triggers

pytestmark = pytest.mark.django_db

DAY = date(2022, 6, 22)
PLACE = ["QH2022", "2022-06"]


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT, settings.JOBS_ROOT = tmp_path / "media", tmp_path / "jobs"


@pytest.fixture
def sign_in(client, cast):
    """Call it with a persona of the cast; returns the client, signed in."""

    def login(persona: str):
        client.force_login(cast.people[persona], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return login


def query_of(cast, user=None) -> ReportQuery:
    scope = ReportScope("unit", "县民政局", user, frozenset({cast.unit.pk}))
    return ReportQuery(cast.campaign, period_in(cast.campaign, "2022-06"), DAY, scope)


def opened(cast, user=None) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(document.written(unit_pack(query_of(cast, user)))))


def index_of(archive: zipfile.ZipFile) -> str:
    return archive.read("目录.txt").decode("utf-8-sig")


def test_the_pack_holds_each_walk_that_counts_its_photos_and_the_lists_of_the_unit(cast):
    full_walk(cast)
    reported_walk(cast, as_conforming=True)
    archive = opened(cast)
    assert sorted(archive.namelist()) == [
        "三张清单.xlsx",
        "照片/20220608_结婚登记_受理_1.jpg",
        "登记表/20220608_结婚登记_情况登记表.docx",
        "登记表/20220608_结婚登记_情况登记表_2.docx",
        "目录.txt",
    ]
    records = [name for name in archive.namelist() if name.startswith("登记表/")]
    assert len(records) == FIGURES["sessions"].rows(query_of(cast)).count() == 2
    book = openpyxl.load_workbook(io.BytesIO(archive.read("三张清单.xlsx")))
    rows = [row[0].value for row in book["问题清单"].iter_rows() if isinstance(row[0].value, int)]
    assert len(rows) == FIGURES["issues_found"].rows(query_of(cast)).count() == 3
    assert "三张清单.xlsx（问题3条，需求1条，解决措施0条）" in index_of(archive)
    assert archive.read("照片/20220608_结婚登记_受理_1.jpg")[:2] == b"\xff\xd8"


def test_what_is_missing_or_left_out_is_named(cast):
    full_walk(cast)
    reported_walk(cast)
    reported_walk(cast, as_conforming=True)
    open_walk(cast)
    words = index_of(opened(cast))
    for said in (
        "2022-06-08 结婚登记：体验中，尚未报送，没有列入。",
        "2022-06-08 结婚登记：未达标（完成",
        "2022-06-08 结婚登记：没有照片，通知要求附图片。",
        "通知要求的视频不在本系统内，请另行报送。",
    ):
        assert said in words, said
    assert "\r\n" in words
    # The office knows nothing of a walk before it is reported.
    assert "尚未报送" not in index_of(opened(cast, cast.office))


def test_where_the_notice_wants_the_ledger_the_pack_holds_that_of_the_unit(cast):
    """H22 芷江: 每周上报登记表和问题整改台账; the ledger runs on, whatever the period."""
    _, [one] = reported_walk(cast)
    with without_triggers("walks_walk", "issues_issue"):
        one.walk.__class__.objects.filter(pk=one.walk_id).update(walk_date=date(2022, 5, 26))
        other = issue_in(cast, "rectifying")
        Issue.objects.filter(pk=other.pk).update(discovering_department=cast.second_unit)
    pack = unit_pack(query_of(cast, cast.office))
    reporting = replace(pack.rules.reporting, content="登记表和问题整改台账")
    asked = replace(pack, rules=replace(pack.rules, reporting=reporting))
    archive = zipfile.ZipFile(io.BytesIO(document.written(asked)))
    book = openpyxl.load_workbook(io.BytesIO(archive.read("问题整改台账.xlsx"))).active
    cells = {cell.value for row in book.iter_rows() for cell in row}
    assert (one.number in cells, other.number in cells) == (True, False)
    assert "填报单位（盖章）：县民政局" in cells
    assert "问题整改台账.xlsx（1件，截至2022年6月8日）" in index_of(archive)
    assert document.written(asked) == document.written(asked)


def test_a_unit_without_a_walk_gets_its_lists_and_is_told(cast):
    archive = opened(cast)
    assert archive.namelist() == ["三张清单.xlsx", "目录.txt"]
    assert "本期没有已报送并达标的体验" in index_of(archive)


def test_the_same_data_are_the_same_bytes(cast):
    full_walk(cast)
    first = document.written(unit_pack(query_of(cast)))
    assert document.written(unit_pack(query_of(cast))) == first


@pytest.mark.parametrize("persona", [None, "principal", "liaison", "office"])
def test_a_covert_walk_that_is_not_reported_never_enters(cast, persona):
    user = cast.people[persona] if persona else None
    before = document.written(unit_pack(query_of(cast, user)))
    signed_covert_walk(cast)
    assert document.written(unit_pack(query_of(cast, user))) == before


def test_a_photo_whose_file_is_gone_is_named_in_the_index(cast, settings):
    walk, _ = full_walk(cast)
    [one] = content_of(walk).photos
    (settings.MEDIA_ROOT / one.file.served_name).unlink()
    archive = opened(cast)
    assert not [name for name in archive.namelist() if name.startswith("照片/")]
    assert "受理_1.jpg：照片文件无法读取，没有列入。" in index_of(archive)


def test_the_page_shows_what_is_in_it_and_the_job_makes_the_file(cast, sign_in):
    walk, _ = full_walk(cast)
    client = sign_in("liaison")
    assert reverse("report_pack", args=PLACE) in client.get(reverse("report", args=PLACE)).content.decode()
    page = client.get(reverse("report_pack", args=PLACE)).content.decode()
    assert reverse("walk", args=[walk.pk]) in page
    assert "列入的体验（1 次，照片 1 张）" in page
    asked = client.post(reverse("report_pack_make", args=PLACE) + "?as_of=2022-06-22")
    again = client.post(reverse("report_pack_make", args=PLACE) + "?as_of=2022-06-22")
    assert asked.url == again.url
    unit_pack_job.run_job(str(Job.objects.get().pk))
    job = Job.objects.get()
    assert (job.state, job.file_name) == (JobState.DONE, "20220622_县民政局_2022年6月材料.zip")
    answer = client.get(reverse("job_file", args=[job.pk]))
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert "目录.txt" in archive.namelist()
    assert AuditEntry.objects.get(action="paper.written").detail["sha256"] == job.digest


def test_the_office_chooses_the_unit_and_one_outside_the_list_does_not_exist(cast, sign_in):
    client = sign_in("office")
    address = reverse("report_pack", args=PLACE)
    assert "请选择单位" in client.get(address).content.decode()
    assert "本期没有已报送并达标的体验" in client.get(address, {"unit": cast.unit.pk}).content.decode()
    for unit in (cast.namesake_unit.pk, "x", 9_999_999):
        assert client.get(address, {"unit": unit}).status_code == 404
    assert client.post(reverse("report_pack_make", args=PLACE)).status_code == 400
    assert sign_in("second_liaison").get(address, {"unit": cast.unit.pk}).status_code == 404
    assert sign_in("lead").get(address).status_code == 404


def test_photos_beyond_the_limit_are_refused_in_words_before_anything_is_written(cast, sign_in, monkeypatch):
    full_walk(cast)
    monkeypatch.setattr(document, "MOST_BYTES", 100)
    sign_in("liaison").post(reverse("report_pack_make", args=PLACE))
    unit_pack_job.run_job(str(Job.objects.get().pk))
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert "超过一个材料包的上限" in job.message
    assert not job.file_path


def test_a_job_whose_owner_has_moved_makes_nothing(cast, sign_in):
    sign_in("liaison").post(reverse("report_pack_make", args=PLACE))
    cast.liaison.memberships.all().delete()
    unit_pack_job.run_job(str(Job.objects.get().pk))
    assert Job.objects.get().message.startswith("您的角色已有变动")


def test_the_page_costs_the_same_with_one_walk_and_three(cast, sign_in, django_assert_num_queries):
    client = sign_in("liaison")
    address = reverse("report_pack", args=PLACE)
    reported_walk(cast, as_conforming=True)
    client.get(address)
    for _ in range(2):
        with django_assert_num_queries(26):
            client.get(address)
        reported_walk(cast, as_conforming=True)
        reported_walk(cast, as_conforming=True)


def test_the_command_writes_the_pack_of_a_unit(cast, tmp_path):
    full_walk(cast)
    path = tmp_path / "材料.zip"
    options = {"campaign": "QH2022", "period": "2022-06", "as_of": "2022-06-22"}
    call_command("document", "unit-pack", **options, unit="县民政局", output=str(path))
    assert path.read_bytes() == document.written(unit_pack(query_of(cast)))
    for given in ({"output": str(path)}, {"output": str(tmp_path / "x.docx"), "unit": "县民政局"}):
        with pytest.raises(CommandError, match="--unit 写明单位"):
            call_command("document", "unit-pack", **options, **given)
