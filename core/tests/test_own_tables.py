"""Tables under an office's own headings: how deep they are, what each column is called, which of ours it is."""

from datetime import date

import openpyxl
import pytest
from django.conf import settings

from core.exceptions import Refused
from core.tabular import Shape, read_day, read_table
from core.tabular.fitting import fit, fitted, gathered
from core.tabular.own import read_own_table

LAYOUTS = settings.BASE_DIR / "tests" / "data" / "layouts"
CASES = settings.BASE_DIR / "tests" / "data" / "tables"
SHAPE = Shape(
    ("序号", "存在问题", "责任单位", "整改时限"),
    required=("存在问题",),
    aliases={"问题": "存在问题", "整改责任单位": "责任单位", "单位": "责任单位"},
    joined=("责任单位",),
)


def layout(name: str):
    return read_own_table(next(LAYOUTS.glob(f"{name}*")), set(SHAPE.known()))


def book(folder, *lines, merges=()):
    made, path = openpyxl.Workbook(), folder / "表.xlsx"
    for line in lines:
        made.active.append(list(line))
    for merge in merges:
        made.active.merge_cells(merge)
    made.save(path)
    return read_own_table(path, set(SHAPE.known()))


def test_groups_stand_before_the_names_below_them():
    columns = layout("L1").columns
    assert (len(columns), columns[11:15]) == (
        18,
        tuple(f"整改责任单位·{one}" for one in ("建设", "设计", "施工", "监理")),
    )
    assert layout("L3").columns[:4] == ("序号", "单位名称·一级单位", "单位名称·具体责任单位", "问题来源")
    assert layout("L5_").columns[2:5] == (
        "派遣案件总数·总计",
        *(f"派遣案件总数·12345热线·{one}" for one in ("按时办结", "超时办结")),
    )
    assert layout("L5b").columns == ("序号", "责任单位", "工单数·总计", "工单数·办结率")


@pytest.mark.parametrize(("name", "rows"), [("L1", [4, 5]), ("L2", [2]), ("L3", [6, 7]), ("L5_", [5, 6]), ("L6", [2])])
def test_no_head_row_is_among_the_data(name, rows):
    assert [row.number for row in layout(name).rows] == rows


def test_a_name_that_stands_twice_is_told_apart(tmp_path):
    table = book(tmp_path, ["序号", "问题", "按时办结", "按时办结"], [1, "排队", 2, 3])
    assert (table.columns, table.repeated) == (("序号", "问题", "按时办结", "按时办结 (2)"), ("按时办结",))
    assert table.rows[0].cells["按时办结 (2)"] == 3
    assert fit(table, SHAPE).asks == []
    twice = book(tmp_path, ["序号", "问题", "问题"], [1, "排队", "叫号"])
    assert fit(twice, SHAPE).asks == ["表头中“问题”出现了不止一次，请指明用哪一列。"]


def test_several_columns_of_theirs_may_make_one_of_ours(tmp_path):
    table = layout("L1")
    found = fit(table, SHAPE, {"隐患问题描述": "存在问题"})
    assert [row.text("责任单位") for row in fitted(table, SHAPE, found.mapping)] == ["县民政局", "县民政局"]
    table = book(
        tmp_path, ["序号", "问题", "整改责任单位", None], [None, None, "建设", "设计"], [1, "排队", "甲局", "乙局"],
        merges=("A1:A2", "B1:B2", "C1:D1"),
    )  # fmt: skip
    assert fitted(table, SHAPE, fit(table, SHAPE).mapping)[0].text("责任单位") == "甲局、乙局"


def test_a_cover_sheet_is_not_taken_for_the_table(tmp_path):
    made, path = openpyxl.Workbook(), tmp_path / "表.xlsx"
    made.active.append(["填表说明", "由各单位填写", "每月一次"])
    sheet = made.create_sheet("台账")
    for line in (["编号", "001"], ["序号", "问题", "单位"], [1, "排队", "甲局"]):
        sheet.append(line)
    hidden = made.create_sheet("旧表")
    hidden.sheet_state = "hidden"
    for line in (["序号", "问题", "单位", "整改时限"], [1, "旧的", "甲局", "无"]):
        hidden.append(line)
    made.save(path)
    table = read_own_table(path, set(SHAPE.known()))
    assert (table.columns, [row.cells["问题"] for row in table.rows]) == (("序号", "问题", "单位"), ["排队"])
    assert table.notes == ["只读取了一张工作表，没有读取：Sheet、旧表。"]


