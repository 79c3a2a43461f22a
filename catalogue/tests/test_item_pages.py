"""The page of the office for service items: the list, a table in with its preview, and out."""

import io

import pytest
from django.core.management import call_command

from catalogue.domain.imports import COLUMNS, import_items
from catalogue.models import ServiceItem
from catalogue.resources import ItemResource
from core.models import AuditEntry, IdempotencyKey, StagedTable
from core.staging import MOST_ROWS
from core.tests.tables import cells, confirm, outcomes, send, sheet, value
from core.text import search_text
from tests.cast import build_cast

pytestmark = pytest.mark.django_db
URL = "/items/import/"
HEAD = f"{','.join(COLUMNS)}\n"
GOOD = (
    "1,QH-01,低保申请,公共服务,县民政局,重要,10,4,5,2,Ⅲ级,\n"
    "2,,户口登记,公共服务,公安局,否,,3,,,,\n"
    "3,,新生儿出生,一件事,县民政局,,,,,,,户口登记、低保申请\n"
)


@pytest.fixture
def cast():
    return build_cast()


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    return client


def stored() -> tuple[list, list]:
    rows = ServiceItem.objects.exclude(name="结婚登记").order_by("name").values()
    links = ServiceItem.members.through.objects.values_list("from_serviceitem__name", "to_serviceitem__name")
    return [{**row, "id": None} for row in rows], sorted(links)


def test_the_columns_of_the_resource_are_those_of_the_file():
    assert tuple(field.column_name for field in ItemResource.fields.values()) == COLUMNS


def test_nothing_is_written_before_it_is_confirmed_and_the_result_says_what_was_done(office, cast):
    shown = send(office, URL, HEAD + GOOD)
    assert (shown.status_code, ServiceItem.objects.count()) == (200, 1)
    assert outcomes(shown) == dict.fromkeys(
        ("县民政局：低保申请", "县公安局：户口登记", "县民政局：新生儿出生"), "created"
    )
    assert cells(shown, "县民政局：新生儿出生")["包含事项"] == ("", "户口登记、低保申请")
    assert "尚未写入" in shown.text
    done = confirm(office, shown)
    assert "导入完成。共 3 行：新增 <b>3</b>，更新 <b>0</b>，未变 <b>0</b>" in done.text
    assert set(ServiceItem.objects.get(name="新生儿出生").members.values_list("name", flat=True)) == {
        "户口登记",
        "低保申请",
    }
    [entry] = AuditEntry.objects.filter(action="items.imported")
    assert (entry.actor_id, entry.object_key, entry.detail["created"]) == (cast.office.pk, "青禾县", 3)


def test_what_changes_is_shown_field_by_field(office):
    confirm(office, send(office, URL, HEAD + GOOD))
    shown = send(
        office,
        URL,
        HEAD + "1,,低保申请,审批,县民政局,否,6,,,,,\n2,,户口登记,公共服务,公安局,否,,3,,,,\n"
        "3,,新生儿出生,一件事,县民政局,,,,,,,户口登记\n",
    )
    assert outcomes(shown) == {
        "县民政局：低保申请": "updated",
        "县公安局：户口登记": "unchanged",
        "县民政局：新生儿出生": "updated",
    }
    assert cells(shown, "县民政局：低保申请") == {
        "事项类别": ("公共服务", "审批"),
        "是否须本人体验": ("重要", "否"),
        "承诺时限(工作日)": ("10", "6"),
    }
    assert cells(shown, "县民政局：新生儿出生") == {"包含事项": ("户口登记、低保申请", "户口登记")}
    assert "县公安局：户口登记" not in shown.text
    assert "县公安局：户口登记" in office.get(shown.request["PATH_INFO"], {"show": "unchanged"}).text


def test_the_same_file_twice_changes_nothing(office):
    confirm(office, send(office, URL, HEAD + GOOD))
    before = stored(), AuditEntry.objects.count()
    shown = send(office, URL, HEAD + GOOD)
    assert set(outcomes(shown).values()) == {"unchanged"}
    assert "与系统中的内容完全相同" in shown.text
    assert 'confirm-form">' not in shown.text.split("action-bar")[-1]
    confirm(office, shown)
    assert (stored(), AuditEntry.objects.count()) == before


