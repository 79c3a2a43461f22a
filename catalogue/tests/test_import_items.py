"""``import_items``."""

import json

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.domain.unit_imports import import_units
from accounts.models import Department
from catalogue.models import ServiceItem
from core.models import AuditEntry
from core.tabular.cells import LOST_DIGITS

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DATA = settings.BASE_DIR / "data"
REAL = DATA / "service-items-named-in-sources.csv"
HEAD = "序号,事项编码,事项名称,事项类别,主管部门,是否须本人体验,承诺时限(工作日),材料数,环节数,跑动次数,网办深度\n"


@pytest.fixture
def run(capsys):
    def call(path, *args) -> dict:
        """What ``--json`` prints, with the exit status."""
        status = 0
        try:
            call_command("import_items", str(path), "--json", *args)
        except SystemExit as ended:
            status = ended.code
        return json.loads(capsys.readouterr().out) | {"status": status}

    return call


@pytest.fixture
def roster():
    import_units(path=DATA / "lantian-2022-units.csv", region_name="青禾县")


@pytest.fixture
def table(tmp_path):
    def write(text: str, encoding: str = "utf-8"):
        path = tmp_path / "事项.csv"
        path.write_bytes((HEAD + text).encode(encoding))
        return path

    return write


def test_the_items_named_in_the_notices_find_their_owners(run, roster):
    answer = run(REAL)
    assert (answer["rows"], answer["created"], answer["errors"], answer["status"]) == (37, 37, [], 0)
    owners = dict(ServiceItem.objects.values_list("name", "department__name"))
    assert len(owners) == 37
    assert owners["增值税留抵退税"] == "县税务局"
    assert owners["执业药师注册"] == "县市场监管局"
    assert owners["残疾人证办理"] == "县民政局"
    assert owners["租房提取住房公积金"] == "县住房公积金管理中心"
    assert owners["不动产登记"] == "县资源规划局"
    assert set(ServiceItem.objects.values_list("kind", flat=True)) == {"approval", "public_service"}


def test_a_second_import_changes_nothing(run, roster):
    run(REAL)
    before = list(ServiceItem.objects.values()), AuditEntry.objects.count()
    second = run(REAL)
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, 37)
    assert (list(ServiceItem.objects.values()), AuditEntry.objects.count()) == before


def test_every_column_is_stored_and_an_item_is_found_by_pinyin(run, roster, table):
    run(table("7,QH-01,取水许可审批,审批,县水务局,是,10,4,5,2,Ⅲ级\n", "gb18030"))
    item = ServiceItem.objects.get()
    assert (item.order, item.code, item.kind, item.must_walk_in_person) == (7, "QH-01", "approval", True)
    assert (item.committed_days, item.documents, item.steps, item.trips, item.online_depth) == (10, 4, 5, 2, "Ⅲ级")
    assert "qsxksp" in item.search_text


def test_an_empty_figure_and_a_missing_column_leave_what_stands_there(run, roster, table, tmp_path):
    run(table("1,QH-01,取水许可审批,审批,县水务局,是,10,4,5,2,Ⅲ级\n"))
    assert run(table("1,,取水许可审批,审批,县水务局,是,6,,,,\n"))["updated"] == 1
    book = openpyxl.Workbook()
    book.active.append(["主管部门", "事项名称", "序号"])
    book.active.append(["县水务局", "取水许可审批", 1])
    book.save(tmp_path / "事项.xlsx")
    assert run(tmp_path / "事项.xlsx")["unchanged"] == 1
    item = ServiceItem.objects.get()
    assert (item.code, item.committed_days, item.documents, item.must_walk_in_person) == ("QH-01", 6, 4, True)