def test_what_stands_below_no_heading_is_kept(tmp_path):
    table = book(tmp_path, ["序号", "问题", None], [1, "排队", "另注"], [2, "叫号", None])
    assert table.columns == ("序号", "问题", "第 3 列（无标题）")
    assert table.rows[0].cells["第 3 列（无标题）"] == "另注"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"没有": "存在问题"}, "表头中没有“没有”一列"),
        ({"问题": "没有"}, "没有“没有”这一列可对应"),
        ({"问题": "存在问题", "说明": "存在问题"}, "“存在问题”只能对应一列"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_in_words(tmp_path, said, words):
    with pytest.raises(Refused, match=words):
        fit(book(tmp_path, ["序号", "问题", "说明"], [1, "排队", "甲"]), SHAPE, said)


def test_a_missing_column_and_a_missing_number_are_asked_about(tmp_path):
    assert fit(book(tmp_path, ["甲", "乙", "丙"], ["a", "b", "c"]), SHAPE).asks == [
        "没有找到“存在问题”一列，请指明。",
        "表头没有“序号”一列，请核对各列的对应。",
    ]


def test_rows_that_go_on_are_gathered(tmp_path):
    lines = [1, "排队", "甲局"], [None, None, "乙局"], [2, "叫号", "甲局"], [2, None, "丙局"]
    table = book(tmp_path, ["序号", "问题", "单位"], *lines, merges=("B4:B5",))
    rows = fitted(table, SHAPE, fit(table, SHAPE).mapping)
    assert [[row.number for row in group] for group in gathered(rows, ("存在问题",))] == [[2, 3], [4, 5]]


def test_the_table_cases_hold_for_tables_under_own_names_too():
    """Totals and groups are named, hidden rows read, repeated heads passed over, merges hold, faults at their cell."""
    shape = Shape(("序号", "责任单位", "工单数"), required=("责任单位", "工单数"))
    items = Shape(("序号", "事项名称", "主管部门"), required=("事项名称", "主管部门"))

    def read(name, shape):
        table = read_own_table(CASES / name, set(shape.known()))
        return fitted(table, shape, fit(table, shape).mapping), table.notes

    rows, notes = read("B08c_total_word.xlsx", shape)
    assert ([row.number for row in rows], notes) == ([2, 3], ["第 4 行是合计或小计，没有作为数据读入。"])
    rows, notes = read("B02_hidden_rows_hotline.xlsx", shape)
    assert notes == ["第 3 行在表格中是隐藏的，已一并读入，请核对。"]
    rows, notes = read("B09_repeated_header.xlsx", shape)
    assert ([row.number for row in rows], notes) == ([2, 4], ["第 3 行重复了表头，没有作为数据读入。"])
    rows, notes = read("B23_group_rows.xlsx", items)
    assert notes == ["第 2 行“一、行政许可”、第 4 行“二、公共服务”是分组标题，没有作为数据读入。"]
    rows, _ = read("B01_merged_unit_hotline.xlsx", shape)
    assert [row.text("责任单位") for row in rows] == ["县公安局", "县公安局", "县民政局", "县民政局"]
    rows, _ = read("B05_formula_no_cache.xlsx", shape)
    assert {fault.message for row in rows for fault in row.errors} == {"公式没有保存结果，请在 Excel 中重新保存"}
    rows, _ = read("B18_error_cells_items.xlsx", items)
    assert [(fault.row, fault.column, fault.value) for row in rows for fault in row.errors] == [
        (3, "事项名称", "#N/A"), (4, "事项名称", "#REF!"), (4, "主管部门", "#N/A"),
    ]  # fmt: skip
    rows, _ = read("B08b_dropped_rows_noserial.xlsx", items)
    assert [row.text("事项名称") for row in rows] == ["注销登记：个体工商户", "设立登记：个体工商户"]


def test_headings_on_two_rows_and_a_second_table_are_read():
    """B07b and B22."""
    table = read_own_table(CASES / "B07b_header_split_two_rows.xlsx", {"责任单位", "工单数"})
    assert table.columns == ("序号", "责任单位", "工单情况·工单数", "工单情况·办结数")
    items = Shape(("序号", "事项名称", "主管部门"), required=("事项名称", "主管部门"))
    table = read_own_table(CASES / "B22_two_tables_one_sheet.xlsx", set(items.known()))
    rows = fitted(table, items, fit(table, items).mapping)
    assert [(row.number, row.text("事项名称")) for row in rows] == [(3, "测试两表甲"), (7, "测试两表乙")]
    assert "第 6 行重复了表头，没有作为数据读入。" in table.notes


def case(name: str, *columns: str) -> list[tuple[str, ...]]:
    """Those columns of a table of tests/data/tables, as this reader reads them."""
    table = read_own_table(CASES / name, set(columns))
    return [tuple(row.text(column) for column in columns) for row in table.rows]


def test_numbers_in_words_and_formats_are_read_as_by_the_other_reader():
    shape = Shape(("序号", "责任单位", "工单数"))
    for name in ("B06_number_words.xlsx", "B28_number_formats.xlsx"):
        own = fitted(read_own_table(CASES / name, set(shape.known())), shape, {"工单数": "工单数"})
        other = read_table(CASES / name, shape)
        assert [row.whole("工单数") for row in own] == [row.whole("工单数") for row in other]
        assert [str(error) for row in own for error in row.errors] == [str(e) for row in other for e in row.errors]


def test_a_walker_merged_over_two_rows_walks_both():
    assert case("B26_plan_merged_walker.xlsx", "体验事项", "体验人及职务")[:2] == [
        ("结婚登记", "吕行简（局长）"),
        ("残疾人证办理", "吕行简（局长）"),
    ]


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("B24_min.csv", ["2022/9/14 0:00"]),
        ("B24_plan_text_datetime.xlsx", ["2022-09-14 09:30", "2022/9/15 0:00", "2022年9月16日上午", "9月17日"]),
    ],
)
def test_days_with_an_hour_are_read(name, days):
    read = [day for (day,) in case(name, "计划时间") if day]
    assert read == days
    window = (date(2022, 9, 1), date(2022, 9, 30))
    assert [read_day(day, window).day for day in read] == list(range(14, 14 + len(days)))
