"""Publishing a period, and what was published: figures and files."""

import io
from datetime import date

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core import audit
from core.exceptions import NotAllowed
from core.forms import refusals
from reports.documents.registry import CONTENT_TYPES, PAPERS
from reports.domain import comparison as comparing
from reports.domain import publishing
from reports.domain.figures import ReportQuery
from reports.domain.public_sheet.queries import places_of_publication
from reports.domain.queries import publications_visible_to
from reports.domain.submissions.lines import open_parts
from reports.forms.publishing import PublishForm
from reports.models import Publication
from reports.rules import may_compile
from reports.views.report_query import parse_report_query


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, code, period):
    query = parse_report_query(request, code, period).query
    if not may_compile(request.user, query.campaign):
        raise NotAllowed("印发由本活动的统筹办办理。", rule="publication.office")
    last = publishing.last_of(query.campaign, query.period)
    parts = open_parts(query.campaign, query.period, today=timezone.localdate())
    # A correction may be judged on a later day than the version it replaces: what came in since then counts in it.
    day = query.as_of if last and request.GET.get("as_of") else None
    data = request.POST if request.method == "POST" else None
    form = PublishForm(data, parts=parts, last=last.version if last else 0)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            made = _publish(request, query, form, day)
            return redirect("published", code, period, made)
    said = publishing.said_of(last, last.published_by) if last else ""
    context = _before(query, day) | {"form": form, "parts": parts, "last": said, "day": day}
    context["today"] = timezone.localdate()
    context["closed"] = publishing.of_another(request.user, query.campaign) or context["too_early"]
    if form.is_bound:
        form.untick(named=parts.token, numbers=context["numbers"])
    return render(request, "reports/summary/publish.html", context, status=form.status)


def _before(query: ReportQuery, day: date | None) -> dict:
    """What the page of publishing shows of what would go out."""
    asked = publishing.question(query.campaign, query.period, as_of=day)
    texts = publishing.texts_to_publish(asked)
    return {
        "campaign": query.campaign,
        "period": query.period,
        "as_of": asked.as_of,
        "too_early": publishing.too_early(asked, timezone.localdate()),
        "changed_earlier": comparing.changed_earlier(asked),
        "open": publishing.still_open(asked),
        "papers": publishing.papers_of(asked),
        "texts": texts,
        "numbers": publishing.numbers_token(texts),
    }


def _publish(request, query: ReportQuery, form: PublishForm, day: date | None) -> int:
    """Publish once, say which version it is and whether it is a new one; returns the version."""
    seen = form.cleaned_data["version"]

    def act() -> int:
        token = form.cleaned_data["named"] if form.cleaned_data.get("confirmed") else ""
        given = {"actor": request.user, "reason": form.cleaned_data["reason"], "seen": seen, "confirmed": token}
        given |= {"numbers": form.confirmed_numbers, "as_of": day}
        return publishing.publish(campaign=query.campaign, period=query.period, **given).version

    # The child that fills an own template must not be started inside the transaction of ``once``.
    publishing.prepare(publishing.question(query.campaign, query.period, as_of=day))
    made = int(form.once(request.user, f"publish:{query.campaign.pk}:{query.period.code}", act)[0])
    if made == seen:
        messages.info(request, f"内容与已印发的第 {made} 版相同，没有另成一版。")
    else:
        messages.success(request, f"{query.period.label}已印发第 {made} 版。")
    return made


@require_safe
def published(request, code, period, version):
    seen = publications_visible_to(request.user).filter(campaign__code=code).defer("rows", "names", "public")
    versions = list(seen.select_related("summary", "campaign__region", "published_by"))
    row = next((one for one in versions if (one.period, one.version) == (period, version)), None)
    if row is None:
        raise Http404
    context = {
        "publication": row,
        "campaign": row.campaign,
        "period": row.asked,
        "figures": comparing.frozen_figures(row.summary.data),
        "zero": comparing.frozen_zero(row.summary.data),
        "files": [(PAPERS[file.paper], file) for file in row.files.defer("content")],
        "versions": [one for one in versions if one.period == row.period],
        "others": [one for one in versions if one != row],
        "places": places_of_publication(request.user, row),
    }
    return render(request, "reports/summary/published.html", context)


@require_safe
def published_file(request, code, period, version, kind):
    row = publication_seen(request, code, period, version)
    file = get_object_or_404(row.files, paper=kind)
    detail = {"period": row.period, "version": row.version, "paper": kind}
    audit.record(
        actor=request.user, action="publication.downloaded", object_type="campaign", object_key=code, detail=detail
    )
    kind_of_file = CONTENT_TYPES[PAPERS[kind].native]
    return FileResponse(
        io.BytesIO(bytes(file.content)), as_attachment=True, filename=file.name, content_type=kind_of_file
    )


def publication_seen(request, code, period, version) -> Publication:
    """The published version of the address; 404 for one that this person does not see."""
    rows = publications_visible_to(request.user).select_related("summary", "campaign__region", "published_by")
    return get_object_or_404(rows, campaign__code=code, period=period, version=version)
