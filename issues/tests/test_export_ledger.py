"""The ledger's workbook is the page, cell by cell, and nothing beyond it."""

import io
from datetime import date, datetime
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.files import write_atomically
from core.idempotency import new_key
from core.listing import ids_in_order
from core.models import AuditEntry, Job, JobState
from issues.columns import columns_named, workbook_columns
from issues.domain.effects import write_measures
from issues.domain.ledger import ledger_rows
from issues.domain.search import index_text
from issues.exports import ledger as exports
from issues.models import Issue
from issues.tables import select
from issues.tasks import export_ledger_job
from tests.cast import county_with, issue_in
from tests.database import without_triggers

pytestmark = pytest.mark.django_db
HEADER = (
    *("序号", "问题编号", "发现日期", "来源", "体验事项", "存在问题", "分类", "牵头单位", "责任单位", "责任人"),
    *("联系电话", "整改措施", "整改类型", "整改时限", "整改进展", "完成日期", "验收人", "是否销号", "回头看情况"),
    "备注",
    "措施进展",
    "版本",
)
COLUMNS = (*workbook_columns(), *columns_named([exports.BESIDE]))
ALL_COLUMNS = "&".join(f"cols={column.key}" for column in COLUMNS)
STATES = ("registered", "assigned", "planning", "rectifying", "closing", "closed", "verified", "deferred")
FORMULAS = ("=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("http://x","y")', "|cmd", "'=1", "00123")


@pytest.fixture
def county(db, clock):
    return county_with(STATES)


@pytest.fixture
def cast(county):
    return county[0]


@pytest.fixture
def ledger(county):
    return county[1]


def sheet_of(content: bytes):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return book[exports.WHAT]


def download(client, user, query: str = "") -> bytes:
    client.force_login(user)
    response = client.get(f"{reverse('issues_export')}?{query}")
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def table(sheet) -> tuple[tuple, list[tuple]]:
    """(header, rows) of the sheet: from the line that holds 序号 to the last numbered one."""
    lines = list(sheet.iter_rows(values_only=True))
    start = next(number for number, line in enumerate(lines) if line[0] == "序号")
    return lines[start], [line for line in lines[start + 1 :] if isinstance(line[0], int)]


def page_rows(client, user, query: str) -> list[tuple]:
    """What the page shows in the same columns, over all its pages."""
    client.force_login(user)
    url, rows = f"?{query}&{ALL_COLUMNS}", []
    while url:
        page = client.get(reverse("issues") + url).context["page"]
        rows += [tuple(row[column.key] for column in COLUMNS) for row in page.rows]
        url = page.next_url
    return rows


def as_cell(value):
    """What openpyxl reads back: dates at midnight, nothing for empty text."""
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return value or None


@pytest.mark.parametrize("query", ["", "tab=open&sort=due_on", "state=done", "q=jhdj&sort=-state", "tab=mine"])
def test_every_cell_is_what_the_page_shows_for_every_person(client, cast, ledger, subtests, query):
    people = ("principal", "liaison", "responsible", "second_liaison", "lead", "office", "office_city", "supervisor")
    for persona in (*people, "namesake", "sysadmin"):
        with subtests.test(persona):
            user = cast.people[persona]
            header, rows = table(sheet_of(download(client, user, query)))
            expected = [tuple(map(as_cell, row)) for row in page_rows(client, user, query)]
            assert header == HEADER
            assert [row[1:-1] for row in rows] == expected
            assert [row[0] for row in rows] == list(range(1, len(expected) + 1))


@pytest.mark.both_databases
def test_the_export_goes_on_where_the_first_page_ends(client, cast, ledger):
    template = Issue.objects.get(pk=ledger["rectifying"].pk)
    Issue.objects.bulk_create(copies(template, 120))
    _, rows = table(sheet_of(download(client, cast.office, "sort=number&state=rectifying")))
    assert [row[1] for row in rows][-1] == "QH2022-10119"
    assert len(rows) == 121
    assert [row[1:-1] for row in rows] == [
        tuple(map(as_cell, row)) for row in page_rows(client, cast.office, "sort=number&state=rectifying")
    ]


def copies(template: Issue, count: int, start: int = 10000):
    """Unsaved copies under numbers of their own."""
    names = [
        field.attname
        for field in Issue._meta.concrete_fields
        if not field.generated and field.attname not in ("id", "number", "public_id")
    ]
    values = {name: getattr(template, name) for name in names}
    return [Issue(**values, number=f"QH2022-{start + index}") for index in range(count)]


def test_nothing_of_what_a_person_may_not_see_is_in_the_file(client, cast, ledger):
    secrets = ["机密甲乙丙", "机密责任人", "机密进展", "机密措施"]
    hidden = ledger["rectifying"]
    write_measures(hidden, secrets[3])
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=hidden.pk).update(
            description=secrets[0], responsible_name=secrets[1], progress=secrets[2], search_text=index_text(hidden)
        )
    assert all(text in everything(download(client, cast.office)) for text in secrets)
    for persona in ("second_liaison", "namesake", "office_other_county", "sysadmin", "auditor"):
        for query in ("", "state=rectifying", f"q={secrets[0]}", f"unit={cast.unit.pk}"):
            text = everything(download(client, cast.people[persona], query))
            found = [word for word in (*secrets, hidden.number) if word in text and word not in query]
            assert found == [], (persona, query)


