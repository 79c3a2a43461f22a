"""What the office's own template of a paper may name: strings, numbers and lists only."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from core.docx_layout import WordPaper
from core.templatetags.ui import cndate
from reports.documents import text_papers
from reports.documents.chapters import NUMERALS, TextPaper
from reports.documents.fields import named_fields
from reports.documents.lists import rows_of
from reports.documents.material import PeriodMaterial, author_of
from reports.domain.figures import ReportQuery

_NO_NAME = re.compile(r"\W")


def word_values(paper: TextPaper, material: PeriodMaterial, edited: Mapping[str, str]) -> dict[str, Any]:
    """{name: value} for such a paper: its parts, the paragraphs of each chapter, the figures, the tables behind it."""
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
        "活动": material.query.campaign.name,
        "期间": material.query.period.label,
    }
    tables = {}
    for annex, filled in zip(paper.annexes, parts["annexes"], strict=True):
        named[annex.title_name] = filled["title"]
        tables[annex.name] = [{name_of(head): row[key] for head, key, _ in annex.columns} for row in filled["rows"]]
    return figures | chapters | named | tables


def name_of(words: str) -> str:
    """A name the template language can read: without marks."""
    return _NO_NAME.sub("", words)


def excel_values(query: ReportQuery, key: str, label: str) -> dict[str, Any]:
    """The texts and lists of a paper, as ``core.xlsx_filler`` takes them."""
    return {
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


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        value = value.date()
    return ["day", value.isoformat()] if isinstance(value, date) else value


@cache
def sample_paper(text: TextPaper) -> bytes:
    """The product's own layout of such a paper as a template to begin with."""
    paper = WordPaper(f"{text.label}模板")
    paper.title("{{ 标题 }}")
    paper.addressee("{{ 主送机关 }}：")
    for numeral, (_, name, _) in zip(NUMERALS, text.chapters, strict=False):
        paper.level_1(f"{numeral}、{name}")
        paper.paragraph(f"{{{{ {name_of(name)} }}}}")
    titles = [f"{{{{ {annex.title_name} }}}}" for annex in text.annexes]
    if titles:
        paper.attachments(titles)
    paper.signature([*([text_papers.SIGNED] if text.is_signed else []), "{{ 署名 }}（盖章）", "{{ 日期 }}"])
    for annex, title in zip(text.annexes, titles, strict=True):
        paper.attachment("附件", title, landscape=True)
        cells = tuple(f"{{{{ 行.{name_of(head)} }}}}" for head in annex.heads)
        paper.table(annex.heads, annex.widths, cells, f"行 in {annex.name}", may_split=annex.may_split)
    return paper.content()
