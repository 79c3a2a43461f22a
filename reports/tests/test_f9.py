"""The statistics workbook F9: every cell is the figure on the page."""

from io import BytesIO

import openpyxl
import pytest

from core.models import AuditEntry
from reports.domain.by_activity import COUNTS
from reports.tests.pages import table_rows

URL = "/reports/QH2022/2022-06/"
QUERY = {"as_of": "2022-06-25"}
FIRST_ROW = 6  # after title, day, notes and two header rows


def sheet_of(client, **query):
    response = client.get(f"{URL}f9.xlsx", QUERY | query)
    assert response.status_code == 200
    return openpyxl.load_workbook(BytesIO(response.getvalue())).active


def shown(cell) -> str:
    """A cell as a person reads it."""
    if cell.value is None:
        return ""
    is_rate = cell.number_format == "0.0" and not isinstance(cell.value, str)
    return f"{cell.value:.1f}" if is_rate else str(cell.value)


@pytest.mark.parametrize("persona", ["office", "lead", "liaison"])
def test_every_cell_equals_the_page(sign_in, persona):
    client = sign_in(persona)
    sheet = sheet_of(client)
    [_, _, *lines, total] = table_rows(client.get(URL, QUERY).content.decode(), "unit-table")
    cells = [[shown(cell) for cell in row] for row in sheet.iter_rows(FIRST_ROW, FIRST_ROW + len(lines) - 1)]
    assert cells == lines
    values = read_total(client, FIRST_ROW + len(lines))
    assert values[3:-1] == total[3:-1]
    assert values[0] == "合计"


def test_the_second_sheet_is_the_table_by_kind_of_activity(sign_in):
    client = sign_in("office")
    file = client.get(f"{URL}f9.xlsx", QUERY)
    sheet = openpyxl.load_workbook(BytesIO(file.getvalue()))["分活动类型"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    shown = client.get(URL, QUERY).context["activity_rows"]
    assert len(shown) > 1
    for number, row in enumerate(shown, 1):
        assert [number, row["name"], *(row[key] for key in COUNTS)] in rows


def read_total(client, row: int) -> list[str]:
    """The 合计 row as a viewer that does not calculate shows it."""
    response = client.get(f"{URL}f9.xlsx", QUERY)
    sheet = openpyxl.load_workbook(BytesIO(response.getvalue()), data_only=True).active
    return [shown(cell) for cell in sheet[row]]


def test_head_groups_and_foot_follow_the_form(sign_in):
    sheet = sheet_of(sign_in("office"))
    assert sheet["A1"].value == "青禾县“一把手走流程”情况统计表（2022年6月）"
    assert sheet["A2"].value == "截至2022年6月25日"
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert "填报单位（盖章）：县营商办" in texts
    assert any(str(text).endswith("单位：人次、项、个") for text in texts)
    assert any(str(text).startswith("校验码：") for text in texts)
    assert [cell.value for cell in sheet[4]][7] == "发现问题"
    assert [cell.value for cell in sheet[5]][7:12] == ["合计", "业务办理", "政务服务", "执法", "投诉处置"]
    assert {str(merged) for merged in sheet.merged_cells.ranges} >= {"A1:U1", "H4:L4", "A4:A5"}
    assert sheet.freeze_panes == "A6"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)


def test_the_only_formulas_are_the_sums_of_the_last_row(sign_in):
    sheet = sheet_of(sign_in("office"))
    formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert {cell.row for cell in formulas} == {FIRST_ROW + 4}
    assert all(cell.value.startswith("=SUM(") for cell in formulas)


def test_a_silent_unit_stays_in_and_shows_dashes_not_zeros(sign_in):
    sheet = sheet_of(sign_in("office"))
    row = [cell.value for cell in sheet[FIRST_ROW + 2]]
    assert row[:2] == [3, "县司法局"]
    assert set(row[2:-1]) == {"—"}
    assert row[-1] == "未开展"


def test_a_download_leaves_an_audit_entry_with_the_digest(sign_in):
    client = sign_in("supervisor")
    sheet = sheet_of(client)
    entry = AuditEntry.objects.get(action="report.exported")
    foot = [str(cell.value) for row in sheet.iter_rows() for cell in row if "校验码" in str(cell.value)]
    assert entry.detail["digest"][:8] in foot[0]
    assert (entry.actor_label, entry.detail["scope"], entry.detail["period"]) == ("测试supervisor", "all", "2022-06")


def test_a_unit_gets_its_own_line_only(sign_in):
    sheet = sheet_of(sign_in("liaison"))
    text = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "填报单位（盖章）：县民政局" in text
    assert "县公安局" not in text


@pytest.mark.parametrize("persona", ["responsible", "namesake", "office_other_county", "auditor"])
def test_who_reads_no_figures_gets_no_workbook(sign_in, persona):
    assert sign_in(persona).get(f"{URL}f9.xlsx").status_code == 404
