"""Tables as offices send them (tests/data/tables): what is read, what is passed over and named, what is asked."""

import re
import zipfile
from datetime import date

import openpyxl
import pytest
from django.conf import settings

from core.tabular import WORKDAYS, Row, Shape, read_day, read_table, read_whole
from core.tabular.own import read_own_table

CASES = settings.BASE_DIR / "tests" / "data" / "tables"
ITEMS = Shape(("序号", "事项名称", "主管部门", "承诺时限(工作日)"), required=("事项名称", "主管部门"))
HOTLINE = Shape(("序号", "责任单位", "工单数", "问题类型"), required=("责任单位", "工单数"))
PEOPLE = Shape(("序号", "姓名", "用户名", "单位", "职务", "角色", "手机"), required=("姓名", "用户名", "单位", "角色"))


def told(rows, *columns):
    return [(row.number, *(row.text(column) for column in columns)) for row in rows]


@pytest.mark.parametrize("name", ["B08_min.csv", "B08b_dropped_rows_noserial.xlsx"])
def test_an_item_whose_name_begins_like_a_foot_line_is_an_item(name):
    table = read_table(CASES / name, ITEMS)
    assert told(table, "事项名称") == [(2, "注销登记：个体工商户"), (3, "设立登记：个体工商户")]
    assert table.notes == []


def test_a_total_word_in_a_text_column_is_data_and_a_total_row_is_named():
    assert told(read_table(CASES / "B08_min4.xlsx", HOTLINE), "责任单位") == [(2, "县公安局")]
    table = read_table(CASES / "B08c_total_word.xlsx", HOTLINE)
    assert told(table, "责任单位", "工单数") == [(2, "县公安局", "10"), (3, "县民政局", "5")]
    assert table.notes == ["第 4 行是合计或小计，没有作为数据读入。"]


@pytest.mark.parametrize(
    ("name", "shape", "column", "first"),
    [
        ("B01_merged_unit_hotline.xlsx", HOTLINE, "责任单位", ["县公安局", "县公安局", "县民政局", "县民政局"]),
        ("B01b_merged_unit_people.xlsx", PEOPLE, "单位", ["县公安局"] * 3),
        ("B01c_merged_owner_items.xlsx", ITEMS, "主管部门", ["县公安局"] * 2),
    ],
)
def test_a_merged_value_holds_in_each_of_its_rows(name, shape, column, first):
    assert [row.text(column) for row in read_table(CASES / name, shape)] == first


def test_hidden_rows_are_read_and_named():
    table = read_table(CASES / "B02_hidden_rows_hotline.xlsx", HOTLINE)
    assert told(table, "工单数") == [(2, "10"), (3, "999"), (4, "4")]
    assert table.notes == ["第 3 行在表格中是隐藏的，已一并读入，请核对。"]


def test_hidden_columns_are_read_and_named(tmp_path):
    book = openpyxl.Workbook()
    for line in (("序号", "责任单位", "工单数", "备注"), (1, "县公安局", 10, None)):
        book.active.append(line)
    for letter in "CDE":
        book.active.column_dimensions[letter].hidden = True
    book.save(tmp_path / "表.xlsx")
    table = read_table(tmp_path / "表.xlsx", HOTLINE)
    assert table.notes == ["“工单数”在表格中是隐藏的列，已一并读入，请核对。"]
    assert read_own_table(tmp_path / "表.xlsx", set()).notes == table.notes


def test_a_formula_without_a_result_says_how_to_save_one():
    rows = read_table(CASES / "B05_formula_no_cache.xlsx", HOTLINE)
    for row in rows:
        row.whole("工单数")
        row.text("工单数", required=True)
    assert [str(error) for row in rows for error in row.errors] == [
        f"第 {number} 行“工单数”：公式没有保存结果，请在 Excel 中重新保存" for number in (2, 3)
    ]


def test_an_error_value_is_an_error_of_its_cell():
    rows = read_table(CASES / "B18_error_cells_items.xlsx", ITEMS)
    assert [(error.row, error.column, error.value) for row in rows for error in row.errors] == [
        (2, "承诺时限(工作日)", "#DIV/0!"),
        (3, "事项名称", "#N/A"),
        (4, "事项名称", "#REF!"),
        (4, "主管部门", "#N/A"),
    ]


def test_numbers_are_read_as_people_write_them():
    assert [row.whole("工单数") for row in read_table(CASES / "B06_number_words.xlsx", HOTLINE)] == [
        1234, 99, 12, 7, 8, 9, None,
    ]  # fmt: skip
    assert [row.whole("工单数") for row in read_table(CASES / "B28_number_formats.xlsx", HOTLINE)] == [
        12, 12, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[
            ("20份", 20),
            ("三份", 3),
            ("二十", 20),
            ("十五件", 15),
            ("一百二十", 120),
            ("两个", 2),
            ("一百零五", 105),
        ],
        *[("1,234,567", 1_234_567), ("12,0", None), ("0.5", None), ("-1", None), ("三二", None), ("百十", None)],
        *[("十百", None), ("若干", None), ("3楼", None), ("", None), ("一千零二十", 1020)],
        # Said for 120 and 250 in speech, 102 and 205 by the signs; and days are no count of papers.
        *[("一百二", None), ("二百五", None), ("3天", None), ("20个工作日", None)],
    ],
)
def test_a_number_in_words_or_with_its_unit(text, number):
    assert read_whole(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("20个工作日", 20), ("20", 20), ("三个工作日", 3), ("20天", None), ("20个自然日", None), ("20件", None)],
)
def test_a_time_in_working_days_takes_no_other_days(text, number):
    row = Row(2, {"承诺时限(工作日)": text})
    assert row.whole("承诺时限(工作日)", units=WORKDAYS) == number
    assert [error.message for error in row.errors] == ([] if number else ["应为 0 至 32767 之间的整数（工作日）"])