def test_all_errors_come_at_once_and_nothing_is_written(run, roster, table):
    answer = run(
        table(
            "1,,甲事项,审批,县税务居,否,,,,,\n"
            "2,,乙事项,别的,天然气,否,若干天,,,,\n"
            "3,,,审批,县水务局,否,,,,,\n"
            "4,,丙事项,审批,县水务局,否,,,,,\n"
            "5,,丙事项,审批,水务,否,,,,,\n"
        )
    )
    assert answer["status"] == 1
    messages = {(error["row"], error["column"]): error["message"] for error in answer["errors"]}
    assert messages[2, "主管部门"].startswith("没有这个单位。相近的有：县税务局")
    assert "有多个单位符合：西蓝天然气(股份)有限公司、县城燃天然气有限公司" in messages[3, "主管部门"]
    assert messages[3, "事项类别"] == "应为：审批、公共服务、行政执法、一件事"
    assert messages[3, "承诺时限(工作日)"] == "应为 0 至 32767 之间的整数（工作日）"
    assert messages[4, "事项名称"] == "不能为空"
    assert messages[6, "事项名称"] == "与第 5 行重复"
    assert len(messages) == 6
    assert ServiceItem.objects.count() == 0


def test_a_unit_of_several_regions_asks_for_the_region(run, roster):
    import_units(path=DATA / "lantian-2022-units.csv", region_name="白石县")
    answer = run(REAL)
    assert len(answer["errors"]) == 37
    assert {error["message"] for error in answer["errors"]} == {
        "多个区域有同名单位（青禾县、白石县），请用 --region 指明区域"
    }
    assert run(REAL, "--region", "白石县")["created"] == 37
    assert set(ServiceItem.objects.values_list("department__region__name", flat=True)) == {"白石县"}


def test_missing_owners_are_created_on_request(run, roster, table):
    line = table("1,,档案查询,公共服务,县档案局,否,1,1,1,1,\n")
    assert run(line)["status"] == 1
    assert run(line, "--create-missing", "--region", "青禾县")["created"] == 1
    made = Department.objects.get(name="县档案局")
    assert (made.region.name, made.order) == ("青禾县", 33)


def test_a_unit_made_for_a_file_with_errors_does_not_stay(run, roster, table):
    lines = table("1,,档案查询,公共服务,县档案局,否,1,1,1,1,\n2,,,公共服务,县税务局,否,,,,,\n")
    assert run(lines, "--create-missing", "--region", "青禾县")["status"] == 1
    assert not Department.objects.filter(name="县档案局").exists()


@pytest.mark.parametrize(
    ("written", "must", "reason"),
    [
        ("是", True, ""),
        ("否", False, ""),
        ("", False, ""),
        ("重要", True, "important"),
        ("核心职能", True, "core"),
        ("群众反映强烈", True, "strong_public"),
    ],
)
def test_why_the_principal_walks_in_person_may_stand_in_place_of_yes(run, roster, table, written, must, reason):
    ServiceItem.objects.create(
        department=Department.objects.get(name="县水务局"),
        name="取水许可审批",
        must_walk_in_person=True,
        in_person_reason="core",
    )
    assert run(table(f"1,,取水许可审批,审批,县水务局,{written},,,,,\n"))["status"] == 0
    item = ServiceItem.objects.get()
    assert (item.must_walk_in_person, item.in_person_reason) == (must, reason)


def test_another_word_there_is_refused_with_those_that_may_stand(run, roster, table):
    [error] = run(table("1,,取水许可审批,审批,县水务局,必须,,,,,\n"))["errors"]
    assert error["message"] == "应填“是”“否”，或理由：重要、核心职能、群众反映强烈"


@pytest.mark.parametrize("code", [1.1360200012734562e17, "1.13602E+17"])
def test_a_code_whose_last_digits_excel_has_lost_is_a_fault_and_not_another_code(run, roster, tmp_path, code):
    book = openpyxl.Workbook()
    book.active.append(["序号", "事项编码", "事项名称", "主管部门"])
    book.active.append([1, code, "结婚登记", "县民政局"])
    book.save(tmp_path / "事项.xlsx")
    found = run(tmp_path / "事项.xlsx")
    assert [(one["column"], one["message"]) for one in found["errors"]] == [("事项编码", LOST_DIGITS)]
    assert not ServiceItem.objects.exists()
