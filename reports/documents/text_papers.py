"""月度工作总结 (F10) and 通报 (F11) in Word: chapters in the official layout, the statistics table as their annex."""

from collections.abc import Mapping
from functools import cache

from core.docx import fill
from core.docx_layout import WordPaper
from core.templatetags.ui import cndate
from reports.documents.drafts import TextPaper
from reports.documents.fields import fill_fields, named_fields
from reports.documents.material import PeriodMaterial, office_of
from reports.tables import unit_cell, unit_columns

HEADS = ("序号", "单位", "活动次数", "参与人次", "体验事项", "发现问题", "已销号", "未到期", "逾期", "整改措施")
COLUMNS = ("name", "sessions", "person_times", "items", "issues_found", "closed", "not_due", "overdue", "measures")
UNITS_ADDRESSED = "各参加单位"
WIDTHS_MM = (15, 50, 20, 20, 20, 20, 20, 20, 20, 20)


def text_paper(paper: TextPaper, material: PeriodMaterial, edited: Mapping[str, str]) -> bytes:
    """The paper as .docx, dated on the day its figures are judged. Same material and texts, same bytes.

    ``edited``: {key of a chapter: the office's text for it}; the others are drafted.
    """
    return fill(_template(paper.label), context(paper, material, edited))


def chapters(paper: TextPaper, material: PeriodMaterial, edited: Mapping[str, str]) -> list[dict]:
    """[{heading, paragraphs}] with the present figures in their places."""
    fields = named_fields(material)
    return [
        {
            "heading": one.heading,
            "paragraphs": [
                fill_fields(text, fields) for text in edited.get(one.key, one.text).split("\n") if text.strip()
            ],
        }
        for one in paper.sections(material)
    ]


def context(paper: TextPaper, material: PeriodMaterial, edited: Mapping[str, str]) -> dict:
    """What the template names: text, numbers and lists only."""
    query = material.query
    named = {"campaign": query.campaign.name, "period": query.period.label}
    return {
        "title": paper.title.format(**named),
        "addressee": office_of(query) if paper.is_report else UNITS_ADDRESSED,
        "author": material.author,
        "day": cndate(query.as_of),
        "sections": chapters(paper, material, edited),
        "statistics": f"{query.campaign.name}{query.period.label}情况统计表",
        "units": rows(material),
    }


def rows(material: PeriodMaterial) -> list[dict]:
    """The statistics table: a row for each unit, {key: value} with its ``number``, and the total."""
    columns = {column.key: column for column in unit_columns(material.table, material.query.report_scope)}
    found = []
    for number, line in enumerate([*material.table.lines, material.table.total], 1):
        values = {key: unit_cell(line, columns[key]) for key in COLUMNS}
        is_total = line is material.table.total
        found.append(
            {key: "—" if value is None else value for key, value in values.items()}
            | {"number": "" if is_total else number}
        )
    return found


@cache
def _template(label: str) -> bytes:
    paper = WordPaper(label)
    paper.title("{{ title }}")
    paper.addressee("{{ addressee }}：")
    paper.mark("{%p for section in sections %}")
    paper.level_1("{{ section.heading }}")
    paper.mark("{%p for text in section.paragraphs %}")
    paper.paragraph("{{ text }}")
    paper.mark("{%p endfor %}")
    paper.mark("{%p endfor %}")
    paper.attachments(["{{ statistics }}"])
    paper.signature(["{{ author }}（盖章）", "{{ day }}"])
    paper.attachment("附件", "{{ statistics }}", landscape=True)
    paper.table(
        HEADS,
        WIDTHS_MM,
        ("{{ row.number }}", *(f"{{{{ row.{key} }}}}" for key in COLUMNS)),
        "row in units",
    )
    return paper.content()
