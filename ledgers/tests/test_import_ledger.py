"""A ledger comes in: what stands in its columns, in which state, known again a second time."""

from datetime import date

import pytest
from django.core.management import call_command

from catalogue.models import ServiceItem
from core.models import AuditEntry
from core.tabular.cells import LOST_DIGITS
from issues.domain import lifecycle
from issues.domain.ledger import filter_choices
from issues.domain.queries import issues_visible_to
from issues.filters import LedgerFilter
from issues.models import Issue, IssueEvent, IssueRound
from ledgers.domain.imports import import_ledger
from ledgers.models import ImportBatch, ImportedRow
from ledgers.tests.tables import HEAD, LAYOUTS, ledger, row
from notifications.models import Notice
from tests.cast import AUTUMN, NOON, issue_in

PLANNED = {"责任人": "丙某", "整改措施": "1.更换叫号机\n2.安排引导员", "整改时限": "2022-06-30"}
CLOSED = {**PLANNED, "完成日期": "2022-06-08", "是否销号": "是", "验收人": "测试office"}


def brought_in(cast, path, **options):
    done = import_ledger(campaign=cast.campaign, path=path, **options)
    assert [str(error) for error in done.errors] == []
    return done


def faults(cast, path, **options):
    done = import_ledger(campaign=cast.campaign, path=path, **options)
    assert not Issue.objects.exists()
    return [(fault.row, fault.column, fault.message) for fault in done.errors]


def test_what_the_columns_say_stands_on_the_issue(cast, tmp_path):
    path = ledger(
        tmp_path,
        row(**CLOSED, 问题编号="台-1", 来源="12345热线", 体验事项="结婚登记", 分类="业务办理", 备注="第一批",
            牵头单位="县行政审批局", 责任单位="县民政局、县公安局", 联系电话="13800001111", 整改类型="限期整改"),
    )  # fmt: skip
    done = brought_in(cast, path)
    assert (done.created, done.updated, done.unchanged) == (1, 0, 0)
    issue = Issue.objects.get()
    assert (issue.number, issue.original_number, issue.state, issue.period) == (
        "QH2022-00001",
        "台-1",
        "closed",
        "2022-06",
    )
    assert (issue.responsible_department, issue.discovering_department) == (cast.unit, cast.unit)
    assert (issue.lead_department, issue.item, issue.source) == (cast.lead_unit, cast.item, "hotline")
    assert (issue.due_on, issue.first_due_on, issue.closed_on) == (
        date(2022, 6, 30),
        date(2022, 6, 30),
        date(2022, 6, 8),
    )
    assert (issue.closed_by, issue.closing_requested_on, issue.remark) == (cast.office, date(2022, 6, 8), "第一批")
    assert list(issue.cooperating.all()) == [cast.second_unit]
    assert list(issue.measures.values_list("text", flat=True)) == ["更换叫号机", "安排引导员"]
    [event] = IssueEvent.objects.filter(issue=issue)
    assert (event.kind, event.to_state, event.data["source"]) == ("import", "closed", "问题整改台账“台账.csv”第 2 行")
    assert not Notice.objects.exists()
    assert AuditEntry.objects.filter(action="ledger.imported").count() == 1
    today = NOON.date()
    seen, choices = issues_visible_to(cast.office), filter_choices(cast.office, today)
    assert list(LedgerFilter({"q": "台-1"}, seen, choices=choices, today=today).qs) == [issue]


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"责任单位": ""}, "registered"),
        ({}, "planning"),
        (PLANNED | {"责任人": ""}, "planning"),
        (PLANNED | {"整改时限": ""}, "planning"),
        (PLANNED, "rectifying"),
        (PLANNED | {"是否销号": "未销号"}, "rectifying"),
        (CLOSED, "closed"),
        (CLOSED | {"是否销号": "已销号", "回头看情况": "未开展"}, "closed"),
        (CLOSED | {"回头看情况": "6月7日回头看，通过"}, "verified"),
        (PLANNED | {"回头看情况": "未通过，仍需排队"}, "rectifying"),
    ],
)
def test_the_state_follows_the_columns(cast, tmp_path, cells, state):
    brought_in(cast, ledger(tmp_path, row(**cells)))
    assert Issue.objects.get().state == state


