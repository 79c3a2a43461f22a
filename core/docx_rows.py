"""Rows of a ruled table in a Word paper (``core.docx_layout``)."""

from collections.abc import Sequence

from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table, _Cell, _Row

from core.docx_fonts import ALIGN, BODY, LINE, SIZE_4, SIZE_TABLE, put_words

WIDE_MM = 30


def put_cell(cell: _Cell, text: str, font: str, align: str) -> None:
    """The words of a cell, in 五号 with its own pitch of lines."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.alignment = ALIGN[align]
    paragraph.paragraph_format.line_spacing = Pt(16)
    # The grid of 22 lines is for the text of the page: within a cell it would put twice the space between lines.
    off = OxmlElement("w:snapToGrid")
    off.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().insert_element_before(off, "w:spacing", "w:ind", "w:jc")
    put_words(paragraph, text, font, SIZE_TABLE)


def row_across(table: Table) -> _Cell:
    """The one cell of a new row as wide as the table."""
    cells = table.add_row().cells
    return cells[0].merge(cells[-1])


def put_foot(table: Table, text: str) -> None:
    """The line under a ruled form, as its last row without lines of its own: a word processor keeps a row with the next
    row, but not every one keeps it with a paragraph behind the table."""
    cell = row_across(table)
    keep_row(table.rows[-1])
    borders = OxmlElement("w:tcBorders")
    for side in ("left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "nil")
        borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)
    paragraph = cell.paragraphs[0]
    form = paragraph.paragraph_format
    form.space_before, form.line_spacing_rule, form.line_spacing = SIZE_TABLE, WD_LINE_SPACING.EXACTLY, LINE
    put_words(paragraph, text, BODY, SIZE_4)


def stay_with_next(row: _Row) -> None:
    """The row stands on the page of the row that follows."""
    for cell in row.cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def wide_columns(widths_mm: Sequence[float]) -> list[bool]:
    """Which columns hold sentences: those stand left, numbers and short words in the middle."""
    return [width >= WIDE_MM for width in widths_mm]


def keep_row(row: _Row, *, repeat: bool = False) -> None:
    """A short row is not split over two pages; ``repeat``: it heads every page of the table."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeat:
        properties.append(OxmlElement("w:tblHeader"))
