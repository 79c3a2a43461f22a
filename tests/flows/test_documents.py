"""``document``: every paper of docs/contract.md by its name, whatever app it is of."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from plans.tests.planning import monthly_plan
from reports.tests.walk_world import full_walk
from tests.cast import issue_in
from walkthrough.papers import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]
# The names that people script (docs/contract.md).
CONTRACT = {
    "walk-form", "walk-report", "special-report", "rectification-list", "three-lists", "statistics", "month-report",
    "quarter-report", "circular", "criticism", "slip", "assignment", "plan", "filing", "ledger", "hotline",
    "score-sheet", "contacts", "evidence", "closing-pack",
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    """Writes a paper of the cast's campaign; returns the file."""

    def made(kind: str, ending: str, **options) -> bytes:
        path = Path(tmp_path, f"{kind}.{ending}")
        call_command("document", kind, campaign="QH2022", output=str(path), **options)
        return path.read_bytes()

    return made


def words(content: bytes) -> str:
    return "\n".join(node.text or "" for node in docx.Document(io.BytesIO(content)).element.body.iter())


def cells(content: bytes) -> list:
    return [cell.value for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row]


def names(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_every_name_of_the_contract_is_known():
    assert set(KINDS) >= CONTRACT
    text = Path(__file__).parents[2].joinpath("docs/contract.md").read_text()
    assert not [name for name in CONTRACT if f"`{name}`" not in text and f"`document {name} " not in text]


def test_papers_of_a_walk_and_of_its_period(cast, write):
    walk, [issue, _] = full_walk(cast)
    of_walk, of_unit = {"walk": str(walk.pk)}, {"period": "2022-06", "unit": cast.unit.name}
    assert "情况登记表" in words(write("walk-form", "docx", **of_walk))
    assert "走流程问题整改清单" in words(write("rectification-list", "docx", **of_walk))
    assert issue.description in cells(write("rectification-list", "xlsx", period="2022-06"))
    assert "青禾县“一把手走流程”情况统计表（2022年6月）" in cells(write("statistics", "xlsx", period="2022-06"))
    assert "开展情况的通报" in words(write("circular", "docx", period="2022-06")).replace("\n", "")
    assert issue.number in cells(write("ledger", "xlsx"))
    assert issue.number not in cells(write("ledger", "xlsx", username="second_liaison"))
    photos = write("evidence", "zip", **of_unit)
    assert [name.split("/")[0] for name in names(photos)] == ["照片", "目录.txt"]
    assert write("evidence", "zip", **of_unit) == photos


def test_the_plan_as_its_table(cast, write):
    monthly_plan(cast)
    assert cast.item.name in cells(write("plan", "xlsx", period="2022-06", unit=cast.unit.name))


def test_the_file_of_a_closed_issue_is_for_who_sees_it(cast, write):
    issue = issue_in(cast, "closed")
    page = write("closing-pack", "html", issue=issue.number, username="office")
    assert issue.number in page.decode()
    [name] = names(write("closing-pack", "zip", issue=issue.number, username="office"))
    assert name.endswith("销号档案.html")
    with pytest.raises(CommandError, match="没有编号为"):
        write("closing-pack", "html", issue=issue.number, username="namesake")


@pytest.mark.parametrize(
    ("kind", "ending", "options", "said"),
    [
        ("closing-pack", "html", {"issue": "QH2022-00001"}, "请用 --as 写明用户"),
        ("score-sheet", "xlsx", {"period": "2022-06"}, "请用 --as 写明用户"),
        ("score-sheet", "xlsx", {"period": "2022-06", "username": "office"}, "没有启用评分"),
        ("hotline", "xlsx", {"period": "2022-06"}, "没有按 2022-06 工单量排出的跟单名单"),
        ("statistics", "docx", {"period": "2022-06"}, "只能生成 .xlsx、.pdf 文件"),
        ("evidence", "zip", {"period": "2022-06"}, "须用 --unit 写明单位"),
        ("slip", "docx", {}, "请用 --issue 写明问题编号"),
    ],
)
def test_what_cannot_be_written_is_said_in_words(cast, write, kind, ending, options, said):
    with pytest.raises(CommandError, match=said):
        write(kind, ending, **options)
