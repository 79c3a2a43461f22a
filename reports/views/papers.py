"""The papers of a period as files; as PDF in the background."""

from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from reports import tasks
from reports.documents.registry import CONTENT_TYPES, PAPERS, Paper, offered, write_paper
from reports.domain import paper_pdf_job
from reports.domain.figures import ReportQuery
from reports.views.report_query import of_one_unit, parse_report_query


@require_safe
def paper(request, code, period, kind):
    query = of_one_unit(request, parse_report_query(request, code, period))
    found = _offered(query, kind)
    file, name = write_paper(query, kind, found.native, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[found.native])


@require_POST
def paper_pdf(request, code, period, kind):
    query = of_one_unit(request, parse_report_query(request, code, period))
    found = _offered(query, kind)
    job = paper_pdf_job.request(query=query, paper=found, actor=request.user, send=tasks.write_paper_pdf.delay)
    return redirect("job", pk=job.pk)


def _offered(query: ReportQuery, kind: str) -> Paper:
    """The paper when it can be written through this scope, else 404."""
    found = PAPERS.get(kind)
    if found is None or found not in offered(query):
        raise Http404
    return found
