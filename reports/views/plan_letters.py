"""备案 of a plan and 报备 of a row as letters, for whoever may see the plan."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from plans.domain.queries import plans_visible_to, rows_of
from reports.documents.plan_letters import NAMED, write_filing, write_notice
from reports.documents.registry import CONTENT_TYPES, WORD


@require_safe
def plan_letter(request, pk):
    plan = get_object_or_404(plans_visible_to(request.user).select_related(*NAMED), pk=pk)
    return _sent(*write_filing(plan, WORD, actor=request.user))


@require_safe
def plan_notice_letter(request, pk, row_id):
    plan = get_object_or_404(plans_visible_to(request.user).select_related(*NAMED), pk=pk)
    row = get_object_or_404(rows_of(plan).select_related("item__department"), pk=row_id)
    row.plan = plan
    return _sent(*write_notice(row, WORD, actor=request.user))


def _sent(file, name: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[WORD])
