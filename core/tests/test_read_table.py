"""Reading tables that people made."""

import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from core.exceptions import Refused
from core.tabular import Row, Shape, as_text, read_table, sheets, split_names

SHAPE = Shape(("序号", "单位名称", "单位类型", "是否"))
HEAD = "序号,单位名称,单位类型,是否\n"


@pytest.fixture
def csv_file(tmp_path):
    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "表.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def xlsx_file(tmp_path):
    def write(*lines, before=()) -> Path:
        book = openpyxl.Workbook()
        for line in before:
            book.active.append(line)
        sheet = book.create_sheet("名单") if before else book.active
        for line in lines:
            sheet.append(line)
        path = tmp_path / "表.xlsx"
        book.save(path)
        return path

    return write


def names(rows):
    return [(row.number, row.text("单位名称")) for row in rows]


def test_a_file_put_together_of_two_encodings_is_refused_and_not_read_as_other_words(tmp_path):
    """As GB18030 the headings would be read as 搴忓彿,鍗曚綅鍚嶇О."""
    path = tmp_path / "表.csv"
    path.write_bytes(HEAD.encode() + "1,县民政局,县级部门,是\n".encode("gb18030"))
    with pytest.raises(Refused, match="编码无法识别"):
        read_table(path, SHAPE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_each_encoding_an_office_uses_is_read(csv_file, encoding):
    assert names(read_table(csv_file(HEAD + "1,县𬭎局,县级部门,是\n", encoding), SHAPE)) == [(2, "县𬭎局")]


@pytest.mark.parametrize("row", ['2,"县公安局,县级部门,是', '2,"县公安局"某所,县级部门,是'])
def test_a_quote_that_is_never_closed_takes_no_rows_below_it(csv_file, row):
    said = refusal(csv_file(f"{HEAD}1,县民政局,县级部门,是\n{row}\n3,县司法局,县级部门,是\n"), "单位名称")
    assert "引号没有成对" in said
    assert names(read_table(csv_file(HEAD + '1,"县民政局\n（本级）","县""级""部门",是\n'), SHAPE)) != []


def test_titles_above_and_totals_blanks_and_signatures_below_are_skipped(xlsx_file):
    path = xlsx_file(
        ["青禾县单位名单"],
        ["填报单位：县营商办"],
        [],
        ["单位名称", "序号", "备注栏"],
        ["县民政局", 1, "甲"],
        [],
        ["县公安局", 2, None],
        ["合 计", None],
        [None, "填报人：某某"],
    )
    rows = read_table(path, SHAPE)
    assert names(rows) == [(5, "县民政局"), (7, "县公安局")]
    assert rows[0].text("备注栏") == "甲"
    assert not rows[0].has("单位类型")


def test_the_first_sheet_with_a_header_is_the_table(xlsx_file):
    path = xlsx_file(["序号", "单位名称"], [1, "县民政局"], before=[["填表说明"], ["请填写第二张表"]])
    assert names(read_table(path, SHAPE)) == [(2, "县民政局")]


def test_header_names_match_whatever_their_width_spaces_and_marks(csv_file):
    text = "序号,单位 名称*,承诺时限（工作日）\n1,县民政局,３\n"
    [row] = read_table(csv_file(text), Shape(("序号", "单位名称", "承诺时限(工作日)")))
    assert row.text("单位名称") == "县民政局"
    assert row.whole("承诺时限(工作日)") == 3


def test_another_name_for_a_column_is_understood(csv_file):
    [row] = read_table(
        csv_file("序号,主管系统\n1,税务\n"), Shape(("序号", "主管部门"), aliases={"主管系统": "主管部门"})
    )
    assert row.text("主管部门") == "税务"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (1.5, "1.5"),
        (None, ""),
        (True, "是"),
        (" 县\x00局 ", "县局"),
        (datetime(2022, 6, 8), "2022-06-08"),
        (date(2022, 6, 8), "2022-06-08"),
        (13800001111.0, "13800001111"),
    ],
)
def test_a_cell_reads_as_people_see_it(value, text):
    assert as_text(value) == text


def test_several_names_in_a_cell_are_parted_at_every_usual_sign():
    assert split_names("甲、乙，丙,丁\n甲；戊") == ["甲", "乙", "丙", "丁", "戊"]


