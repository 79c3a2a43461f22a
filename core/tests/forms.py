"""Forms as offices might bring them, good and hostile, made for the tests."""

import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import xlsxwriter
from django.conf import settings

from core.docx_layout import WordPaper

FOLDER = settings.BASE_DIR / "tests" / "data" / "forms"
VALUES = {
    "标题": "甲<w:p/>{{ 标题 }}",
    "段落": ["一&", "二"],
    "单位表": [{"单位": "甲局", "发现问题": 3}, {"单位": "乙局", "发现问题": 0}],
}
LISTED = {
    "texts": {"标题": "青禾县问题清单", "填报单位": "县营商办"},
    "lists": [
        {
            "name": "问题清单",
            "columns": ["发现问题", "涉及单位", "活动时间"],
            "rows": [
                ["=1+1", "县民政局", ["day", "2022-06-01"]],
                ["长" * 2000, "县公安局", None],
                ["来电 13812345678", "@甲", ["day", "2022-06-02"]],
            ],
        }
    ],
}
JOB = {"most_bytes": 30 * 1024**2, "most_parts": 300}


def word(*paragraphs: str) -> bytes:
    """A Word form of these paragraphs."""
    paper = WordPaper("试验")
    for text in paragraphs:
        paper.paragraph(text)
    return paper.content()


def excel(change: Callable[[openpyxl.Workbook], None] = lambda book: None) -> bytes:
    """tests/data/forms/office.xlsx, made by LibreOffice, changed."""
    book = openpyxl.load_workbook(FOLDER / "office.xlsx")
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def drawn() -> bytes:
    """An Excel form with a text box, a shape, a picture-less chart."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("问题清单")
    for column, text in enumerate(("{序号}", "{发现问题}", "{涉及单位}")):
        sheet.write_string(0, column, text)
    sheet.insert_textbox(4, 1, "请盖章")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=问题清单!$A$1:$A$1"})
    sheet.insert_chart(6, 1, chart)
    book.close()
    return file.getvalue()


def ruled(*criteria: str) -> bytes:
    """An Excel form with conditions of every kind on its sample row (3) and one on its foot (5); ``criteria``: formulas
    of more conditions."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("问题清单")
    look = book.add_format({"bg_color": "#FF0000"})
    for column, text in enumerate(("序号", "发现问题", "涉及单位", "活动时间")):
        sheet.write_string(1, column, text)
        sheet.write_string(2, column, f"{{{text}}}")
    sheet.write_string(4, 0, "{填报单位}")
    for place, rule in (
        ("A3:D3", {"type": "formula", "criteria": "=$D3<TODAY()", "format": look}),
        ("B3", {"type": "text", "criteria": "containing", "value": "排队", "format": look}),
        ("A3", {"type": "data_bar"}),
        ("D3", {"type": "icon_set", "icon_style": "3_traffic_lights"}),
        ("C3", {"type": "2_color_scale"}),
        ("A3", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True}),
        ("A5", {"type": "formula", "criteria": "=LEN($A5)>3", "format": look}),
        *(("B3", {"type": "formula", "criteria": text, "format": look}) for text in criteria),
    ):
        sheet.conditional_format(place, rule)
    sheet.data_validation("A5", {"validate": "custom", "value": "=LEN(A5)>1"})
    book.close()
    return file.getvalue()


def with_part(form: bytes, name: str, content: bytes) -> bytes:
    """The package with one part more, or another content in place of the one there is."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            if entry != name:
                target.writestr(entry, source.read(entry))
        target.writestr(name, content)
    return file.getvalue()


def replaced(form: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The package with a text of one part replaced."""
    with zipfile.ZipFile(io.BytesIO(form)) as source:
        content = source.read(name)
    assert old in content
    return with_part(form, name, content.replace(old, new))


def linked(form: bytes, kind: str, target: str, *, name: str = "word/_rels/document.xml.rels", mode: str = "External"):
    """The package with one relationship more."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    made = f'<Relationship Id="rIdX" Type="{base}{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
    return replaced(form, name, b"</Relationships>", made.encode())


def in_body(form: bytes, xml: str) -> bytes:
    """The Word form with this XML at the end of its first paragraph."""
    return replaced(form, "word/document.xml", b"</w:p>", xml.encode() + b"</w:p>")


def words_of(content: bytes) -> str:
    """The text of a Word file: its paragraphs, then the cells of its tables, a line each."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])