def test_all_faults_come_at_once_and_nothing_is_kept(office):
    shown = send(office, URL, HEAD + "1,,甲,别的,县民政局,否,若干天,,,,,\n2,,,审批,县民政居,否,,,,,,\n")
    assert shown.status_code == 400
    found = {(error.row, error.column): error.message for error in shown.context["errors"]}
    assert found == {
        (2, "事项类别"): "应为：审批、公共服务、行政执法、一件事",
        (2, "承诺时限(工作日)"): "应为 0 至 32767 之间的整数（工作日）",
        (3, "事项名称"): "不能为空",
        (3, "主管部门"): "青禾县没有这个单位。相近的有：县民政局、县行政审批局",
    }
    assert (StagedTable.objects.count(), ServiceItem.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD + "4,,户口登记,审批,县公安局,是,1,1,1,1,,\n",
        "1,,甲,别的,县民政局,否,若干天,,,,,\n2,,,审批,县民政居,必须,,,,,,\n3,,乙,一件事,县民政局,,,,,,,没有的、丙\n",
    ],
)
def test_page_and_command_give_the_same_for_the_same_file(office, cast, tmp_path, text):
    path = tmp_path / "表.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    ServiceItem.objects.create(department=cast.second_unit, name="户口登记", order=9)
    trial = import_items(path=path, region_name="青禾县", dry_run=True)
    shown = send(office, URL, HEAD + text)
    if trial.errors:
        assert sorted(map(str, shown.context["errors"])) == sorted(map(str, trial.errors))
        return
    assert shown.context["counts"] == trial.counts()
    confirm(office, shown)
    by_page = stored()
    ServiceItem.objects.exclude(pk=cast.item.pk).delete()
    ServiceItem.objects.create(department=cast.second_unit, name="户口登记", order=9)
    call_command("import_items", str(path), "--region", "青禾县", "--json")
    assert stored() == by_page


def test_a_change_in_between_is_told_with_the_new_preview(office, cast):
    shown = send(office, URL, HEAD + GOOD)
    ServiceItem.objects.create(department=cast.unit, name="低保申请", documents=9)
    stale = confirm(office, shown)
    assert stale.status_code == 409
    assert "数据在核对之后有变化" in stale.text
    assert cells(stale, "县民政局：低保申请")["材料数"] == ("9", "4")
    assert ServiceItem.objects.count() == 2
    assert "新增 <b>2</b>，更新 <b>1</b>" in confirm(office, stale).text


def test_a_record_that_has_gone_makes_the_new_preview_an_error(office, cast):
    shown = send(office, URL, HEAD + GOOD)
    type(cast.second_unit).objects.filter(pk=cast.second_unit.pk).update(is_active=False)
    stale = confirm(office, shown)
    assert stale.status_code == 409
    assert [(error["row"], error["column"]) for error in stale.context["errors"]] == [(3, "主管部门"), (4, "包含事项")]
    assert "confirm-form" not in stale.text
    assert ServiceItem.objects.count() == 1
    assert confirm(office, shown).status_code == 409


def test_a_double_press_and_a_second_key_import_once(office):
    shown = send(office, URL, HEAD + GOOD)
    first = confirm(office, shown)
    again = confirm(office, shown)
    third = confirm(office, shown, idempotency_key="another")
    assert [answer.status_code for answer in (first, again, third)] == [200, 200, 200]
    assert "导入完成" in third.text
    assert AuditEntry.objects.filter(action="items.imported").count() == 1


def test_a_double_upload_stages_one_table(office):
    for _ in range(2):
        office.post(URL, {"idempotency_key": "k", "region": region_of(office), "file": sheet(HEAD + GOOD)})
    assert StagedTable.objects.count() == 1


def region_of(office) -> str:
    return value(office.get(URL), "region")


def test_more_rows_than_a_page_takes_are_refused_with_the_command(office):
    lines = "".join(f"{n},,事项{n},审批,县民政局,,,,,,,\n" for n in range(MOST_ROWS + 1))
    shown = send(office, URL, HEAD + lines, region=region_of(office))
    assert shown.status_code == 400
    assert "有 5001 行，在页面上一次最多导入 5000 行" in shown.text
    assert "import_items" in shown.text


def test_an_office_writes_in_its_own_region_only(client, cast):
    client.force_login(cast.office_other_county)
    shown = send(client, URL, HEAD + "1,,低保申请,审批,县民政局,,,,,,,\n", region=region_of(client))
    confirm(client, shown)
    assert ServiceItem.objects.get(name="低保申请").department == cast.namesake_unit
    other = send(client, URL, HEAD + GOOD, region=cast.county.pk)
    assert (other.status_code, StagedTable.objects.count()) == (400, 1)