def test_each_fault_of_a_row_names_row_column_value_and_what_is_accepted():
    row = Row(7, {"名称": "", "数": "若干", "大": "99999", "型": "局", "是否": "也许"})
    row.text("名称", required=True)
    assert row.whole("数") is None
    assert row.whole("大") is None
    assert row.choice("型", {"county": "县级部门", "town": "镇街"}) is None
    row.yes("是否")
    assert [error.as_dict() for error in row.errors] == [
        {"row": 7, "column": "名称", "value": "", "message": "不能为空"},
        {"row": 7, "column": "数", "value": "若干", "message": "应为 0 至 32767 之间的整数"},
        {"row": 7, "column": "大", "value": "99999", "message": "应为 0 至 32767 之间的整数"},
        {"row": 7, "column": "型", "value": "局", "message": "应为：县级部门、镇街"},
        {"row": 7, "column": "是否", "value": "也许", "message": "应填“是”或“否”"},
    ]
    assert str(row.errors[1]) == "第 7 行“数”（若干）：应为 0 至 32767 之间的整数"


def refusal(path, *required) -> str:
    with pytest.raises(Refused) as refused:
        read_table(path, replace(SHAPE, required=required))
    return refused.value.message


def test_a_file_that_is_no_such_table_is_refused_in_words(csv_file, xlsx_file, tmp_path):
    assert "没有找到表头" in refusal(csv_file("单位名称\n县民政局\n"))
    assert "缺少“单位名称”一列" in refusal(csv_file("序号,别的\n1,x\n"), "单位名称")
    assert "“单位名称”出现了两次" in refusal(csv_file("序号,单位名称,单位名称\n"))
    assert "编码无法识别" in refusal(csv_file("\x80\x81\xff\xff", "latin-1"))
    assert "编码无法识别" in refusal(csv_file("序号,单位名称\n1,县民政局\n", "utf-16"))
    assert "不是完整的 csv" in refusal(csv_file("序号,x\n" + '"' + "x" * 200_000 + '"\n'))
    assert "无法读取文件" in refusal(tmp_path / "没有.csv")


def test_other_kinds_of_workbook_are_refused_in_words(tmp_path):
    def written(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    assert "旧版 .xls" in refusal(written("旧.xls", b"\xd0\xcf\x11\xe0" + bytes(600)))
    assert "已损坏" in refusal(written("坏.xlsx", b"PK\x03\x04" + bytes(600)))
    assert "超过 10 MB" in refusal(written("大.csv", b"1" * (sheets.MAX_BYTES + 1)))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("照片.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"),
        ("照片.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("假.xlsx", "这不是表格".encode()),
        ("假.xlsx", b"\x80\x81\xff\xff"),
    ],
)
def test_what_is_no_table_at_all_is_called_so(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    assert f"{name} 不是表格文件。可以接受的文件" in refusal(path)


def test_a_header_in_two_rows_is_read_as_one(xlsx_file):
    path = xlsx_file(
        ["青禾县单位名单"],
        ["序号", "单位名称", "基本情况", None],
        [None, None, "单位类型", "是否"],
        [1, "县民政局", "县级部门", "是"],
    )
    [row] = read_table(path, replace(SHAPE, required=("单位名称", "是否")))
    assert (row.number, row.text("单位名称"), row.text("单位类型"), row.yes("是否")) == (
        4,
        "县民政局",
        "县级部门",
        True,
    )


def test_a_first_line_without_a_number_is_no_second_header(csv_file):
    assert names(read_table(csv_file("序号,单位名称\n,县民政局\n"), SHAPE)) == [(2, "县民政局")]


def test_sheets_that_were_not_read_are_told_by_name(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["序号", "单位名称"])
    book.create_sheet("第二批").append(["序号", "单位名称"])
    book.create_sheet("空表")
    path = tmp_path / "两张.xlsx"
    book.save(path)
    assert read_table(path, SHAPE).notes == ["只读取了一张工作表，没有读取：第二批。"]


def packed(tmp_path, **entries: bytes) -> Path:
    path = tmp_path / "包.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries.items():
            package.writestr(name.replace("__", "/"), data)
    return path


def test_what_would_cost_too_much_to_open_is_refused_before_it_is_parsed(tmp_path):
    assert "解压后过大" in refusal(packed(tmp_path, x=b" " * (sheets.MAX_UNPACKED_BYTES + 1)))
    assert "解压后过大" in refusal(packed(tmp_path, **{f"f{n}": b"" for n in range(sheets.MAX_ENTRIES + 1)}))
    assert "宏或外部链接" in refusal(packed(tmp_path, xl__vbaProject_bin=b"x"))
    assert "20001 行" in refusal(lines_of(tmp_path, sheets.MAX_ROWS + 1))


def lines_of(tmp_path, count: int) -> Path:
    path = tmp_path / "长.csv"
    path.write_text("序号\n" * count, encoding="utf-8")
    return path


def test_empty_formatted_cells_far_away_do_not_count(xlsx_file):
    path = xlsx_file(["序号", "单位名称"], [1, "县民政局"])
    book = openpyxl.load_workbook(path)
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    book.save(path)
    assert names(read_table(path, SHAPE)) == [(2, "县民政局")]
