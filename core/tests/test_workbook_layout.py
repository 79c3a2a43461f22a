"""The annex layout of docs/domain.md section 9.2, read back with another library."""

import io
from copy import deepcopy
from datetime import date
from itertools import pairwise

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from core import xlsx
from core.xlsx import DEFAULT_FOOT, Column, SheetSpec, filename, write_workbook
from core.xlsx_cells import text_width

LEDGER = SheetSpec(
    title="青禾县“一把手走流程”问题整改台账",
    columns=(
        Column("number", "问题编号", 15, "code"),
        Column("found", "发现日期", 12, "date"),
        Column("track", "整改类型", 10, choices=("立行立改", "限期整改", "长期坚持")),
        Column("unit", "责任单位", 14, choices=tuple(f"县第{n}局办公室" for n in range(60))),
        Column("phone", "联系电话", 13, "code"),
        Column("note", "备注", 20),
    ),
    left_note="填报单位（盖章）：县民政局",
    right_note="填报日期：2022年6月20日",
    as_of=date(2022, 6, 20),
    sheet_name="问题整改台账",
)
STATISTICS = SheetSpec(
    title="情况统计表",
    columns=(
        Column("unit", "单位", 14),
        Column("a", "业务办理", 8, "int", group="发现问题", total="sum"),
        Column("b", "政务服务", 8, "int", group="发现问题", total="sum"),
        Column("rate", "整改率（%）", 8, "percent"),
        *(Column(f"x{n}", f"列{n}", 8, "int", total="sum") for n in range(10)),
    ),
    missing="—",
    totals={"rate": 84.8},
)
ROW = ("QH2022-00001", date(2022, 6, 8), "限期整改", "县第1局办公室", "13800000001", None)


def read(*sheets):
    out = io.BytesIO()
    write_workbook(out, sheets)
    return openpyxl.load_workbook(out)


@pytest.fixture
def sheet():
    return read((LEDGER, [ROW] * 3)).worksheets[0]


def head_of(sheet) -> int:
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == "序号")


def test_title_notes_and_header_stand_where_offices_expect_them(sheet):
    assert sheet["A1"].value == LEDGER.title
    assert 16 <= sheet["A1"].font.size <= 22
    assert any(str(block).startswith("A1:G1") for block in sheet.merged_cells.ranges)
    assert sheet["A2"].value == "截至2022年6月20日"
    notes = [cell.value for cell in sheet[3] if cell.value]
    assert notes == ["填报单位（盖章）：县民政局", "填报日期：2022年6月20日"]
    assert [cell.value for cell in sheet[4]] == ["序号", *(column.header for column in LEDGER.columns)]
    assert sheet["B4"].font.b or "黑体" in sheet["B4"].font.name
    assert sheet["B4"].fill.fgColor.rgb not in ("00000000", None)


def test_serials_and_dates_are_real_and_phones_are_text(sheet):
    rows = list(sheet.iter_rows(min_row=5, max_row=7))
    assert [row[0].value for row in rows] == [1, 2, 3]
    assert rows[0][2].is_date
    assert rows[0][2].number_format.lower() == "yyyy-mm-dd"
    assert rows[0][5].value == "138****0001"
    assert rows[0][6].value is None
    assert all(cell.border.left.style == "thin" and cell.alignment.vertical == "top" for cell in rows[0])


def test_it_prints_on_one_page_width_with_repeated_header(sheet):
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$4:$4"
    assert sheet.auto_filter.ref == "A4:G7"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.oddFooter.center.text == "第&P页 共&N页"


def test_enumerations_have_lists_also_when_they_are_too_long_for_a_rule(sheet):
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["D5:D7"] == '"立行立改,限期整改,长期坚持"'
    assert "选项" in rules["E5:E7"]
    options = read((LEDGER, [ROW])).worksheets[1]
    assert options.sheet_state == "hidden"
    assert options.max_row == 60


def test_no_part_of_the_foot_is_cut_by_the_next():
    """Narrow columns behind wide ones, as in 问题清单: a text goes on over empty cells only."""
    columns = (Column("a", "甲", 40), *(Column(f"c{number}", "乙", 10) for number in range(5)))
    sheet = read((SheetSpec(title="试验", columns=columns), [("甲", *"乙丙丁戊己")])).active
    foot = [(cell.column, cell.value) for cell in sheet[sheet.max_row] if cell.value]
    assert [word for _, text in foot for word in text.split()] == list(DEFAULT_FOOT)
    for (column, text), (after, _) in pairwise(foot):
        room = sum(sheet.column_dimensions[get_column_letter(one)].width for one in range(column, after))
        assert room >= text_width(text) * 1.2


def test_the_foot_asks_for_names_and_signature(sheet):
    foot = [cell.value for cell in sheet[8] if cell.value]
    assert "  ".join(foot).split() == ["填报人：", "审核人：", "单位主要负责人（签字）：", "联系电话："]


