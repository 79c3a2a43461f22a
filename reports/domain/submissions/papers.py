"""The unit's own papers of a period (季度工作成果, 专项报告) as it hands them in, kept byte by byte. The only writer of
``SubmittedPaper``."""

import hashlib
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from campaigns.models import Campaign
from core.exceptions import Refused
from core.periods import Period
from core.xlsx import filename
from reports.documents.drafts import TEXT_PAPERS
from reports.documents.registry import PAPERS, Paper, offered, written
from reports.domain.figures import ReportQuery
from reports.domain.own_templates import template_in_use
from reports.domain.paper_texts import OpenText, last_text, open_text, words_of
from reports.domain.queries import ReportScope
from reports.models import Submission, SubmittedPaper, TemplateUse

# {paper: (name, content)}
Files = dict[str, tuple[str, bytes]]


def query_of_unit(
    campaign: Campaign, period: Period, unit_id: int, name: str, as_of: date, activities: Iterable[str] | None = None
) -> ReportQuery:
    """What the unit's papers say on that day, of these kinds of activity (None: all). It sees reported walks only,
    whoever asks."""
    scope = ReportScope("unit", name, None, frozenset({unit_id}))
    kinds = None if activities is None else tuple(activities)
    return ReportQuery(campaign, period, as_of, scope, activities=kinds)


def own_papers(query: ReportQuery) -> list[Paper]:
    """The papers that the rules ask of each unit itself."""
    return [paper for paper in offered(query) if paper.is_units]


def has_templates(campaign: Campaign) -> bool:
    """Whether the office uses a template of its own for a paper that units hand in."""
    keys = [paper.key for paper in PAPERS.values() if paper.is_units]
    return TemplateUse.objects.filter(campaign=campaign, paper__in=keys, template__isnull=False).exists()


def prepare(query: ReportQuery) -> None:
    """Fill the office's templates beforehand: no child process is started inside the transaction that follows."""
    for paper in own_papers(query):
        if template_in_use(query.campaign, paper.key):
            written(query, paper)


def edited_texts(query: ReportQuery) -> list[OpenText]:
    """The unit's text of each of its papers that it edited."""
    edited = [paper.key for paper in own_papers(query) if last_text(query, paper.key)]
    return [open_text(TEXT_PAPERS[key].material(query), key) for key in edited]


def files_of(query: ReportQuery) -> Files:
    """The papers as they are handed in. Raises Refused while a text names a field that does not exist."""
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
            written(query, paper),
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


def papers_sent(submission: Submission) -> QuerySet[SubmittedPaper]:
    """The papers that were handed in last, without their content; none while nothing was."""
    last = submission.papers.order_by("-version").values("version")[:1]
    return submission.papers.filter(version__in=last).defer("content").order_by("id")