def test_headings_on_two_rows_repeated_or_of_a_second_table_are_read():
    assert told(read_table(CASES / "B07b_header_split_two_rows.xlsx", HOTLINE), "责任单位", "工单数", "办结数") == [
        (3, "县公安局", "10", "9")
    ]
    repeated = read_table(CASES / "B09_repeated_header.xlsx", HOTLINE)
    assert told(repeated, "责任单位") == [(2, "县公安局"), (4, "县民政局")]
    assert repeated.notes == ["第 3 行重复了表头，没有作为数据读入。"]
    second = read_table(CASES / "B22_two_tables_one_sheet.xlsx", ITEMS)
    assert told(second, "事项名称") == [(3, "测试两表甲"), (7, "测试两表乙")]
    assert second.notes == [
        "第 6 行重复了表头，没有作为数据读入。",
        "第 5 行“二、公共服务事项”是分组标题，没有作为数据读入。",
    ]


def test_rows_that_name_a_group_are_no_data_and_named():
    table = read_table(CASES / "B23_group_rows.xlsx", ITEMS)
    assert told(table, "事项名称") == [(3, "测试分组甲"), (5, "测试分组乙")]
    assert table.notes == ["第 2 行“一、行政许可”、第 4 行“二、公共服务”是分组标题，没有作为数据读入。"]


def test_a_full_row_that_begins_like_a_signature_or_lies_in_a_merge_is_data(tmp_path):
    path = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    for line in (
        ["序号", "事项名称", "主管部门"],
        [None, "负责人变更登记：个体工商户", "县市场监管局"],
        ["一", "说明：另行公布", None],
        [3, "注销登记", "县市场监管局"],
        [None, "填报人：某某", None],
    ):
        book.active.append(line)
    book.active.merge_cells("C2:C3")
    book.save(path)
    table = read_table(path, ITEMS)
    assert told(table, "主管部门") == [(number, "县市场监管局") for number in (2, 3, 4)]
    assert table.notes == ["第 5 行是填报人、说明等表下文字，没有作为数据读入。"]


def test_the_title_of_a_group_may_stand_in_any_column(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text("事项名称,主管部门,序号\n一、审批事项,,\n结婚登记,县民政局,1\n", encoding="utf-8")
    table = read_table(path, ITEMS)
    assert told(table, "事项名称") == [(3, "结婚登记")]
    assert table.notes == ["第 2 行“一、审批事项”是分组标题，没有作为数据读入。"]


def test_cells_that_do_not_say_their_place_are_counted(tmp_path):
    """A sheet may leave out where its cells stand; the formula is that of 工单数, not of 序号."""
    path = tmp_path / "表.xlsx"
    with zipfile.ZipFile(CASES / "B05_formula_no_cache.xlsx") as given, zipfile.ZipFile(path, "w") as made:
        for entry in given.infolist():
            data = given.read(entry).replace(b"<f>ROW()-1</f><v />", b"<v>1</v>")
            made.writestr(entry, re.sub(rb' r="[A-Z]+[0-9]+"', b"", data))
    rows = read_table(path, HOTLINE)
    assert [(error.row, error.column) for row in rows for error in row.errors] == [(2, "工单数"), (3, "工单数")]


def test_data_below_the_headings_is_no_second_row_of_them():
    table = read_table(CASES / "B10_first_row_eaten.xlsx", PEOPLE)
    assert told(table, "姓名", "职务") == [(2, "李测试", "单位"), (3, "李测试二", "科员")]


def test_rows_numbered_in_words_are_data(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text("序号,单位名称\n一,县民政局\n二,县公安局\n", encoding="utf-8")
    rows = read_table(path, Shape(("序号", "单位名称"), required=("单位名称",)))
    assert [row.whole("序号") for row in rows] == [1, 2]


@pytest.mark.parametrize(
    "text", ["2022/9/14 0:00", "2022-09-14 09:30", "2022年9月14日上午", "9月14日", "9月14日下午", "2022年9月14号"]
)
def test_a_day_is_read_with_its_time_or_without_its_year(text):
    assert read_day(text, (date(2022, 5, 1), date(2022, 12, 31))) == date(2022, 9, 14)


@pytest.mark.parametrize(
    "text", ["2022年9月14日上午9时30分", "2022-09-14 9:00-11:00", "2022.9.14 下午 3点半", "2022年9月14日（星期三）"]
)
def test_the_hour_beside_a_day_is_passed_over(text):
    assert read_day(text) == date(2022, 9, 14)


@pytest.mark.parametrize("text", ["2022-09-14 至 2022-09-16", "2022-09-14 改期", "9月14日 9:00 至 15日"])
def test_a_cell_that_says_more_than_one_day_is_asked(text):
    with pytest.raises(ValueError, match="无法识别的日期"):
        read_day(text, (date(2022, 5, 1), date(2022, 12, 31)))


@pytest.mark.parametrize(
    "window", [None, (date(2022, 5, 1), date(2023, 12, 31)), (date(2022, 10, 1), date(2023, 8, 1))]
)
def test_a_day_without_a_year_is_asked_unless_one_year_is_possible(window):
    with pytest.raises(ValueError, match="没有写年份"):
        read_day("9月14日", window)


def test_what_is_wrong_with_a_cell_is_told_once():
    row = Row(3, {"甲": None}, told=frozenset({"甲"}))
    row.text("甲", required=True)
    assert row.errors == []
