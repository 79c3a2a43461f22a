"""The layout of official papers (GB/T 9704-2012, docs/domain.md 9.1) as a Word template under construction.

``WordPaper`` puts titles, levels, paragraphs and tables one under the other. Text may hold the marks of the template
language: the result is a template that ``core.docx.fill`` fills, or, without marks, the paper itself.
"""

import io
from collections.abc import Sequence
from datetime import datetime

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_BREAK, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from core.docx_box import foot_box
from core.docx_fonts import (
    ALIGN,
    BODY,
    DIGITS,
    LEVEL_1,
    LEVEL_2,
    LINE,
    LINE_PITCH,
    PAGE_NUMBER,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    TITLE,
    TITLE_LINE,
    put_words,
    set_font,
)
from core.docx_rows import keep_row, put_cell, put_foot, row_across, stay_with_next, wide_columns

# The lines of 版记, in eighths of a point: 0.35 mm and 0.25 mm.
THICK, THIN = 8, 6
# 发文机关标志: 156 mm are 442 points; one character is no larger than 62.
RED, TEXT_PT, LARGEST_MARK = RGBColor(0xFF, 0, 0), 442, Pt(62)
TWO_CHARACTERS, FOUR_CHARACTERS = Pt(32), Pt(64)
# Without a fixed time the same paper written twice would differ in bytes.
CREATED = datetime(2000, 1, 1)