def test_a_failed_look_back_is_the_second_round(cast, tmp_path):
    brought_in(cast, ledger(tmp_path, row(**PLANNED, 回头看情况="未通过，仍需排队")))
    issue = Issue.objects.get()
    assert (issue.round, issue.rebounds) == (2, 1)
    assert IssueRound.objects.get().finding == "未通过，仍需排队"


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        (CLOSED | {"完成日期": ""}, "完成日期", "已销号的应填写完成日期"),
        (CLOSED | {"完成日期": "2022-06-07"}, "完成日期", "早于发现日期 2022-06-08"),
        (CLOSED | {"完成日期": "2022-06-09"}, "完成日期", "晚于今天"),
        (CLOSED | {"责任单位": ""}, "责任单位", "已销号或回头看过的问题应写明责任单位"),
        (PLANNED | {"回头看情况": "通过"}, "回头看情况", "回头看通过的应为已销号，与“是否销号”不符"),
        (CLOSED | {"回头看情况": "未通过"}, "是否销号", "回头看未通过的应重新整改，不应为已销号"),
        ({"发现日期": "2022-06-09"}, "发现日期", "晚于今天"),
        ({"发现日期": ""}, "发现日期", "不能为空"),
        ({"整改时限": "2022-06-07"}, "整改时限", "早于发现日期 2022-06-08"),
        ({"整改时限": "2023-06-09"}, "整改时限", "不能晚于 2023-06-08（365 天以内）"),
        ({"存在问题": ""}, "存在问题", "不能为空"),
        ({"是否销号": "大概"}, "是否销号", "应填“是”或“否”（已销号、未销号）"),
        ({"整改类型": "慢慢改"}, "整改类型", "应为：立行立改、限期整改、长期坚持"),
        ({"责任单位": "县民证局"}, "责任单位", "青禾县没有这个单位。相近的有：县民政局、县司法局、县公安局"),
        ({"体验事项": "结婚登计"}, "体验事项", "没有这一事项。相近的有：结婚登记"),
        (
            {"问题编号": "1.23457E+17"},
            "问题编号",
            LOST_DIGITS,
        ),
    ],
)
def test_what_contradicts_itself_or_is_unknown_is_a_fault_of_its_cell(cast, tmp_path, cells, column, words):
    assert faults(cast, ledger(tmp_path, row(), row(**cells))) == [(3, column, words)]


def test_all_faults_are_told_at_once(cast, tmp_path):
    path = ledger(tmp_path, row(发现日期="无", 责任单位="某局"), row(问题编号="1"), row(问题编号="1", 整改类型="改"))
    assert [(line, column) for line, column, _ in faults(cast, path)] == [
        (2, "发现日期"), (2, "责任单位"), (4, "整改类型"), (4, "问题编号"),
    ]  # fmt: skip


def test_a_dry_run_writes_nothing(cast, tmp_path):
    done = brought_in(cast, ledger(tmp_path, row()), dry_run=True)
    assert (done.created, done.batch, Issue.objects.count(), ImportBatch.objects.count()) == (1, None, 0, 0)


def test_a_running_number_is_nobodys_own(cast, tmp_path):
    head = ("编号", *HEAD[2:])
    months = [
        ledger(
            tmp_path, row(编号="1", 存在问题=text), row(编号="2", 存在问题=f"另{text}"), head=head, name=f"{text}.csv"
        )
        for text in ("排队", "叫号")
    ]
    for path in months:
        done = brought_in(cast, path)
        assert (done.created, done.notes) == (2, ["第 2、3 行的编号只是顺序号，不作为原编号。"])
    assert set(Issue.objects.values_list("original_number", flat=True)) == {""}