def everything(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line if cell]
    return "\n".join([*cells, *map(str, book.sheetnames)])


def test_text_that_looks_like_a_formula_stays_text(client, cast, ledger):
    for text in FORMULAS:
        issue = issue_in(cast, "rectifying")
        write_measures(issue, text)
        with without_triggers("issues_issue"):
            Issue.objects.filter(pk=issue.pk).update(
                description=text, responsible_name=text, progress=text, remark=text, look_back_note=text
            )
    sheet = sheet_of(download(client, cast.office, "sort=number&state=rectifying"))
    kinds = {cell.data_type for line in sheet.iter_rows() for cell in line}
    assert "f" not in kinds
    _, rows = table(sheet)
    shown = [row[5] for row in rows if row[5] != "窗口未一次性告知1"]
    assert shown == list(FORMULAS)


def test_dates_are_dates_phones_are_masked_text_and_choices_are_lists(client, cast, ledger):
    sheet = sheet_of(download(client, cast.office, "state=closed"))
    _, [row] = table(sheet)
    by_name = dict(zip(HEADER, row, strict=True))
    assert by_name["整改时限"] == datetime(2022, 6, 28)
    assert by_name["完成日期"] == datetime(2022, 6, 8)
    assert by_name["联系电话"] == "138****1111"
    assert (by_name["是否销号"], by_name["验收人"], by_name["整改类型"]) == ("是", "测试lead", "限期整改")
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert {'"是,否"', '"立行立改,限期整改,长期坚持"'} <= lists
    assert sheet.freeze_panes
    assert sheet.print_title_rows
    assert sheet.page_setup.orientation == "landscape"


def test_the_head_says_whose_ledger_of_what_day_and_which_part(client, cast, ledger):
    today = timezone.localdate()
    query = f"tab=open&unit={cast.unit.pk}&period=2022-06"
    lines = list(sheet_of(download(client, cast.office, query)).iter_rows(max_row=3, values_only=True))
    title = "青禾县“一把手走流程”问题整改台账（未销号；责任单位：县民政局；期间：2022年6月）"
    assert lines[0][0] == title
    assert lines[1][0] == f"截至{today.year}年{today.month}月{today.day}日"
    assert lines[2][0] == "填报单位（盖章）：县营商办"
    assert f"填报日期：{today.year}年{today.month}月{today.day}日" in lines[2]


def test_a_part_has_another_name_than_the_whole_and_both_leave_an_audit_entry(client, cast, ledger):
    client.force_login(cast.office)
    whole = client.get(reverse("issues_export"))
    assert f"{timezone.localdate():%Y%m%d}_青禾县_问题整改台账.xlsx" in unquote(whole.headers["Content-Disposition"])
    b"".join(whole.streaming_content)
    AuditEntry.objects.get(action="ledger.exported", detail__rows=len(STATES))
    response = client.get(f"{reverse('issues_export')}?state=closed")
    name = f"{timezone.localdate():%Y%m%d}_青禾县_问题整改台账（筛选）.xlsx"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert name in unquote(response.headers["Content-Disposition"])
    b"".join(response.streaming_content)
    entry = AuditEntry.objects.filter(action="ledger.exported").latest("seq")
    assert entry.actor_id == cast.office.pk
    assert entry.detail == {"conditions": ["状态：已销号"], "rows": 1}


def test_a_visitor_gets_no_file(client, cast, ledger):
    assert client.get(reverse("issues_export")).status_code == 302


# --- large exports --------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch):
    """More than three rows count as many."""
    monkeypatch.setattr(exports, "DIRECT_ROWS", 3)


def start_job(client, user, query: str = "") -> Job:
    """A large export, asked for and released by a second person."""
    client.force_login(user)
    response = client.post(f"{reverse('issues_export')}?{query}", {"reason": "报送汇总", "idempotency_key": new_key()})
    job = Job.objects.latest("created_at")
    assert response.status_code == 302
    assert response["Location"] == reverse("job", args=[job.pk])
    jobs.release(job=job, actor=user, now=timezone.now(), send=lambda pk: None)
    return job


def test_a_large_export_asks_first_and_writes_nothing_on_opening(client, cast, ledger, few):
    client.force_login(cast.office)
    response = client.get(f"{reverse('issues_export')}?tab=open")
    assert response.status_code == 200
    assert "须由统筹办另一人放行" in response.content.decode()
    assert not Job.objects.exists()


