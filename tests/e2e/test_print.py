"""What comes out of the printer, read back from PDF: workbooks by LibreOffice, pages by the browser."""

import os
import re
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from django.http import QueryDict

from core import xlsx
from issues.columns import workbook_columns
from issues.exports import ledger as exports
from issues.models import Issue, Measure
from issues.tables import select
from reports.exports.board import CELLS
from tests.cast import Cast, issue_in
from tests.database import without_triggers

pytestmark = pytest.mark.e2e

SOFFICE = os.environ.get("SOFFICE", "/usr/bin/soffice")
SMALLEST = 7.9  # points: 8 but for the rounding of a scale to whole per cent
A3, A4 = (1191, 842), (842, 595)
TODAY = date(2022, 6, 8)
# A page of A3 holds some 33 lines.
BOARDS = (10, *range(31, 36), 70)
# The longest each field may hold, with an end of its own.
LIMITS = {"description": 2000, "result": 1000, "look_back_note": 500, "remark": 500}
WORDS = "大厅3号窗口排队2小时无人引导（2022年6月8日），“一次性告知”未落实；"


def longest(size: int, end: str) -> str:
    return (WORDS * size)[: size - len(end)] + end


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def _streams(path: Path) -> Iterator[bytes]:
    """What draws the pages."""
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", path.read_bytes(), re.DOTALL):
        with suppress(zlib.error):
            yield zlib.decompress(packed)


def _font_sizes(part: bytes) -> Iterator[float]:
    """Points: the size of each font chosen, by the scale in force (Chromium draws in its own unit)."""
    units = re.match(rb"([\d.]+) 0 0 -\S+ \S+ \S+ cm\s+q\s+([\d.]+) 0 0", part)
    unit = float(units[1]) * float(units[2]) if units else 1
    for size in re.findall(rb"/F\d+ ([\d.]+) Tf", part):
        yield round(float(size) * unit, 2)


class Pdf:
    """A PDF as text: ``pages`` without any white space, ``sizes`` of the pages in points, the smallest ``font``."""

    def __init__(self, path: Path):
        text = run("pdftotext", "-raw", str(path), "-")
        self.pages = [re.sub(r"\s", "", page) for page in text.split("\f")[:-1]]
        found = re.findall(r"size:\s+([\d.]+) x ([\d.]+)", run("pdfinfo", "-f", "1", "-l", "999", str(path)))
        self.sizes = {(round(float(width)), round(float(height))) for width, height in found}
        self.font = min(size for part in _streams(path) for size in _font_sizes(part))

    @property
    def text(self) -> str:
        return "".join(self.pages)


def longest_issue(cast: Cast) -> Issue:
    issue = issue_in(cast, "rectifying")
    with without_triggers("issues_issue"):
        Issue.objects.filter(pk=issue.pk).update(**{name: longest(size, f"末{name}") for name, size in LIMITS.items()})
    Measure.objects.filter(issue=issue).update(text=longest(500, "末measure"))
    return issue


def board_of(rows: int) -> tuple[xlsx.SheetSpec, list[tuple]]:
    """A board of so many units."""
    columns = tuple(column for column, _ in CELLS)
    spec = xlsx.SheetSpec(title="计划与完成情况", columns=columns, as_of=TODAY, missing="—")
    return spec, [(f"第{n}单位", "未开展", *[n] * (len(columns) - 2)) for n in range(1, rows + 1)]


@pytest.fixture
def printed(cast, tmp_path) -> Callable[[str], Pdf]:
    """Workbooks of the ledger and of boards, printed by one run of LibreOffice."""
    longest_issue(cast)
    with (tmp_path / "ledger.xlsx").open("wb") as file:
        exports.export_selection(file, select(cast.office, QueryDict(""), TODAY), cast.office, TODAY)
    for rows in BOARDS:
        xlsx.write_workbook(tmp_path / f"{rows}.xlsx", [board_of(rows)])
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    files = map(str, sorted(tmp_path.glob("*.xlsx")))
    run(SOFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files)
    return lambda name: Pdf(tmp_path / f"{name}.pdf")


@pytest.mark.office
def test_workbooks_are_read_on_paper_to_the_last_word(printed):
    ledger = printed("ledger")
    assert ledger.sizes == {A3, A4}  # the ledger, and the texts that are higher than a row can be
    assert ledger.font >= SMALLEST
    for name in (*LIMITS, "measure"):
        assert f"末{name}" in ledger.text
    assert "1※" in ledger.pages[0]
    assert f"第{len(ledger.pages)}页共{len(ledger.pages)}页" in ledger.pages[-1]
    for rows in BOARDS:
        board = printed(str(rows))
        assert (board.sizes, board.font >= SMALLEST) == ({A3}, True)
        on_page = [len(re.findall(r"第\d+单位", page)) for page in board.pages]
        assert (sum(on_page), min(on_page) >= 3) == (rows, True), on_page
        assert all("序号单位情况" in page for page in board.pages)


def print_page(page, path: Path) -> Pdf:
    page.pdf(path=path, prefer_css_page_size=True)
    return Pdf(path)


def test_the_ledger_page_is_read_on_paper_to_the_last_word(sign_in, cast, tmp_path):
    issue = longest_issue(cast)
    page = sign_in("office")
    page.goto("/issues/?" + "&".join(f"cols={column.key}" for column in workbook_columns()))
    ledger = print_page(page, tmp_path / "all.pdf")
    assert (ledger.sizes, ledger.font >= 8) == ({A3}, True)
    for name in (*LIMITS, "measure"):
        assert f"末{name}" in ledger.text
    assert all("问题编号" in one for one in ledger.pages if "窗口" in one)
    assert f"第1页共{len(ledger.pages)}页" in ledger.pages[0]
    page.goto("/issues/")
    few = print_page(page, tmp_path / "few.pdf")
    assert (few.sizes, few.font >= 8, issue.number in few.text) == ({A4}, True, True)
    assert "末description" in few.text


MULTIPLY = """rows => {
  const body = document.querySelector("SELECTOR tbody");
  while (body.rows.length > 1) body.rows[1].remove();
  for (let n = 2; n <= rows; n++) body.append(body.rows[0].cloneNode(true));
  [...body.rows].forEach((row, n) => { row.cells[0].textContent = "行" + (n + 1) + "号"; });
}"""


@pytest.mark.parametrize(
    ("path", "table", "size"),
    [("/campaigns/QH2022/board/", ".board-table", A4), ("/reports/QH2022/2022-06/", ".unit-table", A3)],
)
def test_no_row_of_board_and_statistics_stands_alone_on_the_last_page(sign_in, cast, tmp_path, path, table, size):
    page = sign_in("office")
    page.goto(path)
    multiply = MULTIPLY.replace("SELECTOR", table)

    def rows_of_pages(rows: int) -> list[int]:
        page.evaluate(multiply, rows)
        pdf = print_page(page, tmp_path / "page.pdf")
        assert (pdf.sizes, pdf.font >= 8) == ({size}, True)
        return [len(re.findall(r"行\d+号", one)) for one in pdf.pages]

    # One more row than the first page holds.
    fit = rows_of_pages(60)[0]
    found = rows_of_pages(fit + 1)
    assert sum(found) == fit + 1
    assert found[-1] >= 3, found
