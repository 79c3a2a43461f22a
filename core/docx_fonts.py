"""Fonts, sizes and lines of official papers (GB/T 9704-2012), and the words set in them (``core.docx_layout``)."""

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

BODY, TITLE, LEVEL_1, LEVEL_2 = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
DIGITS, PAGE_NUMBER = "Times New Roman", "宋体"
SIZE_2, SIZE_3, SIZE_4, SIZE_TABLE = Pt(22), Pt(16), Pt(14), Pt(10.5)  # 2号, 3号, 4号, 五号
# 22 lines fill the 225 mm of a page. A grid of 28 characters as well would be narrower than a 16 pt character, and
# LibreOffice then takes two cells for each. Without it a line holds 27.
LINE_PITCH = 579  # twentieths of a point
LINE, TITLE_LINE = Pt(LINE_PITCH / 20), Pt(32)
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def put_words(paragraph: Paragraph, text: str, font: str, size: Pt) -> None:
    """More words at the end of the paragraph."""
    set_font(paragraph.add_run(text), font, size)


def set_font(run: Run, font: str, size: Pt) -> None:
    """Chinese characters in ``font``, digits and letters in Times New Roman; both are named, or Word falls back."""
    run.font.name, run.font.size, run.font.bold = DIGITS, size, False
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
