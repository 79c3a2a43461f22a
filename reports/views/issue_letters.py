"""交办单 and 督办单 of an issue as Word files, for whoever may see the issue."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from issues.domain.detail import issues_to_open
from reports.documents.issue_letters import LABELS, write_issue_letter
from reports.documents.registry import CONTENT_TYPES, WORD


@require_safe
def issue_letter(request, number, kind):
    """``?slip=督办编号``: of several 督办单 this one; without it the last."""
    if kind not in LABELS:
        raise Http404
    issue = get_object_or_404(issues_to_open(request.user), number=number)
    file, name = write_issue_letter(issue, kind, WORD, actor=request.user, number=request.GET.get("slip", ""))
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[WORD])
