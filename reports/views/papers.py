"""The papers of a period as files."""

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from reports.documents.registry import CONTENT_TYPES, PAPERS, offered, write_paper
from reports.views.report_query import of_one_unit, parse_report_query


@require_safe
def paper(request, code, period, kind):
    query = of_one_unit(request, parse_report_query(request, code, period))
    found = PAPERS.get(kind)
    if found is None or found not in offered(query):
        raise Http404
    file, name = write_paper(query, kind, found.native, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[found.native])
