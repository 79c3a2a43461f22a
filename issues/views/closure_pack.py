"""销号档案: the file of one issue that was struck off, for whoever sees the issue."""

import io

from django.http import FileResponse
from django.views.decorators.http import require_safe

from issues.exports.closure_pack import pack_of
from issues.views.files import HARMLESS
from issues.views.issue import seen_issue

TYPE = "text/html; charset=utf-8"


@require_safe
def issue_pack(request, number):
    content, name = pack_of(seen_issue(request, number), request.user)
    response = FileResponse(io.BytesIO(content), as_attachment=True, filename=name, content_type=TYPE)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = HARMLESS
    return response