def test_a_row_that_goes_on_adds_measures_and_units(cast, tmp_path):
    more = {"序号": "", "整改措施": "②换人", "责任单位": "县公安局", "发现日期": ""}
    done = brought_in(cast, ledger(tmp_path, row(整改措施="①换机"), more))
    issue = Issue.objects.get()
    assert list(issue.measures.values_list("text", flat=True)) == ["换机", "换人"]
    assert list(issue.cooperating.all()) == [cast.second_unit]
    assert "第 3 行接在第 2 行之后，作为同一个问题读入。" in done.notes


def test_units_and_items_are_made_when_asked_for(cast, tmp_path):
    path = ledger(
        tmp_path, row(责任单位="县水务局", 体验事项="取水许可审批"), row(体验事项="取水许可审批", 责任单位="县水务局")
    )
    brought_in(cast, path, create_missing=True)
    item = ServiceItem.objects.get(name="取水许可审批")
    assert {issue.item for issue in Issue.objects.all()} == {item}
    assert item.department.name == "县水务局"
    assert brought_in(cast, path, create_missing=True).unchanged == 2


def test_the_same_file_twice_changes_nothing(cast, tmp_path):
    path = ledger(tmp_path, row(**CLOSED), row(问题编号="7"), row(), row())
    first = brought_in(cast, path)
    assert "第 2、4、5 行的日期、单位和问题相同，按不同的问题读入。" in first.notes
    before = list(Issue.objects.order_by("pk").values())
    second = brought_in(cast, path)
    assert (first.created, second.unchanged, second.created, second.batch) == (4, 4, 0, None)
    assert list(Issue.objects.order_by("pk").values()) == before
    assert IssueEvent.objects.count() == 4


def test_a_row_that_says_more_changes_its_issue_alone(cast, tmp_path):
    brought_in(cast, ledger(tmp_path, row(问题编号="1"), row(问题编号="2", 存在问题="排队长")))
    done = brought_in(cast, ledger(tmp_path, row(问题编号="1", **CLOSED), row(问题编号="2", 存在问题="排队长")))
    assert (done.updated, done.unchanged) == (1, 1)
    issue = Issue.objects.get(original_number="1")
    assert (issue.state, issue.version, issue.measures.count(), issue.events.count()) == ("closed", 2, 2, 2)
    assert brought_in(cast, ledger(tmp_path, row(问题编号="1", **CLOSED))).unchanged == 1


def test_a_row_is_known_by_day_unit_and_folded_text(cast, tmp_path):
    brought_in(cast, ledger(tmp_path, row(存在问题="ＡＢ 窗口（一）")))
    done = brought_in(cast, ledger(tmp_path, row(存在问题="ab窗口(一)", 责任人="丙某", 序号="9")))
    assert (done.created, done.updated) == (0, 1)


def test_an_issue_worked_on_since_is_not_changed_and_named(cast, tmp_path):
    brought_in(cast, ledger(tmp_path, row(问题编号="1", **PLANNED)))
    issue = Issue.objects.get()
    lifecycle.perform(issue=issue, action="note_progress", actor=cast.liaison, data={"note": "已在采购"})
    done = brought_in(cast, ledger(tmp_path, row(问题编号="1", **CLOSED)))
    assert (done.unchanged, done.batch) == (1, None)
    assert "第 2 行（QH2022-00001）导入后已经办理，没有改动。" in done.notes
    issue.refresh_from_db()
    assert (issue.state, issue.progress) == ("rectifying", "已在采购")


def test_an_issue_of_a_walk_is_known_again_and_left_alone(cast, tmp_path):
    issue = issue_in(cast, "planning")
    done = brought_in(cast, ledger(tmp_path, row(存在问题=issue.description)))
    assert (done.created, done.unchanged, done.updated) == (0, 1, 0)
    assert done.notes == [f"第 2 行是系统中的问题 {issue.number}，不由导入改动。"]


