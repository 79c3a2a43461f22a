"""Word papers: what a template may do, and that the same paper is the same bytes."""

import io

import docx
import pytest
from docx.shared import Mm

from core.docx import TemplateFault, fill
from core.docx_layout import WordPaper


def template(*paragraphs: str) -> bytes:
    paper = WordPaper("试验")
    for text in paragraphs:
        paper.paragraph(text)
    return paper.content()


def text_of(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def test_text_is_put_in_as_it_is_and_the_same_paper_is_the_same_bytes():
    form = template("{{ text }}")
    content = fill(form, {"text": "甲<b>&\x00乙\ufffe{{ x }}"})
    assert text_of(content) == "甲<b>&乙\ufffd{{ x }}"
    assert fill(form, {"text": "甲<b>&\x00乙\ufffe{{ x }}"}) == content


def test_phones_and_identity_numbers_are_masked_on_paper():
    assert text_of(fill(template("{{ text }}"), {"text": "来电 138 1234 5678"})) == "来电 138 **** 5678"


def test_a_name_after_a_dot_is_a_key_and_no_method():
    assert text_of(fill(template("{{ row.items }}{{ row.keys }}"), {"row": {"items": "三", "keys": 4}})) == "三4"
    with pytest.raises(TemplateFault):
        fill(template("{{ row.values }}"), {"row": {"items": 1}})


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("{{ nobody }}", "标记无法识别"),
        ("{{ text.nobody }}", "标记无法识别"),
        ("{{ text", "标记有误"),
        ("{% for x in text %}", "标记有误"),
        ("{{ text.__class__.__mro__ }}", "无法识别"),
        ("{{ ''.__class__ }}", "无法识别"),
        ("{{ text.format.__globals__ }}", "无法识别"),
        ("{% for a in range(10 ** 9) %}{% endfor %}", "不允许使用 Call"),
        ("{{ text|safe }}", "不允许使用 safe"),
        ("{% autoescape false %}{{ text }}{% endautoescape %}", "不允许使用"),
        ("{% set x = 1 %}", "不允许使用 Assign"),
        ("{{ text.upper }}", "无法识别"),
        ("{{ text['upper'] }}", "无法识别"),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "标记"),
        ("{% include 'x' %}", "标记有误"),
    ],
)
def test_what_is_no_placeholder_is_refused_in_words(mark, said):
    with pytest.raises(TemplateFault, match=said):
        fill(template(mark), {"text": "甲"})


def test_values_with_behaviour_never_reach_a_template():
    with pytest.raises(TypeError):
        fill(template("{{ text }}"), {"text": open})


def test_the_page_is_that_of_official_papers():
    paper = WordPaper("试验")
    paper.title("题目")
    paper.paragraph("正文")
    section = docx.Document(io.BytesIO(paper.content())).sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one / Mm(1)) for one in margins] == [37, 35, 28, 26]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" in section.even_page_footer._element.xml
    assert 'w:linePitch="579"' in section._sectPr.xml
