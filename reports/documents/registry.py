"""The papers of a period: which there are, through which scopes, and how each is written."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from accounts.models import User
from campaigns.domain.versions import rules_for
from core import audit
from core.exceptions import Refused
from core.export_limit import require_few
from core.office_forms import Filling
from core.pdf import to_pdf
from core.xlsx import filename
from reports.documents.chapters import TextPaper, nothing_lacking
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.lists import rectification_list, sample_workbook, three_lists
from reports.documents.material import PeriodMaterial, author_of
from reports.documents.template_values import excel_values, sample_paper, word_values
from reports.documents.text_papers import basis_of, text_paper
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.own_templates import template_in_use, with_template
from reports.domain.paper_texts import edited_text
from reports.domain.queries import ReportScope

IN_PARTS = "请选择较短的期间，或在台账页面申请导出，由统筹办另一人放行。"
WORD, EXCEL, PDF = "docx", "xlsx", "pdf"
CONTENT_TYPES = {
    WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PDF: "application/pdf",
}

# Gives the material a paper is about.
Reader = Callable[[TextPaper], PeriodMaterial]


@dataclass(frozen=True)
class Paper:
    """One kind of paper. ``native``: the kind of file it is; a PDF is made of that. ``write``: in the product's own
    layout; ``values``: what the office's own template is filled with; ``sample``: one to begin with. ``counted``: the
    figures whose rows stand in it, over all its sheets; a report states figures only and has none. ``text``: of a paper
    that is mostly text, what it is made of."""

    key: str
    label: str
    native: str
    write: Callable[[ReportQuery, Reader | None], bytes]
    values: Callable[[ReportQuery], Filling]
    sample: Callable[[ReportQuery], bytes]
    scopes: tuple[str, ...] = ("all", "lead", "unit")
    counted: tuple[str, ...] = ()
    text: TextPaper | None = None

    @property
    def kind_label(self) -> str:
        return {WORD: "Word", EXCEL: "Excel"}[self.native]

    def rows(self, query: ReportQuery) -> int:
        """How many rows of the ledger it would hold (行); one query for each of ``counted``."""
        return sum(FIGURES[key].rows(query).count() for key in self.counted)

    @property
    def is_units(self) -> bool:
        """Each unit writes its own, and hands it in."""
        return self.text is not None and self.text.is_units

    def fits(self, scope: ReportScope) -> bool:
        """Whether it can be written through this scope; a unit's own paper is of one unit."""
        return scope.kind in self.scopes and not (self.is_units and len(scope.departments) != 1)

    def lacking(self, query: ReportQuery, read: Reader | None = None) -> str:
        """In words why it cannot be written of this period; "" when it can. ``read``: see ``read_once``."""
        if self.text is None or self.text.lacking is nothing_lacking:
            return ""
        material = read(self.text) if read else self.text.material(query)
        return self.text.lacking(material, edited_text(query, self.key))

    @property
    def endings(self) -> tuple[str, str]:
        return self.native, PDF


PAPERS = {
    paper.key: paper
    for paper in (
        *(
            Paper(
                text.key,
                text.label,
                WORD,
                lambda query, read, text=text: text_paper(
                    text, read(text) if read else text.material(query), edited_text(query, text.key)
                ),
                lambda query, text=text: word_values(text, text.material(query), edited_text(query, text.key)),
                lambda query, text=text: sample_paper(text),
                scopes=text.scopes,
                counted=text.counted,
                text=text,
            )
            for text in TEXT_PAPERS.values()
        ),
        Paper(
            "three-lists",
            "三张清单",
            EXCEL,
            lambda query, read: three_lists(query, unit=author_of(query)),
            lambda query: excel_values(query, "three-lists", "三张清单"),
            lambda query: sample_workbook(query, "three-lists"),
            counted=("issues_found", "needs", "measures"),
        ),
        Paper(
            "rectification-list",
            "问题整改清单",
            EXCEL,
            lambda query, read: rectification_list(query, unit=author_of(query)),
            lambda query: excel_values(query, "rectification-list", "问题整改清单"),
            lambda query: sample_workbook(query, "rectification-list"),
            counted=("issues_found",),
        ),
    )
}