def test_a_staged_table_is_its_owners_alone(office, client, cast):
    shown = send(office, URL, HEAD + GOOD)
    for person in (cast.office_second, cast.office_other_county):
        client.force_login(person)
        assert client.get(shown.request["PATH_INFO"]).status_code == 404
        assert client.post(shown.request["PATH_INFO"], {}).status_code == 404


def test_who_left_the_office_imports_nothing(office, cast):
    shown = send(office, URL, HEAD + GOOD)
    cast.office.memberships.all().delete()
    assert confirm(office, shown).status_code == 404
    assert ServiceItem.objects.count() == 1


def test_who_moved_to_another_office_imports_nothing_for_the_old_one(office, cast):
    shown = send(office, URL, HEAD + GOOD)
    elsewhere = cast.office_other_county.memberships.get().department
    cast.office.memberships.update(department=elsewhere)
    assert confirm(office, shown).status_code == 404
    assert ServiceItem.objects.count() == 1


def test_a_confirmation_without_the_digest_is_refused(office):
    shown = send(office, URL, HEAD + GOOD)
    assert office.post(shown.request["PATH_INFO"], {"idempotency_key": "k"}).status_code == 400
    assert confirm(office, shown, seen="0" * 64).status_code == 409
    assert (ServiceItem.objects.count(), IdempotencyKey.objects.filter(scope__startswith="items.import").count()) == (
        1,
        0,
    )


def test_text_is_text(office):
    shown = send(office, URL, HEAD + '1,,"=1+1<script>alert(1)</script>",审批,县民政局,,,,,,,\n')
    assert "<script>alert" not in shown.text
    assert "=1+1&lt;script&gt;" in shown.text
    confirm(office, shown)
    assert ServiceItem.objects.filter(name="=1+1<script>alert(1)</script>").exists()


def test_what_is_downloaded_can_be_imported_again_and_changes_nothing(office, tmp_path):
    confirm(office, send(office, URL, HEAD + GOOD))
    answer = office.get("/items/export/")
    path = tmp_path / "事项.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    ServiceItem.objects.filter(name="结婚登记").update(search_text=search_text("结婚登记", "县民政局", ""))
    found = import_items(path=path, region_name="青禾县")
    assert (found.errors, found.created, found.updated, found.unchanged) == ([], 0, 0, 4)
    with io.BytesIO(path.read_bytes()) as upload:
        upload.name = "事项.xlsx"
        shown = office.post(URL, {"idempotency_key": "r", "region": region_of(office), "file": upload}, follow=True)
    assert set(outcomes(shown).values()) == {"unchanged"}
    [entry] = AuditEntry.objects.filter(action="items.exported")
    assert (entry.object_key, entry.detail) == ("青禾县", {"rows": 4})


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_three(office, cast, rows, django_assert_num_queries):
    ServiceItem.objects.bulk_create(
        ServiceItem(department=cast.unit, name=f"行{n}", search_text=f"行{n}") for n in range(rows)
    )
    office.get("/items/")
    with django_assert_num_queries(8):
        assert len(office.get("/items/", {"q": "行"}).context["page"].rows) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_preview_costs_the_same_for_one_row_and_three(office, rows, django_assert_num_queries):
    lines = "".join(f"{n},,事项{n},审批,县民政局,,,,,,,\n" for n in range(rows))
    shown = send(office, URL, HEAD + lines, region=region_of(office))
    with django_assert_num_queries(7):
        assert len(office.get(shown.request["PATH_INFO"]).context["page"]["rows"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_comparing_reads_the_same_number_of_times_for_one_row_and_three(office, rows, django_assert_num_queries):
    lines = "".join(f"{n},,事项{n},一件事,县民政局,,,,,,,结婚登记\n" for n in range(rows))
    confirm(office, send(office, URL, HEAD + lines))
    region = region_of(office)
    posted = {"idempotency_key": "n", "region": region, "file": sheet(HEAD + lines.replace("结婚登记", ""))}
    with django_assert_num_queries(21):
        assert office.post(URL, posted).status_code == 302


def test_the_account_menu_leads_an_office_to_the_page_and_nobody_else(client, cast):
    for persona, leads in (("office", True), ("principal", False), ("supervisor", False), ("sysadmin", False)):
        client.force_login(cast.people[persona])
        assert ('href="/items/"' in client.get("/").text) is leads