def test_grouped_headers_are_merged_and_totals_are_the_only_formulas():
    rows = [("县民政局", 2, 1, 50.0, *range(10)), ("县公安局", *[None] * 13)]
    sheet = read((STATISTICS, rows)).active
    head = head_of(sheet)
    assert sheet.cell(head, 3).value == "发现问题"
    assert any(str(block) == f"C{head}:D{head}" for block in sheet.merged_cells.ranges)
    assert [sheet.cell(head + 1, col).value for col in (3, 4)] == ["业务办理", "政务服务"]
    assert [sheet.cell(head + 3, col).value for col in (3, 5)] == ["—", "—"]
    total = head + 4
    assert sheet.cell(total, 1).value == "合计"
    assert sheet.cell(total, 3).value == f"=SUM(C{head + 2}:C{head + 3})"
    assert sheet.cell(total, 5).value == 84.8
    formulas = {cell.row for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    assert formulas == {total}
    assert sheet.page_setup.paperSize == 8


def test_totals_carry_their_value_for_viewers_that_do_not_calculate():
    out = io.BytesIO()
    write_workbook(out, [(STATISTICS, [("甲", 2, 1, 50.0, *range(10)), ("乙", 3, 1, 50.0, *range(10))])])
    sheet = openpyxl.load_workbook(out, data_only=True).active
    assert sheet.cell(head_of(sheet) + 4, 3).value == 5


def test_an_approximate_number_stays_text_and_out_of_the_total():
    sheet = read((STATISTICS, [("甲", "60余", 1, None, *range(10))])).active
    assert sheet.cell(head_of(sheet) + 2, 3).value == "60余"


def test_the_first_workbook_of_a_process_has_the_same_options_as_the_next():
    before = deepcopy(xlsx._OPTIONS)
    write_workbook(io.BytesIO(), [(STATISTICS, [])])
    assert before == xlsx._OPTIONS


def test_the_same_rows_give_the_same_bytes():
    first, second = io.BytesIO(), io.BytesIO()
    for out in (first, second):
        write_workbook(out, [(LEDGER, [ROW] * 5)])
    assert first.getvalue() == second.getvalue()


def test_a_text_higher_than_a_row_can_be_stays_whole_and_is_printed_on_a_sheet_of_its_own():
    long = "第一段\n" + "排队两小时，" * 1500 + "末尾"
    book = read((LEDGER, [ROW, (*ROW[:-1], long), ROW]))
    sheet, full = book["问题整改台账"], book["长文全文"]
    rows = [row for row in sheet.iter_rows() if row[0].value in (1, 2, 3)]
    assert [row[0].number_format for row in rows] == ["0", '0"※"', "0"]
    assert rows[1][-1].value == long
    assert sheet.row_dimensions[rows[1][0].row].height == pytest.approx(409, abs=0.5)
    assert "标※的行" in str(sheet.cell(rows[2][0].row + 1, 1).value)
    parts = [[cell.value for cell in row] for row in full.iter_rows(min_row=3)]
    assert [part[:3] for part in parts][:2] == [[2, "问题整改台账", "备注"], [2, "问题整改台账", "备注（续）"]]
    assert "".join(part[3] for part in parts) == long
    assert max(full.row_dimensions[number].height for number in range(3, 3 + len(parts))) < 409
    assert read((LEDGER, [ROW])).sheetnames == ["问题整改台账", "选项"]


def test_a_workbook_of_more_than_twelve_columns_or_too_wide_for_a4_is_printed_on_a3():
    def paper(columns: int, width: float) -> int:
        spec = SheetSpec(title="表", columns=tuple(Column(f"c{n}", f"列{n}", width) for n in range(columns)))
        return read((spec, [("x",) * columns])).active.page_setup.paperSize

    assert [paper(11, 12), paper(12, 12), paper(11, 20)] == [9, 8, 8]


def test_rows_that_fail_half_way_leave_no_file(tmp_path):
    def rows():
        yield ROW
        raise RuntimeError("gone")

    with pytest.raises(RuntimeError):
        write_workbook(tmp_path / "x.xlsx", [(LEDGER, rows())])
    assert list(tmp_path.iterdir()) == []


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        write_workbook(io.BytesIO(), [(LEDGER, [("too", "short")])])


@pytest.mark.parametrize(
    ("region", "what", "name"),
    [
        ("青禾县", "问题整改台账", "20220620_青禾县_问题整改台账.xlsx"),
        ("a/b:c", "../../x", "20220620_a_b_c_x.xlsx"),
        ("", "台账", "20220620_台账.xlsx"),
    ],
)
def test_file_names_say_day_place_and_what(region, what, name):
    assert filename(date(2022, 6, 20), region, what) == name
