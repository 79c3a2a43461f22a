"""版记 (GB/T 9704-2012, 7.4) at the end of what the office issues or sends on."""

import io
from dataclasses import replace

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from core.docx_fonts import LINE
from core.docx_layout import WordPaper
from reports.documents.criticism import CRITICISM, PROPOSAL
from reports.documents.drafts import BULLETIN, MONTH_REPORT, TEXT_PAPERS
from reports.documents.material import period_material
from reports.documents.template_values import word_values
from reports.documents.text_papers import context, text_paper
from reports.domain.compile import period_in
from reports.domain.figures import ReportQuery
from reports.domain.queries import SYSTEM
from reports.tests.world import AS_OF

BOX = qn("w:txbxContent")
COPIES = {"copies": "县委办公室、县人大常委会办公室"}


@pytest.fixture
def material(world):
    campaign = world.cast.campaign
    return period_material(ReportQuery(campaign, period_in(campaign, "2022-06"), AS_OF, SYSTEM))


def opened(content: bytes):
    return docx.Document(io.BytesIO(content))


def imprint_of(document) -> list[Paragraph]:
    """The paragraphs of the box, its lines left out."""
    boxed = [Paragraph(found, document) for found in document.element.body.iterfind(f".//{BOX}/{qn('w:p')}")]
    return [paragraph for paragraph in boxed if paragraph.text]


def test_it_stands_at_the_end_where_the_office_names_who_else_gets_the_paper(material):
    other = COPIES | {"printer": "县政府办公室", "printed": "2022年6月26日"}
    for texts, said in ((COPIES, "县营商办\t2022年6月25日印发"), (other, "县政府办公室\t2022年6月26日印发")):
        paper = opened(text_paper(BULLETIN, material, texts))
        found = [paragraph.text for paragraph in imprint_of(paper)]
        assert found == ["抄送：县委办公室、县人大常委会办公室。", said]
    turned = [section.orientation == WD_ORIENT.LANDSCAPE for section in paper.sections]
    assert turned == [False, True, False], "behind a table across the page it has a page of its own"
    assert imprint_of(opened(text_paper(BULLETIN, material, {}))) == []


def test_a_paper_is_not_addressed_to_who_writes_it(material):
    """工作总结 of the whole campaign is the office's own; a receiving unit sends its part to the office."""
    assert context(MONTH_REPORT, material, {})["addressee"] == ""
    assert "县营商办：" not in [one.text for one in opened(text_paper(MONTH_REPORT, material, {})).paragraphs]
    part = replace(material, author="县行政审批局")
    assert "县营商办：" in [one.text for one in opened(text_paper(MONTH_REPORT, part, {})).paragraphs]


def test_after_the_whole_of_a_campaign_nothing_is_put_off_to_a_next_period(material):
    whole = replace(material, query=replace(material.query, period=period_in(material.query.campaign, "all")))
    for given, said in ((material, "下期内"), (whole, "限期内")):
        assert said in str(context(BULLETIN, given, {})["sections"])


def test_which_papers_have_it():
    assert {key for key, paper in TEXT_PAPERS.items() if paper.has_imprint} == {
        paper.key for paper in (MONTH_REPORT, BULLETIN, CRITICISM, PROPOSAL)
    }


def test_its_lines_and_place_are_those_of_the_standard():
    paper = WordPaper("试验")
    paper.imprint("抄送：甲。", "乙", "2022年6月22日印发", lines=2)
    [anchor] = opened(paper.content()).element.body.iterfind(f".//{qn('wp:anchor')}")
    place = anchor.find(qn("wp:positionV"))
    assert (place.get("relativeFrom"), place[0].text) == ("margin", "bottom")
    lines = [line.get(qn("w:sz")) for line in anchor.iterfind(f".//{qn('w:pBdr')}/{qn('w:bottom')}")]
    assert lines == ["8", "6", "8"], "eighths of a point: 0.35 mm and 0.25 mm"
    assert {size.get(qn("w:val")) for size in anchor.iterfind(f".//{qn('w:sz')}")} == {"28"}, "4号"
    assert int(anchor.find(qn("wp:extent")).get("cx")) == Mm(156)
    assert int(anchor.find(qn("wp:extent")).get("cy")) > 3 * LINE


def test_an_own_template_may_name_it(material):
    values = word_values(BULLETIN, material, COPIES).values
    assert [values[name] for name in ("抄送", "印发机关", "印发日期")] == [
        "县委办公室、县人大常委会办公室。", "县营商办", "2022年6月25日印发",
    ]  # fmt: skip
    assert word_values(BULLETIN, material, {}).values["印发机关"] == ""
