"""Publishing a period, and what was published: figures, files and what changed since."""

import io
from functools import partial

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core import audit
from core.exceptions import NotAllowed
from core.forms import refusals
from reports.documents.registry import CONTENT_TYPES, PAPERS
from reports.domain import publishing
from reports.domain.compile import period_in
from reports.domain.figures import FIGURES, ReportQuery
from reports.domain.queries import publications_visible_to
from reports.domain.submissions.lines import open_parts
from reports.forms import PublishForm
from reports.rules import may_compile
from reports.views.report_query import parse_report_query

CHANGES_SHOWN = 100
# The figures of a publication, in the order of its page.
FROZEN = (
    *("units_total", "units_walked", "units_not_reported"),
    *("sessions", "person_times", "principal_person_times", "people", "items", "item_walks"),
    *("issues_found", "fixed_on_spot", "on_ledger", "closed", "verified", "rebounds", "not_due", "overdue"),
    *("measures", "needs"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, code, period):
    query = parse_report_query(request, code, period).query
    if not may_compile(request.user, query.campaign):
        raise NotAllowed("印发由本活动的统筹办办理。", rule="publication.office")
    parts = open_parts(query.campaign, query.period, today=timezone.localdate())
    form = PublishForm(request.POST if request.method == "POST" else None, parts=parts)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made, _ = form.once(
                request.user,
                f"publish:{query.campaign.pk}:{query.period.code}",
                partial(_publish, request, query, form),
            )
            messages.success(request, f"{query.period.label}已印发第 {made} 版。")
            return redirect("published", code, period, made)
    context = {"form": form, "campaign": query.campaign, "period": query.period, "parts": parts}
    context |= {"open": publishing.still_open(query), "papers": PAPERS.values()}
    return render(request, "reports/summary/publish.html", context, status=form.status)


@require_safe
def published(request, code, period, version):
    row = _seen(request, code, period, version)
    asked = period_in(row.campaign, row.period)
    changes = publishing.changes_since(row, asked, timezone.localdate())
    context = {
        "publication": row,
        "campaign": row.campaign,
        "period": asked,
        "figures": frozen_figures(row.summary.data),
        "files": [(PAPERS[file.paper], file) for file in row.files.defer("content")],
        "versions": row.campaign.publications.filter(period=row.period).defer("rows"),
        "changes": changes[:CHANGES_SHOWN],
        "more": max(0, len(changes) - CHANGES_SHOWN),
    }
    return render(request, "reports/summary/published.html", context)


@require_safe
def published_file(request, code, period, version, kind):
    row = _seen(request, code, period, version)
    file = get_object_or_404(row.files, paper=kind)
    detail = {"period": row.period, "version": row.version, "paper": kind}
    audit.record(
        actor=request.user, action="publication.downloaded", object_type="campaign", object_key=code, detail=detail
    )
    kind_of_file = CONTENT_TYPES[PAPERS[kind].native]
    return FileResponse(
        io.BytesIO(bytes(file.content)), as_attachment=True, filename=file.name, content_type=kind_of_file
    )


def frozen_figures(data: dict) -> list[tuple]:
    """(figure, its published value) in fixed order."""
    counted = data | {"units_not_reported": len(data["units_not_reported"])}
    return [(FIGURES[key], counted[key]) for key in FROZEN]


def _publish(request, query: ReportQuery, form: PublishForm) -> int:
    """The version that stands after the press."""
    token = form.cleaned_data["named"] if form.cleaned_data.get("confirmed") else ""
    made = publishing.publish(
        campaign=query.campaign,
        period=query.period,
        actor=request.user,
        reason=form.cleaned_data["reason"],
        confirmed=token,
    )
    return made.version


def _seen(request, code, period, version):
    rows = publications_visible_to(request.user).select_related("summary", "campaign__region", "published_by")
    return get_object_or_404(rows, campaign__code=code, period=period, version=version)