def asked(query: ReportQuery) -> list[Paper]:
    """The papers that the rules of the period ask for, in fixed order; one query."""
    _, rules = rules_for(query.campaign.pk, query.period, query.as_of)
    return [paper for paper in PAPERS.values() if paper.text is None or paper.text.asked(rules, query.period)]


def offered(query: ReportQuery) -> list[Paper]:
    """Those of them that can be written through the scope of ``query``."""
    return [paper for paper in asked(query) if paper.fits(query.report_scope)]


def read_once(query: ReportQuery) -> Reader:
    """The material of the papers of one question, each kind read once, for who writes several of them together."""
    kept: dict[Callable, PeriodMaterial] = {}

    def read(text: TextPaper) -> PeriodMaterial:
        if text.material not in kept:
            kept[text.material] = text.material(query)
        return kept[text.material]

    return read


def written(query: ReportQuery, paper: Paper, read: Reader | None = None) -> bytes:
    """The native file: in the template the office uses for the campaign, else in the product's own layout. Same data,
    same template: same bytes. Raises Refused where the template cannot be filled. The caller asked ``lacking``."""
    own = with_template(query.campaign, paper.key, paper.native, lambda: paper.values(query))
    return paper.write(query, read) if own is None else own


def basis(query: ReportQuery, paper: Paper) -> str:
    """SHA-256 over what ``written`` makes the file of, with the template in use: same basis, same bytes. No photo is
    read for it and nothing is zipped. KeyError for a paper that is not mostly text."""
    text = TEXT_PAPERS[paper.key]
    template = template_in_use(query.campaign, paper.key)
    made_of = basis_of(text, text.material(query), edited_text(query, paper.key))
    return audit.digest([paper.key, template.sha256 if template else "", made_of])


def write_paper(query: ReportQuery, key: str, ending: str, *, actor: User | None) -> tuple[IO[bytes], str]:
    """(open file at its start, name). Side effect: an audit entry naming the digest of the native file.

    Raises Refused for a paper or a kind of file that is not offered, where there is nothing to write of, for more rows
    than one person takes out at once, and when no PDF can be made here.
    """
    paper = _require_offered(query, key)
    if ending not in paper.endings:
        known = "、".join(f".{one}" for one in paper.endings)
        raise Refused(f"{paper.label}只能生成 {known} 文件。", rule="paper.ending")
    if words := paper.lacking(query):
        raise Refused(words, rule="paper.lacking")
    require_few(paper.rows(query), what=paper.label, way=IN_PARTS)
    content = written(query, paper)
    detail = {
        "paper": key,
        "period": query.period.code,
        "scope": query.report_scope.kind,
        "as_of": query.as_of.isoformat(),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    code = query.campaign.code
    audit.record(actor=actor, action="paper.written", object_type="campaign", object_key=code, detail=detail)
    sent = to_pdf(content, f".{paper.native}") if ending == PDF else content
    place = query.report_scope.label or query.campaign.region.name
    return io.BytesIO(sent), filename(query.as_of, place, f"{query.period.label}{paper.label}", ending)


def preview_of(query: ReportQuery, paper: Paper, filled: bytes, ending: str) -> tuple[IO[bytes], str]:
    """(open file at its start, name) of what an own template makes of the paper, before it is used. ``filled``: the
    native file. Raises Refused when no PDF can be made here."""
    content = to_pdf(filled, f".{paper.native}") if ending == PDF else filled
    return io.BytesIO(content), filename(query.as_of, "预览", f"{query.period.label}{paper.label}", ending)


def _require_offered(query: ReportQuery, key: str) -> Paper:
    paper = PAPERS.get(key)
    if paper is not None and paper not in asked(query):
        words = f"本活动的规则没有要求{query.period.label}的{paper.label}，没有生成。"
        raise Refused(words, rule="paper.asked")
    if paper is None or not paper.fits(query.report_scope):
        one = "这种材料由各单位报送，请写明一个单位。" if paper and paper.is_units else ""
        raise Refused(f"本范围没有这种材料。{one}", rule="paper.scope")
    return paper