def test_a_large_export_is_a_job_whose_file_is_the_same_rows(client, cast, ledger, few, settings, tmp_path):
    settings.JOBS_ROOT = tmp_path
    part = start_job(client, cast.office, "tab=open")
    export_ledger_job(str(part.pk))
    part.refresh_from_db()
    assert part.file_name.endswith("_青禾县_问题整改台账（筛选）.xlsx")
    part.delete()
    job = start_job(client, cast.office, "sort=due_on&tab=all")
    export_ledger_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.total, job.owner) == (JobState.DONE, len(STATES), cast.office)
    assert job.file_name.endswith("_青禾县_问题整改台账.xlsx")
    assert job.digest
    _, rows = table(sheet_of((tmp_path / job.file_path).read_bytes()))
    assert [row[1:-1] for row in rows] == [
        tuple(map(as_cell, row)) for row in page_rows(client, cast.office, "sort=due_on")
    ]
    assert AuditEntry.objects.filter(action="ledger.exported", actor_id=cast.office.pk).count() == 2


def test_a_job_is_not_carried_out_under_other_rights(client, cast, ledger, few, settings, tmp_path):
    settings.JOBS_ROOT = tmp_path
    job = start_job(client, cast.office)
    cast.office.memberships.all().delete()
    export_ledger_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (JobState.FAILED, "您的角色已有变动，没有生成文件。请重新导出。")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.both_databases
def test_pressing_twice_starts_one_job_and_running_it_twice_makes_one_file(
    client, cast, ledger, few, settings, tmp_path
):
    settings.JOBS_ROOT = tmp_path
    assert start_job(client, cast.office).pk == start_job(client, cast.office).pk
    job = start_job(client, cast.office)
    for _ in range(2):
        export_ledger_job(str(job.pk))
    assert len(list(tmp_path.iterdir())) == 1


def test_a_cancelled_job_leaves_no_file(client, cast, ledger, few, settings, tmp_path, monkeypatch):
    settings.JOBS_ROOT = tmp_path
    monkeypatch.setattr(exports, "CHUNK", 2)
    job = start_job(client, cast.office)
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
    real = exports.jobs.advance

    def cancel_after_two(job, **progress):
        if progress["progress"] == 2:
            exports.jobs.cancel(job=job)
        return real(job, **progress)

    monkeypatch.setattr(exports.jobs, "advance", cancel_after_two)
    export_ledger_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert list(tmp_path.iterdir()) == []


def test_a_failed_job_says_so_and_leaves_no_file(client, cast, ledger, few, settings, tmp_path):
    blocked = tmp_path / "jobs"
    blocked.write_text("not a folder")
    settings.JOBS_ROOT = blocked
    job = start_job(client, cast.office)
    with pytest.raises(FileExistsError):
        export_ledger_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "导出未完成" in job.message


# --- the command ----------------------------------------------------------------------------


def test_the_command_writes_the_whole_campaign_or_one_persons_part(cast, ledger, tmp_path, capsys):
    for username, count in (("", len(STATES)), ("office", len(STATES)), ("second_liaison", 1), ("supervisor", 8)):
        path = tmp_path / f"{username or 'all'}.xlsx"
        call_command("export_ledger", campaign="QH2022", output=str(path), **{"username": username})
        assert f"已导出 {count} 条" in capsys.readouterr().out
        header, rows = table(sheet_of(path.read_bytes()))
        assert header == HEADER
        assert len(rows) == count
        assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert AuditEntry.objects.filter(action="ledger.exported").count() == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"campaign": "XX2022"},
        {"username": "nobody"},
        {"username": "namesake"},
        {"username": "sysadmin"},
        {"output": "/nowhere/x.xlsx"},
        {"output": "x.csv"},
    ],
)
def test_the_command_refuses_in_words_and_writes_nothing(cast, tmp_path, monkeypatch, wrong):
    monkeypatch.chdir(tmp_path)
    given = {"campaign": "QH2022", "output": "out.xlsx", "username": "", **wrong}
    with pytest.raises(CommandError):
        call_command("export_ledger", **given)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_that_name_is_kept_when_writing_fails(tmp_path):
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")

    def broken(out):
        out.write(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, broken)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.xlsx"]


@pytest.mark.both_databases
def test_rows_are_read_by_the_thousand_not_all_at_once(cast, ledger, django_assert_num_queries):
    template = Issue.objects.get(pk=ledger["rectifying"].pk)
    Issue.objects.bulk_create(copies(template, 2100), batch_size=500)
    selection = select(cast.office, QueryDict("sort=number"), timezone.localdate())
    ids = ids_in_order(selection.queryset, selection.order)
    rows = ledger_rows(ids, selection.order, timezone.localdate(), ("number",))
    with django_assert_num_queries(2):
        first = [next(rows) for _ in range(1000)]
    with django_assert_num_queries(4):
        rest = list(rows)
    assert len(first) + len(rest) == len(ids) == 2100 + len(STATES)
