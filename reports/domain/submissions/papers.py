"""The unit's own papers of a period (季度工作成果, 专项报告) as it hands them in, kept byte by byte. The only writer of
``SubmittedPaper``."""

import hashlib
from collections.abc import Mapping

from django.db.models import OuterRef, QuerySet, Subquery

from core.exceptions import Refused
from core.xlsx import filename
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.registry import Paper, basis, offered, written
from reports.domain.figures import ReportQuery
from reports.domain.paper_texts import OpenText, last_text, open_text, words_of
from reports.domain.submissions.queries import sent_parts
from reports.models import Submission, SubmittedPaper

# {paper: (name, content)}
Files = dict[str, tuple[str, bytes]]
# {basis: content} of papers that were written before the transaction that keeps them.
Prepared = Mapping[str, bytes]


def own_papers(query: ReportQuery) -> list[Paper]:
    """The papers that the rules ask of each unit itself."""
    return [paper for paper in offered(query) if paper.is_units]


def prepare(query: ReportQuery) -> Prepared:
    """Write the papers beforehand: inside the transaction that follows no child process fills a template, no photo is
    read and no file is zipped, unless the data changed meanwhile."""
    # The basis first: what changes while the paper is written does not match it within the transaction.
    return {basis(query, paper): written(query, paper) for paper in own_papers(query)}


def edited_texts(query: ReportQuery) -> list[OpenText]:
    """The unit's text of each of its papers that it edited."""
    edited = [paper.key for paper in own_papers(query) if last_text(query, paper.key)]
    return [open_text(TEXT_PAPERS[key].material(query), key) for key in edited]


def files_of(query: ReportQuery, prepared: Prepared) -> Files:
    """The papers as they are handed in: as ``prepared`` where they are still made of the same, else written now.
    Raises Refused while a text names a field that does not exist."""
    wrong = [
        f"{text.label}“{chapter}”{words_of(name, near)}"
        for text in edited_texts(query)
        for chapter, name, near in text.unknown
    ]
    if wrong:
        raise Refused(
            f"材料文字中有不能识别的字段，没有报送：{'；'.join(wrong)}。请修改文字后再报送。", rule="submission.field"
        )
    place = query.report_scope.label
    return {
        paper.key: (
            filename(query.as_of, place, f"{query.period.label}{paper.label}", paper.native),
            prepared.get(basis(query, paper)) or written(query, paper),
        )
        for paper in own_papers(query)
    }


def digests_of(files: Files) -> dict[str, str]:
    """{paper: SHA-256}."""
    return {key: hashlib.sha256(content).hexdigest() for key, (_, content) in files.items()}


def keep(submission: Submission, files: Files) -> None:
    """Keep what was handed in with the present version of the submission."""
    digests = digests_of(files)
    SubmittedPaper.objects.bulk_create(
        SubmittedPaper(
            submission=submission,
            version=submission.version,
            paper=key,
            name=name,
            content=content,
            sha256=digests[key],
        )
        for key, (name, content) in files.items()
    )


def handed_in(query: ReportQuery) -> QuerySet[SubmittedPaper]:
    """The papers of the one unit of ``query`` as it last handed them in, to each receiver, by the end of the day of
    judging; without their content."""
    [unit] = query.report_scope.departments
    rows = SubmittedPaper.objects.filter(
        submission__in=sent_parts(query.campaign, query.period, unit), submission__sent_at__date__lte=query.as_of
    )
    last = rows.filter(submission=OuterRef("submission")).order_by("-version").values("version")[:1]
    found = rows.filter(version=Subquery(last)).select_related("submission").defer("content")
    return found.order_by("submission_id", "id")


def papers_sent(submission: Submission) -> QuerySet[SubmittedPaper]:
    """The papers that were handed in last, without their content; none while nothing was."""
    last = submission.papers.order_by("-version").values("version")[:1]
    return submission.papers.filter(version__in=last).defer("content").order_by("id")
