"""Taking the ledger as a workbook: at once when it is small and masked, else as a job that a second person releases."""

import tempfile

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scope import scope_of
from core import jobs, xlsx
from core.forms import is_repeat, refusals
from core.idempotency import body_digest
from core.list_book import as_file
from core.listing import link
from issues.domain import export_release
from issues.exports import ledger as exports
from issues.exports.lists import RELEASES, write_list
from issues.forms.exports import ExportRequestForm, ReleaseForm
from issues.tables import Selection, export_columns, list_query, select
from issues.tasks import export_ledger_job

UNMASKED = "unmasked"


@require_http_methods(["GET", "POST"])
def issues_export(request):
    """The selected rows as a workbook, or the page on which a large or unmasked one is asked for."""
    selection = select(request.user, request.GET, timezone.localdate())
    total = selection.queryset.order_by().count()
    unmasked = request.GET.get(UNMASKED) == "1"
    keys = export_columns(request.user, request.GET)
    if keys is None:
        raise Http404
    if total <= exports.DIRECT_ROWS and not unmasked:
        return export_at_once(request, selection, keys)
    if export_release.region_of(request.user) is None:
        raise Http404
    form = ExportRequestForm(request.POST if request.method == "POST" else None, request=request, unmasked=unmasked)
    if request.method == "POST" and form.is_valid():
        asked = {"query": list_query(request.GET.urlencode()), "unmasked": unmasked, "columns": keys}
        # The same submit again leads to its job, waiting, released or done.
        job, _ = form.once(
            request.user,
            "ledger.export",
            lambda: ask_for_export(request.user, form, total, asked).pk,
            content=form.content() | asked,
        )
        return redirect("job", job)
    context = {"total": total, "words": selection.words(), "back_url": reverse("issues") + link(request.GET)}
    context["form_url"] = reverse("issues_export") + link(request.GET)
    context |= {"form": form, "unmasked": unmasked, "most": exports.DIRECT_ROWS}
    return render(request, "issues/ledger/export_large.html", context, status=form.status)


def export_at_once(request, selection: Selection, keys: list[str]) -> FileResponse:
    """The workbook of the selection, written while the request waits."""
    target, today = tempfile.TemporaryFile(), timezone.localdate()  # noqa: SIM115 (the response closes it)
    exports.export_selection(target, selection, request.user, today, keys=keys)
    target.seek(0)
    part = {"is_part": bool(selection.words()), "own_columns": bool(keys)}
    name = exports.file_name(exports.place_of(request.user), today, **part)
    return FileResponse(target, as_attachment=True, filename=name, content_type=xlsx.CONTENT_TYPE)


def ask_for_export(user, form: ExportRequestForm, total: int, asked: dict):
    """The job that waits for its release. ``asked``: the list's query, whether with numbers, the columns where they are
    not the annex's."""
    job = jobs.enqueue(
        kind=exports.JOB_KIND,
        label=f"导出{exports.WHAT}{'（含未遮盖号码）' if asked[UNMASKED] else ''}",
        owner=user,
        params=asked | {"rows": total, "region": export_release.region_of(user), "reason": form.cleaned_data["reason"]},
        send=export_ledger_job.delay,
        dedupe_key=f"{exports.JOB_KIND}:{user.pk}:{body_digest(asked)[:16]}",
        rights=scope_of(user).fingerprint,
        held=True,
    )
    export_release.tell_office(job=job, now=timezone.now())
    return job


@require_safe
def export_releases(request):
    """待放行: what the office's people may release, and what they asked for themselves."""
    if not scope_of(request.user).offices:
        raise Http404
    return render(request, "issues/ledger/releases.html", {"rows": list(_waiting(request.user))})


@require_safe
def export_releases_export(request):
    if not scope_of(request.user).offices:
        raise Http404
    written = write_list(RELEASES, _waiting(request.user), actor=request.user, today=timezone.localdate())
    return as_file(written)


@require_http_methods(["GET", "POST"])
def export_release_one(request, pk):
    if is_repeat(request):
        return redirect("export_releases")
    job = get_object_or_404(export_release.exports_asked_of(request.user), pk=pk)
    export_release.require_second_person(job=job, actor=request.user)
    export_release.require_held(job=job, decision=request.POST.get("decision", ""))
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            messages.success(request, _decided(request.user, job, form))
            return redirect("export_releases")
    return render(request, "issues/ledger/release.html", {"job": job, "form": form}, status=form.status)


def _waiting(user):
    """In the order in which they were asked for."""
    return export_release.releases_visible_to(user).order_by("created_at", "pk")


def _decided(user, job, form: ReleaseForm) -> str:
    asked, now = {name: form.cleaned_data[name] for name in ("decision", "reason")}, timezone.now()
    form.once(
        user, f"export.release:{job.pk}",
        lambda: export_release.decide(job=job, actor=user, send=export_ledger_job.delay, now=now, **asked),
    )  # fmt: skip
    return f"{'已放行' if asked['decision'] == export_release.RELEASED else '未予放行'}：{job.label}。"
