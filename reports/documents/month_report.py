"""月度工作总结 (F10) as a Word paper: chapters in the official layout, with the statistics table as its annex."""

from functools import cache

from core.docx import fill
from core.docx_layout import WordPaper
from core.templatetags.ui import cndate
from reports.documents import drafts
from reports.documents.fields import fill_fields, period_fields
from reports.documents.material import PeriodMaterial, office_of
from reports.tables import unit_cell, unit_columns

COLUMNS = ("name", "sessions", "person_times", "items", "issues_found", "closed", "not_due", "overdue", "measures")
WIDTHS_MM = (15, 50, 20, 20, 20, 20, 20, 20, 20, 20)


def month_report(material: PeriodMaterial) -> bytes:
    """The paper as .docx, dated on the day its figures are judged. Same material, same bytes."""
    return fill(_template(), context(material))


def context(material: PeriodMaterial) -> dict:
    """What the template names: text, numbers and lists only."""
    fields = period_fields(material.table)
    query = material.query
    return {
        "title": f"{query.campaign.name}{query.period.label}工作总结",
        "addressee": office_of(query),
        "author": material.author,
        "day": cndate(query.as_of),
        "sections": [
            {"heading": one.heading, "paragraphs": [fill_fields(text, fields) for text in one.paragraphs]}
            for one in drafts.month_report(material)
        ],
        "statistics": f"{query.campaign.name}{query.period.label}情况统计表",
        "units": _rows(material),
    }


def _rows(material: PeriodMaterial) -> list[dict]:
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
def _template() -> bytes:
    paper = WordPaper("月度工作总结")
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
        ("序号", "单位", "活动次数", "参与人次", "体验事项", "发现问题", "已销号", "未到期", "逾期", "整改措施"),
        WIDTHS_MM,
        ("{{ row.number }}", *(f"{{{{ row.{key} }}}}" for key in COLUMNS)),
        "row in units",
    )
    return paper.content()
