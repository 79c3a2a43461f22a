"""``import_units``."""

import json

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.domain.unit_imports import import_units
from accounts.models import Department, Region
from core.models import AuditEntry
from tests.cast import NOON, build_cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
REAL = settings.BASE_DIR / "data" / "lantian-2022-units.csv"
HEAD = "序号,单位名称,单位类型,审批服务单位,行政执法单位,公共服务企业\n"


@pytest.fixture
def run(capsys):
    def call(path, *args) -> dict:
        """What ``--json`` prints, with the exit status."""
        status = 0
        try:
            call_command("import_units", str(path), "--json", *args)
        except SystemExit as ended:
            status = ended.code
        return json.loads(capsys.readouterr().out) | {"status": status}

    return call


@pytest.fixture
def table(tmp_path):
    def write(text: str, encoding: str = "utf-8"):
        path = tmp_path / "单位.csv"
        path.write_bytes((HEAD + text).encode(encoding))
        return path

    return write


def test_the_roster_of_the_notice_is_imported_in_its_order(run):
    assert run(REAL, "--region", "青禾县") == {
        "file": REAL.name,
        "rows": 32,
        "created": 32,
        "updated": 0,
        "unchanged": 0,
        "notes": [],
        "errors": [],
        "status": 0,
    }
    units = list(Department.objects.order_by("order"))
    assert [unit.order for unit in units] == list(range(1, 33))
    assert (units[0].name, units[-1].name) == ("县发改委", "县统计局")
    assert [sum(getattr(unit, name) for unit in units) for name in ("is_approval", "is_enforcement", "is_utility")] == [
        27,
        25,
        4,
    ]
    assert {unit.kind for unit in units} == {"county", "utility"}
    assert Region.objects.get().level == "county"


def test_a_second_import_changes_nothing(run):
    run(REAL, "--region", "青禾县")
    before = list(Department.objects.values()), AuditEntry.objects.count()
    second = run(REAL, "--region", "青禾县")
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, 32)
    assert (list(Department.objects.values()), AuditEntry.objects.count()) == before


def test_a_changed_line_updates_its_unit_and_keeps_the_others(run, table):
    run(table("1,县民政局,县级部门,是,否,否\n2,县公安局,县级部门,是,否,否\n"), "--region", "青禾县")
    changed = run(table("3,县民政局,县级部门,是,是,否\n"), "--region", "青禾县")
    assert (changed["updated"], changed["unchanged"]) == (1, 0)
    unit = Department.objects.get(name="县民政局")
    assert (unit.order, unit.is_enforcement) == (3, True)
    assert Department.objects.count() == 2


def test_the_kind_of_brackets_makes_no_second_unit(run, table):
    run(table("1,天然气(股份)公司,公共服务企业,否,否,是\n"), "--region", "青禾县")
    again = run(table("1,天然气（股份）公司,公共服务企业,否,否,是\n"), "--region", "青禾县")
    assert again["unchanged"] == 1


def test_a_gb18030_file_is_read(run, table):
    run(table("1,县民政局,县级部门,是,否,否\n", "gb18030"), "--region", "青禾县")
    assert Department.objects.get().name == "县民政局"


def test_all_errors_come_at_once_and_nothing_is_written(run, table):
    answer = run(
        table(
            "1,县民政局,县级部门,是,否,否\n甲,县公安局,局,是,否,否\n3,,县级部门,也许,否,否\n4,县民政局,县级部门,是,否,否\n"
        ),
        "--region",
        "青禾县",
    )
    assert answer["status"] == 1
    assert [(error["row"], error["column"], error["value"]) for error in answer["errors"]] == [
        (3, "序号", "甲"),
        (3, "单位类型", "局"),
        (4, "单位名称", ""),
        (4, "审批服务单位", "也许"),
        (5, "单位名称", "县民政局"),
    ]
    assert answer["errors"][-1]["message"] == "与第 2 行重复"
    assert (answer["created"], Department.objects.count(), Region.objects.count()) == (0, 0, 0)


GONE = "序号,单位名称,是否撤销\n"


def test_a_unit_is_abolished_and_brought_back_by_its_line(run, tmp_path):
    path = tmp_path / "单位.csv"
    states = []
    for cell in ("", "是", "是", "", "否", "否"):
        path.write_text(f"{GONE}1,县物价局,{cell}\n", encoding="utf-8")
        answer = run(path, "--region", "青禾县")
        unit = Department.objects.get()
        states.append((unit.is_active, answer["created"] + answer["updated"], answer["errors"]))
    gone, same = (False, 1, []), (False, 0, [])
    assert states == [(True, 1, []), gone, same, same, (True, 1, []), (True, 0, [])]
    actions = AuditEntry.objects.filter(object_type="unit").order_by("id").values_list("action", "object_key")
    assert list(actions) == [("unit.abolished", "青禾县/县物价局"), ("unit.restored", "青禾县/县物价局")]


def test_a_line_that_abolishes_says_from_when_and_why(run, tmp_path):
    path = tmp_path / "机构改革.csv"
    Department.objects.create(region=Region.objects.create(name="青禾县"), name="县物价局")
    path.write_text(f"{GONE}1,县物价局,是\n", encoding="utf-8")
    run(path, "--region", "青禾县")
    unit = Department.objects.get()
    assert (unit.abolished_on, unit.abolished_by) == (timezone.localdate(), "导入机构改革.csv")


def test_an_unknown_unit_and_one_a_campaign_needs_are_refused_by_cell(run, tmp_path):
    path = tmp_path / "单位.csv"
    with time_machine.travel(NOON, tick=False):
        cast = build_cast()
        path.write_text(f"{GONE}1,县物价局,是\n2,{cast.lead_unit},是\n", encoding="utf-8")
        errors = run(path, "--region", cast.county.name)["errors"]
    assert [(error["row"], error["column"]) for error in errors] == [(2, "是否撤销"), (3, "是否撤销")]
    assert errors[0]["message"] == "还没有这个单位，不能撤销"
    assert "请统筹办先在“接收单位”改为其他单位" in errors[1]["message"]
    assert not Department.objects.filter(is_active=False).exists()


def test_a_file_that_is_no_table_gives_one_error_without_a_row(run, tmp_path):
    path = tmp_path / "说明.csv"
    path.write_text("只有说明\n", encoding="utf-8")
    [error] = run(path, "--region", "青禾县")["errors"]
    assert error["row"] is None
    assert "没有找到表头" in error["message"]


def test_a_dry_run_counts_and_writes_nothing(run):
    answer = run(REAL, "--region", "青禾县", "--dry-run")
    assert (answer["created"], answer["status"]) == (32, 0)
    assert (Department.objects.count(), Region.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_errors_are_told_in_words_without_json(table, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("import_units", str(table("甲,县民政局,县级部门,是,否,否\n")), "--region", "青禾县")
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert told.out == ""
    assert "单位.csv：有 1 处错误，未写入任何一行。" in told.err
    assert "第 2 行“序号”（甲）：应为 0 至 32767 之间的整数" in told.err


def test_a_unit_written_with_spaces_is_the_one_that_stands(tmp_path):
    for name in ("县公安局", "县 公安局"):
        path = tmp_path / "单位.csv"
        path.write_text(f"序号,单位名称\n1,{name}\n", encoding="utf-8")
        assert import_units(path=path, region_name="青禾县").errors == []
    assert [unit.name for unit in Department.objects.all()] == ["县公安局"]
