"""What the office's own template of a paper may name: strings, numbers and lists only."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from itertools import accumulate

from core.docx import PICTURE
from core.docx_layout import WordPaper
from core.office_forms import MOST_PICTURE_BYTES, Filling
from core.templatetags.ui import cndate
from reports.documents import text_papers
from reports.documents.chapters import NUMERALS, TextPaper
from reports.documents.fields import named_fields
from reports.documents.lists import rows_of
from reports.documents.material import PeriodMaterial, author_of
from reports.documents.walk_report import PHOTOS as PHOTOS_TITLE
from reports.documents.walk_report import pictures_of
from reports.domain.figures import ReportQuery

# The list of pictures that a template may loop over, and what a line of it holds beside ``PICTURE``.
PHOTOS, CAPTION = "照片", "说明"
_NO_NAME = re.compile(r"\W")


def word_values(paper: TextPaper, material: PeriodMaterial, edited: Mapping[str, str]) -> Filling:
    """{name: value} for such a paper: its parts, the paragraphs of each chapter, the figures, the tables behind it, and
    of a paper with pictures these."""
    parts = text_papers.context(paper, material, edited)
    figures = {name_of(name): value for name, value in named_fields(material).items()}
    chapters = {name_of(one["heading"].partition("、")[2]): one["paragraphs"] for one in parts["sections"]}
    named = {
        "标题": parts["title"],
        "主送机关": parts["addressee"],
        "署名": parts["author"],
        "日期": parts["day"],
        "发文机关标志": parts["red_head"],
        "发文字号": parts["number"],
        "抄送": parts["imprint"].get("copies", ""),
        "印发机关": parts["imprint"].get("printer", ""),
        "印发日期": parts["imprint"].get("printed", ""),
        "活动": material.query.campaign.name,
        "期间": material.query.period.label,
    }
    tables = {}
    for annex, filled in zip(paper.annexes, parts["annexes"], strict=True):
        named[annex.title_name] = filled["title"]
        tables[annex.name] = [{name_of(head): row[key] for head, key, _ in annex.columns} for row in filled["rows"]]
    values = figures | chapters | named | tables
    if not paper.has_photos:
        return Filling(values)
    pictures, told = pictures_of(*paper.photos(material))
    fitting = _fitting(pictures)
    values[PHOTOS] = [
        {PICTURE: one["name"] if one["name"] in fitting else "", CAPTION: _caption(one, pictures, fitting)}
        for one in told
    ]
    return Filling(values, fitting)


def _fitting(pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The first of them that together are no more than a form takes."""
    sizes = accumulate(len(content) for content in pictures.values())
    return {name: pictures[name] for name, size in zip(pictures, sizes, strict=True) if size <= MOST_PICTURE_BYTES}


def _caption(one: Mapping[str, str], pictures: Mapping[str, bytes], fitting: Mapping[str, bytes]) -> str:
    is_left = one["name"] in pictures and one["name"] not in fitting
    return f"{one['caption']}（照片文件较大，另附）" if is_left else one["caption"]


def name_of(words: str) -> str:
    """A name the template language can read: without marks."""
    return _NO_NAME.sub("", words)


def excel_values(query: ReportQuery, key: str, label: str) -> Filling:
    """The texts and lists of a paper, as ``core.xlsx_filler`` takes them."""
    values = {
        "texts": {
            "标题": f"{query.campaign.name}{label}（{query.period.label}）",
            "活动": query.campaign.name,
            "期间": query.period.label,
            "填报单位": author_of(query),
            "统计日": cndate(query.as_of),
        },
        "lists": [
            {
                "name": name,
                "columns": [column.header for column in columns],
                "rows": [[_cell(value) for value in row] for row in rows],
            }
            for name, columns, rows in rows_of(key, query)
        ],
    }
    return Filling(values)


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        value = value.date()
    return ["day", value.isoformat()] if isinstance(value, date) else value


@cache
def sample_paper(text: TextPaper) -> bytes:
    """The product's own layout of such a paper as a template to begin with."""
    paper = WordPaper(f"{text.label}模板")
    paper.title("{{ 标题 }}")
    paper.mark("{%p if 主送机关 %}")
    paper.addressee("{{ 主送机关 }}：")
    paper.mark("{%p endif %}")
    for numeral, (key, name, _) in zip(NUMERALS, text.chapters, strict=False):
        paper.level_1(f"{numeral}、{name}")
        # The last chapter stays on the page of the signature, so that nobody signs a page without anything else.
        paper.paragraph(f"{{{{ {name_of(name)} }}}}", is_last=key == text.chapters[-1][0])
    titles = [f"{{{{ {annex.title_name} }}}}" for annex in text.annexes] + ([PHOTOS_TITLE] if text.has_photos else [])
    if titles:
        paper.attachments(titles)
    paper.signature([*([text_papers.SIGNED] if text.is_signed else []), "{{ 署名 }}（盖章）", "{{ 日期 }}"])
    heads = [f"附件{number}" for number in range(1, len(titles) + 1)] if len(titles) > 1 else ["附件"]
    for annex, head, title in zip(text.annexes, heads, titles, strict=False):
        paper.attachment(head, title, landscape=True)
        cells = tuple(f"{{{{ 行.{name_of(head)} }}}}" for head in annex.heads)
        rows = f"行 in {annex.name}"
        paper.table(annex.heads, annex.widths, cells, rows, may_split=annex.may_split, foot=annex.note)
    if text.has_photos:
        paper.attachment(heads[-1], PHOTOS_TITLE)
        _put_photos(paper)
    return paper.content()


def _put_photos(paper: WordPaper) -> None:
    """The pictures with their captions; of one that is not at hand the caption alone."""
    paper.mark(f"{{%p for 张 in {PHOTOS} %}}")
    paper.mark(f"{{%p if 张.{PICTURE} %}}")
    paper.picture(f"{{{{ 张.{PICTURE} }}}}", f"{{{{ 张.{CAPTION} }}}}")
    paper.mark("{%p else %}")
    paper.paragraph(f"{{{{ 张.{CAPTION} }}}}")
    paper.mark("{%p endif %}")
    paper.mark("{%p endfor %}")