class WordPaper:
    """One paper, A4 portrait: margins 37, 35, 28 and 26 mm, 22 lines a page, ``— 1 —`` odd right and even left.

    ``landscape``: a table wider than high, 225 mm × 156 mm, from its first page on.
    """

    def __init__(self, subject: str, *, landscape: bool = False):
        self.document = docx.Document()
        self._normal_style()
        self._properties(subject)
        self.document.settings.odd_and_even_pages_header_footer = True
        section = self.document.sections[0]
        _portrait(section)
        if landscape:
            _landscape(section)
        _page_numbers(section)

    def red_head(self, name: str, number: str, *, characters: int) -> None:
        """版头 of a paper that an office issues: 发文机关标志 in red 小标宋, 35 mm below the head of the text area, as
        large as its ``characters`` fit on one line; 发文字号 two lines below; 4 mm under that a red line as wide as the
        text; two empty lines."""
        size = min(LARGEST_MARK, Pt(TEXT_PT // characters))
        paragraph = self._paragraph("center", indent=False, exact=False)
        paragraph.paragraph_format.space_before = Mm(35)
        put_words(paragraph, name, TITLE, size)
        paragraph.runs[0].font.color.rgb = RED
        self.blank()
        self.blank()
        paragraph = self._paragraph("center", indent=False)
        put_words(paragraph, number, BODY, SIZE_3)
        _rule_below(paragraph, millimetres=4)
        self.blank()
        self.blank()

    def title(self, text: str) -> None:
        """2号 小标宋, centred, with an empty line below; where its lines end: ``core.docx_title``."""
        put_words(self._paragraph("center", indent=False, line=TITLE_LINE), text, TITLE, SIZE_2)
        self.blank()

    def addressee(self, text: str) -> None:
        """主送机关: flush left, ended by a full-width colon that belongs to the text."""
        put_words(self._paragraph("left", indent=False), text, BODY, SIZE_3)

    def level_1(self, text: str) -> None:
        """``一、…`` in 黑体."""
        put_words(self._keep_with_next(), text, LEVEL_1, SIZE_3)

    def level_2(self, text: str) -> None:
        """``（一）…`` in 楷体."""
        put_words(self._keep_with_next(), text, LEVEL_2, SIZE_3)

    def paragraph(self, text: str, *, is_last: bool = False) -> None:
        """Body text, first line two characters in. ``is_last``: it stays on the page of what follows, so that the
        signature never stands on a page by itself."""
        paragraph = self._keep_with_next() if is_last else self._paragraph("justify")
        put_words(paragraph, text, BODY, SIZE_3)

    def mark(self, text: str) -> None:
        """A line that holds a mark of the template language only; it is gone when the template is filled."""
        put_words(self._paragraph("left", indent=False), text, BODY, SIZE_3)

    def blank(self) -> None:
        """An empty line."""
        self._paragraph("left", indent=False)

    def picture(self, mark: str, caption: str) -> None:
        """A centred picture, put in by the mark, and its caption below."""
        paragraph = self._paragraph("center", indent=False, exact=False)
        paragraph.paragraph_format.keep_with_next = True
        put_words(paragraph, mark, BODY, SIZE_3)
        put_words(self._paragraph("center", indent=False), caption, BODY, SIZE_4)

    def attachments(self, lines: Sequence[str]) -> None:
        """附件说明: one line below the text; several are numbered under one word. A wrapped line begins under the first
        character of the name (GB/T 9704-2012, 7.3.4). Stays with what follows."""
        self._paragraph("left").paragraph_format.keep_with_next = True
        for number, text in enumerate(lines):
            word = "附件：" if number == 0 else "　　　"
            counted = f"{number + 1}." if len(lines) > 1 else ""
            paragraph = self._paragraph("left")
            form = paragraph.paragraph_format
            before_name = SIZE_3 * len(word) + SIZE_3 * 3 // 4 * bool(counted)
            form.left_indent, form.first_line_indent = TWO_CHARACTERS + before_name, -before_name
            form.keep_with_next = True
            put_words(paragraph, f"{word}{counted}{text}", BODY, SIZE_3)

    def signature(self, lines: Sequence[str]) -> None:
        """署名, place of the stamp and 成文日期: right, four characters in, kept on one page with what precedes."""
        self._paragraph("left").paragraph_format.keep_with_next = True
        for text in lines:
            paragraph = self._paragraph("right", indent=False)
            paragraph.paragraph_format.right_indent = FOUR_CHARACTERS
            paragraph.paragraph_format.keep_with_next = text is not lines[-1]
            put_words(paragraph, text, BODY, SIZE_3)

    def attachment(self, head: str, title: str, *, landscape: bool = False) -> None:
        """A new page: ``附件1`` in 黑体 flush left, the title centred on the third line, as in ``title``."""
        is_turned = self.document.sections[-1].orientation == WD_ORIENT.LANDSCAPE
        if landscape or is_turned:
            section = self.document.add_section(WD_SECTION.NEW_PAGE)
            _landscape(section) if landscape else _portrait(section)
        else:
            self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        put_words(self._paragraph("left", indent=False), head, LEVEL_1, SIZE_3)
        self.blank()
        self.title(title)

    def facts(
        self, lines: Sequence[tuple[str, str]], *, label_mm: float = 34, keeps_last: bool = False, foot: str = ""
    ) -> None:
        """A ruled form of two columns: label and value, which may hold several lines and go on over the page;
        ``keeps_last``: not the last one, for who signs. ``foot``: see ``table``."""
        table = self._table((label_mm, 156 - label_mm))
        for label, value in lines:
            cells = table.add_row().cells
            put_cell(cells[0], label, LEVEL_1, "center")
            put_cell(cells[1], value, BODY, "left")
        if keeps_last:
            keep_row(table.rows[-1])
            stay_with_next(table.rows[-2])
        if foot:
            stay_with_next(table.rows[-1])
            put_foot(table, foot)

    def table(
        self,
        heads: Sequence[str],
        widths_mm: Sequence[float],
        cells: Sequence[str],
        each: str,
        *,
        may_split: bool = False,
        no_rows: str = "",
        foot: str = "",
    ) -> None:
        """A ruled table: heads repeated on every page, one row for each element.

        ``each``: the loop in the template language, for example ``row in rows``; ``cells`` name the row's values.
        ``may_split``: a row may go on over the page, for texts that can be longer than one. ``no_rows``: names the
        words that stand across the table in place of rows, where it has none. ``foot``: the line under the table, who
        signs, place of the stamp, day; the last row stays on its page, so that nobody signs a page without anything
        else.
        """
        table = self._table(widths_mm)
        head = table.add_row()
        for cell, text in zip(head.cells, heads, strict=True):
            put_cell(cell, text, LEVEL_1, "center")
        keep_row(head, repeat=True)
        rows = [(cells, False)]
        if foot:
            first, between, end = (((f"{{%tr {word} %}}",), False) for word in ("if loop.last", "else", "endif"))
            rows = [first, (cells, True), between, (cells, False), end]
        for words, stays in [((f"{{%tr for {each} %}}",), False), *rows, (("{%tr endfor %}",), False)]:
            row = table.add_row()
            for cell, text, is_wide in zip(row.cells, words, wide_columns(widths_mm), strict=False):
                put_cell(cell, text, BODY, "left" if is_wide else "center")
            if stays:
                stay_with_next(row)
            if not may_split:
                keep_row(row)
        if no_rows:
            for text in (f"{{%tr if {no_rows} %}}", f"{{{{ {no_rows} }}}}", "{%tr endif %}"):
                put_cell(row_across(table), text, BODY, "left")
            stay_with_next(table.rows[-2])
        if foot:
            put_foot(table, foot)

    def imprint(self, copies: str, printer: str, printed: str, *, lines: int = 1) -> None:
        """版记: at the foot of the last page, as wide as the text, between thick lines (0.35 mm) and with a thin one
        (0.25 mm) under 抄送; 4号 仿宋, one character in on both sides. Behind a turned page on a page of its own.
        ``lines``: how many 抄送 takes."""
        if self.document.sections[-1].orientation == WD_ORIENT.LANDSCAPE:
            _portrait(self.document.add_section(WD_SECTION.NEW_PAGE))
        # It takes no place itself: the box floats.
        anchor = self._paragraph("left", indent=False, line=Pt(1))
        box = foot_box(Mm(156), (lines + 1) * LINE + Pt(4))
        anchor.add_run()._r.append(box)
        named, by = self._small(copies), self._small(f"{printer}\t{printed}")
        # A wrapped line begins under the first character behind 抄送：.
        named.paragraph_format.left_indent, named.paragraph_format.first_line_indent = SIZE_4 * 4, SIZE_4 * -3
        by.paragraph_format.tab_stops.add_tab_stop(Mm(156) - SIZE_4, WD_TAB_ALIGNMENT.RIGHT)
        for paragraph in (self._rule(THICK), named, self._rule(THIN), by, self._rule(THICK)):
            box.find(f".//{qn('w:txbxContent')}").append(paragraph._p)

    def _small(self, text: str) -> Paragraph:
        """A line of 版记, one character in on both sides."""
        paragraph = self._paragraph("left", indent=False)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = SIZE_4
        put_words(paragraph, text, BODY, SIZE_4)
        return paragraph

    def _rule(self, eighths: int) -> Paragraph:
        """A line across 版记, ``eighths`` of a point thick."""
        paragraph = self._paragraph("left", indent=False, line=Pt(1))
        _rule_below(paragraph, eighths=eighths, color="000000")
        return paragraph

    def content(self) -> bytes:
        """The paper as a .docx file."""
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()

    def _paragraph(self, align: str, *, indent: bool = True, line: Pt = LINE, exact: bool = True) -> Paragraph:
        paragraph = self.document.add_paragraph()
        form = paragraph.paragraph_format
        form.alignment = ALIGN[align]
        form.first_line_indent = TWO_CHARACTERS if indent else None
        if exact:
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
        return paragraph

    def _keep_with_next(self) -> Paragraph:
        paragraph = self._paragraph("justify")
        paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def _table(self, widths_mm: Sequence[float]) -> Table:
        table = self.document.add_table(rows=0, cols=len(widths_mm))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
        return table

    def _normal_style(self) -> None:
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = DIGITS, SIZE_3
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
        form = style.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.widow_control = False  # else a page can hold 21 lines only

    def _properties(self, subject: str) -> None:
        known = self.document.core_properties
        known.title, known.author, known.comments, known.last_modified_by = subject, "", "", ""
        known.created = known.modified = CREATED
        known.language = "zh-CN"


def _portrait(section: Section) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _grid(section)


def _landscape(section: Section) -> None:
    """A page of 225 mm × 156 mm, bound at the head."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(37), Mm(35)
    section.footer_distance = Mm(14)


def _grid(section: Section) -> None:
    """22 lines; the number of the page stands 7 mm below the text."""
    section.footer_distance = Mm(23)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE_PITCH))
    section._sectPr.append(grid)


def _page_numbers(section: Section) -> None:
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        paragraph.paragraph_format.alignment = ALIGN[side]
        setattr(paragraph.paragraph_format, f"{side}_indent", SIZE_4)
        for text in ("— ", None, " —"):
            run = paragraph.add_run(text)
            set_font(run, PAGE_NUMBER, SIZE_4)
            run.font.name = PAGE_NUMBER
            if text is None:
                _field(run, "PAGE")


def _field(run: Run, code: str) -> None:
    for kind in ("begin", None, "end"):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = code
        run._r.append(element)


def _rule_below(paragraph: Paragraph, *, millimetres: float = 0, eighths: int = 12, color: str = str(RED)) -> None:
    """A line ``millimetres`` under the paragraph, as wide as the text, ``eighths`` of a point thick."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (
        ("val", "single"),
        ("sz", str(eighths)),
        ("space", str(round(millimetres * 72 / 25.4))),
        ("color", color),
    ):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc"
    )