def test_what_was_exported_comes_back_without_changing_anything(cast, tmp_path):
    brought_in(cast, ledger(tmp_path, row(**CLOSED, 问题编号="台-1", 联系电话="13800001111", 配合单位="县公安局")))
    before = Issue.objects.values().get()
    path = tmp_path / "导出.xlsx"
    call_command("export_ledger", "--campaign", "QH2022", "--output", str(path))
    done = brought_in(cast, path)
    assert (done.created, done.updated, done.unchanged) == (0, 0, 1)
    assert "的编号是系统的编号，这些问题不由导入改动；改过的台账请用“导回台账”。" in done.notes[-1]
    assert Issue.objects.values().get() == before


@pytest.mark.clock(AUTUMN)
def test_two_rows_of_headings_are_one_head(cast):
    """L1: 整改责任单位 over four units, 6月底前, a day without its year, a month."""
    done = brought_in(cast, next(LAYOUTS.glob("L1*")), create_missing=True)
    first, second = Issue.objects.order_by("number")
    assert (first.item.name, first.description, first.responsible_department) == (
        "婚姻登记", "叫号机故障，群众重复排队", cast.unit,
    )  # fmt: skip
    assert (first.due_on, second.due_on, second.found_on) == (date(2022, 6, 30), date(2022, 6, 30), date(2022, 6, 9))
    assert (first.discovering_department, first.state) == (cast.office_unit, "rectifying")
    assert first.measures.count() == 2
    assert "检查工点：登记处1号窗" in first.remark
    assert "“整改期限”的“6月底前”读作“2022-06-30”（第 4 行）。" in done.notes
    assert "“检查时间”的“6月9日”读作“2022-06-09”（第 5 行）。" in done.notes
    assert ImportedRow.objects.get(issue=first).other_columns["检查人"] == "甲某、乙某"


@pytest.mark.clock(AUTUMN)
def test_a_table_without_numbers_asks_for_its_columns(cast):
    """L2: no 序号, one name three times."""
    path = next(LAYOUTS.glob("L2*"))
    [(line, _, words)] = faults(cast, path)
    assert line is None
    assert words.startswith("表头没有“序号”一列，请核对各列的对应。表中的列：检查人、检查时间、")
    said = {"检查时间": "发现日期", "问题描述": "存在问题", "责任单位": "责任单位", "复查人的用户ID (2)": ""}
    brought_in(cast, path, mapping=said)
    issue = Issue.objects.get()
    assert (issue.found_on, issue.due_on, issue.description) == (
        date(2022, 6, 8),
        date(2022, 6, 20),
        "居住证办理须跑两次",
    )
    assert (issue.state, issue.responsible_name, issue.category) == ("rectifying", "乙某", "流程")


@pytest.mark.clock(AUTUMN)
def test_three_rows_of_headings_are_one_head(cast):
    """L3: the day of the title stands for the days the table does not tell."""
    done = brought_in(cast, next(LAYOUTS.glob("L3*")), create_missing=True)
    first, second = Issue.objects.order_by("number")
    assert (first.description, first.responsible_department.name, first.state) == ("申报跳转错误", "县税务局", "closed")
    assert (first.due_on, first.closed_on, first.track) == (date(2022, 6, 20), date(2022, 6, 20), "on_spot")
    assert (second.due_on, second.category, second.responsible_name) == (date(2022, 6, 30), "业务办理", "甲某")
    assert "第 6、7 行没有发现日期，按表题的日期 2022-06-20 读入。" in done.notes


@pytest.mark.clock(AUTUMN)
def test_a_number_of_the_office_stands_for_the_running_one(cast):
    """L6: 编号 instead of 序号; 3日内."""
    brought_in(cast, next(LAYOUTS.glob("L6*")), create_missing=True)
    issue = Issue.objects.get()
    assert (issue.original_number, issue.due_on, issue.source) == ("CG-001", date(2022, 6, 11), "visit")
    assert (issue.responsible_department.name, issue.progress) == ("清水镇", "已整改")
