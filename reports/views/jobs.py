"""Background jobs: how far they are, what they made, and calling them off. A job is seen by its owner only."""

from django.contrib import messages
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core import broker_state, jobs
from core.models import JobState
from issues.exports.ledger import JOB_KIND as LEDGER_EXPORT
from reports.domain.compile import KIND as SUMMARY
from reports.domain.jobfiles import Expired, has_file, open_file
from reports.domain.paper_pdf_job import KIND as PAPER_PDF
from reports.domain.queries import jobs_visible_to
from reports.domain.unit_pack_job import KIND as UNIT_PACK

# Where the job was asked for; also the place to ask again after a failure.
ASKED_AT = {
    SUMMARY: ("reports", "汇总"),
    UNIT_PACK: ("reports", "汇总"),
    PAPER_PDF: ("reports", "汇总"),
    LEDGER_EXPORT: ("issues", "问题台账"),
}
WAITING = "任务已保存，正在等待后台处理，不需要重复提交。"
HELD = "须由统筹办另一人放行，放行后自动开始，不需要重复提交。"
BROKER_DOWN = "已排队，队列恢复后开始。任务已保存，不需要重复提交。"
ELSEWHERE = ("home", "等我办")


def _mine(request, pk):
    return get_object_or_404(jobs_visible_to(request.user), pk=pk)


@require_safe
def job(request, pk):
    row = _mine(request, pk)
    context = {"job": row, "status_url": reverse("job_status", args=[row.pk]), "back": _asked_at(row)}
    context["shown"] = _status(row) | {"label": row.label, "get_state_display": row.get_state_display()}
    return render(request, "reports/job.html", context)


@require_safe
def job_status(request, pk):
    return JsonResponse(_status(_mine(request, pk)))


@require_safe
def job_file(request, pk):
    row = _mine(request, pk)
    if not has_file(row):
        raise Http404
    try:
        file = open_file(row, actor=request.user)
    except Expired:
        return render(request, "reports/expired.html", {"job": row, "back": _asked_at(row)}, status=410)
    return FileResponse(file, as_attachment=True, filename=row.file_name)


@require_POST
def job_cancel(request, pk):
    row = _mine(request, pk)
    if jobs.cancel(job=row):
        messages.success(request, f"已取消“{row.label}”，没有生成结果。")
    else:
        messages.info(request, f"“{row.label}”已经结束，未作改动。")
    return redirect("job", pk=row.pk)


def _asked_at(row) -> tuple[str, str]:
    route, label = ASKED_AT.get(row.kind, ELSEWHERE)
    return reverse(route), label


def _status(row) -> dict:
    """What static/js/job.js reads."""
    return {
        "state": row.state,
        "state_label": row.get_state_display(),
        "progress": row.progress,
        "total": row.total,
        "message": row.message or _waits_for(row),
        "result_url": reverse("job_file", args=[row.pk]) if has_file(row) else row.result_url,
        "file_name": row.file_name,
    }


def _waits_for(row) -> str:
    if row.state == JobState.HELD:
        return HELD
    if row.state != JobState.QUEUED:
        return ""
    return BROKER_DOWN if broker_state.is_down() else WAITING
